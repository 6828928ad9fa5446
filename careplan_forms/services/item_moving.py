"""Moving an item of a form to another of its sections. It stays the same item: uid, name, comments, words, rules."""

from typing import Any

from django.db import transaction

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition, FormSection
from careplan_forms.schema.findings import Finding
from careplan_forms.schema.linter import lint
from careplan_forms.selectors.form_drafts import document_of, draft_of, places_of, section_in_work, stream_in
from careplan_forms.selectors.item_places import Place, check_movable, place_of, targets_of
from careplan_forms.services.form_drafts import save_draft
from careplan_forms.services.sign_off import locked
from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit

JSONDict = dict[str, Any]


@transaction.atomic
def move_item(*, definition: FormDefinition, uid: str, section: int, after: str = "", by: Actor) -> FormSection:
    """Put an item, and all it holds, into another section of its form: behind the top-level item `after`, or first.

    Returns that section. Raises Refused when the section cannot take it, when rules would look ahead or at nothing
    because of it, when a form that shares only one of the two sections would lose or gain it, and for a section
    somebody else locked.
    """
    design_permissions.check_user_can_edit(by, definition)
    locked(definition)
    place = place_of(definition, uid)
    check_movable(place)
    target = next((each for each in targets_of(definition, place) if each.section.pk == section), None)
    if target is None or (after and after not in dict(target.items)):
        raise Refused("Choose where it goes", "to")
    if target.obstacle:
        raise Refused(target.obstacle, "to")
    source, taking = section_in_work(place.section.pk), section_in_work(section)
    for row in (source, taking):
        _check_open(row, by)
    forms = _check_forms(source, taking)
    before = {each.pk: _faults(each) for each in forms}
    _carry(place, source, taking, after, User.objects.filter(pk=by.user_id).first())
    for each in forms:
        _check_rules(_faults(each) - before[each.pk])
    detail = {"from": source.key[:60], "to": taking.key[:60]}
    audit.record(by=by, action="form.item_moved", target=definition, detail=detail)
    return target.section


def _check_open(row: FormSection, by: Actor) -> None:
    if not design_permissions.user_can_edit(by, row):
        raise Refused(f"“{row.title}” also stands in another form, so a clinical lead has to do this")
    if row.locked and row.locked_by_id != by.user_id:
        raise Refused(f"“{row.title}” is locked by a colleague. Ask them to unlock it first")


def _check_forms(source: FormSection, target: FormSection) -> list[FormDefinition]:
    """The forms both sections stand in; none may have only one of them."""
    here, there = ({each.pk: each for each in places_of(row)} for row in (source, target))
    for pk in here.keys() ^ there.keys():
        lone, row = (here[pk], source) if pk in here else (there[pk], target)
        raise Refused(f"“{row.title}” also stands in the form “{lone.title}”, which has no part of the other section")
    return list(here.values())


def _faults(definition: FormDefinition) -> set[tuple[str, str, str]]:
    """What the checks say of rules, and whatever would stop the form: (uid, section, sentence)."""
    return {(each.uid, each.section, each.message) for each in lint(document_of(definition)) if _weighs(each)}


def _weighs(found: Finding) -> bool:
    return found.severity == "error" or found.code.startswith(("rule-", "required-if-"))


def _check_rules(fresh: set[tuple[str, str, str]]) -> None:
    if fresh:
        said = " ".join(sorted(sentence for _, _, sentence in fresh))
        raise Refused(f"It cannot stand there. {said} Change this first", "to")


def _carry(place: Place, source: FormSection, target: FormSection, after: str, author: User | None) -> None:
    giving, taking = draft_of(source), draft_of(target)
    left = _without(stream_in(giving, "items"), place.block["id"])
    stream = stream_in(taking, "items")
    at = next((number + 1 for number, each in enumerate(stream) if each["id"] == after), 0)
    setattr(giving, "items", left)  # noqa: B010 - a StreamField takes plain values
    setattr(taking, "items", [*stream[:at], place.block, *stream[at:]])  # noqa: B010
    giving.translations, gone = _parted(giving.translations, place.uids)
    taking.translations = {
        language: taking.translations.get(language, {}) | gone.get(language, {})
        for language in sorted({*taking.translations, *gone})
    }
    save_draft(giving, author)
    save_draft(taking, author)


def _without(stream: list[JSONDict], uid: str) -> list[JSONDict]:
    kept = []
    for block in stream:
        if block["id"] != uid:
            inner = block["value"].get("items")
            value = block["value"] | ({"items": _without(inner, uid)} if inner else {})
            kept.append(block | {"value": value})
    return kept


def _parted(translations: JSONDict, uids: set[str]) -> tuple[JSONDict, JSONDict]:
    """Words by language and place (`<uid>/…`): those that stay, and those that go with some items."""
    stay: JSONDict = {}
    go: JSONDict = {}
    for language, places in translations.items():
        for name, words in places.items():
            part = go if name.partition("/")[0] in uids and "/" in name else stay
            part.setdefault(language, {})[name] = words
    return stay, go
