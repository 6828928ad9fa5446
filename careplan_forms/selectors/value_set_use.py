"""Where a list of answers is used, and by how many plans each of its options."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from careplan_forms.models import AnswerFact, FormDefinition, FormSection, FormVersion, ValueSet
from careplan_forms.selectors.form_drafts import draft_of, places_of, stream_in, value_set_in
from core.exceptions import Absent

JSONDict = dict[str, Any]
#: The projection keeps so many characters of a code.
_CODE_KEPT = AnswerFact._meta.get_field("code").max_length


@dataclass(frozen=True, slots=True)
class Place:
    """A question that offers a list of answers."""

    forms: tuple[str, ...]
    section: str
    question: str


@dataclass(frozen=True, slots=True)
class OptionUse:
    """An option and how many plans have it as an approved answer; `published` when a signed-off form offers it."""

    display: str
    code: str
    system: str
    retired: bool
    retired_on: str
    replaced_by: str
    plans: int
    published: bool


def value_set_by_key(key: str) -> ValueSet:
    """A list of answers with its newest revision. Raises Absent."""
    found = ValueSet.objects.select_related("latest_revision").filter(key=key).first()
    if found is None:
        raise Absent
    return found


def published_options(key: str) -> dict[str, JSONDict]:
    """The options a list has in any version of any form, newest last: id → option."""
    found: dict[str, JSONDict] = {}
    for document in _documents(key):
        found |= {each["id"]: each for each in document["value_sets"][key]["options"]}
    return found


def options_in_use(value_set: ValueSet) -> list[OptionUse]:
    """Every option of the draft with the number of plans; one query over the facts of approved answers."""
    options = value_set_in(draft_of(value_set))["options"]
    published = published_options(value_set.key)
    plans = _plans_by_code(_uids_using(value_set.key))
    named = {each["id"]: each["display"] for each in options}
    return [
        OptionUse(
            display=each["display"],
            code=each["code"],
            system=each["system"],
            retired=each["status"] == "retired",
            retired_on=each["retired_on"] or "",
            replaced_by=named.get(each["replaced_by"] or "", ""),
            plans=plans.get(each["code"][:_CODE_KEPT], 0),
            published=each["id"] in published,
        )
        for each in options
    ]


def places_using(value_set: ValueSet) -> list[Place]:
    """The questions of all drafts that offer this list, with the forms their sections stand in."""
    found = []
    for row in FormSection.objects.select_related("latest_revision"):
        draft = draft_of(row)
        asked = list(_asking(stream_in(draft, "items"), value_set.key))
        forms = tuple(form.title for form in _forms(row)) if asked else ()
        found += [Place(forms, draft.title, label) for label in asked]
    return found


def _forms(section: FormSection) -> Iterable[FormDefinition]:
    return places_of(section)


def _asking(stream: list[JSONDict], key: str) -> Iterator[str]:
    for block in stream:
        if block["value"].get("value_set") == key:
            yield block["value"].get("label") or "A question without wording"
        yield from _asking(block["value"].get("items") or [], key)


def _documents(key: str) -> Iterator[JSONDict]:
    versions = FormVersion.objects.filter(document__value_sets__has_key=key).order_by("published_at", "pk")
    yield from versions.values_list("document", flat=True).iterator(chunk_size=20)


def _uids_using(key: str) -> set[str]:
    """The questions of all versions of all forms that offer a list; what system a code is of follows from these."""
    found: set[str] = set()
    pending = [item for document in _documents(key) for each in document["sections"] for item in each["items"]]
    while pending:
        item = pending.pop()
        if item["value_set"] == key:
            found.add(item["uid"])
        pending += item["items"]
    return found


def _plans_by_code(uids: set[str]) -> dict[str, int]:
    facts = AnswerFact.objects.filter(item_uid__in=uids).exclude(code="").values("code").order_by()
    return {row["code"]: row["plans"] for row in facts.annotate(plans=Count("plan", distinct=True))}
