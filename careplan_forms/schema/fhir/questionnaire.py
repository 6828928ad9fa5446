"""Reading somebody else's form: a FHIR R4 Questionnaire becomes a draft document, every item accounted for.

Rules of the translation (each departure is named in the report, item by item):

* The top level becomes pages. A group there has a page of its own; what stands loose between groups shares
  one. A page holds at most forty items; a longer group is spread over several.
* Groups stay groups down to six levels of them; deeper ones give up their frame, not their items.
* A question that may be answered several times becomes a repeat of it; a repeating choice, tick boxes.
* Items under a question follow it and are shown only when it is. Help texts under a question become its hint.
* `enableWhen` becomes a rule, and so does a FHIRPath formula that says no more than a rule can. Other formulas are
  never run: kept as they are, the item always shown, and the form not to be published before a person decided.
* Everything not read is kept word for word in `residue`, of the item and of the form, so that exporting the form
  loses nothing.
"""

from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.fhir import fills, ours, role_limits, translations
from careplan_forms.schema.fhir.conditions import Conditions
from careplan_forms.schema.fhir.elements import short_name
from careplan_forms.schema.fhir.formulas import variables_of
from careplan_forms.schema.fhir.items import Conversion
from careplan_forms.schema.fhir.report import ImportReport, ImportResult, Outcome
from careplan_forms.schema.fhir.sections import SectionPlan
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES, Unreadable, load
from careplan_forms.schema.fhir.text import as_text, plain, shorten, slug
from careplan_forms.schema.fhir.tree import Node, build
from careplan_forms.schema.fhir.urls import FORM
from careplan_forms.schema.fhir.valuesets import ContainedValueSets

URN = "urn:foreword:imported:"
_READ = frozenset({"resourceType", "url", "title", "item", "language", "description", "name"})
_NOT_RUN = {
    "launchContext": "the form is filled in from a record where it comes from; here it starts empty",
    "cqf-library": "the form uses a library of formulas, which are not run here",
    "library": "the form uses a library of formulas, which are not run here",
    "targetStructureMap": "its answers are turned into other records where it comes from; not here",
    "sourceStructureMap": "the form is filled in from a record where it comes from; here it starts empty",
    "sourceQueries": "the form is filled in from a record where it comes from; here it starts empty",
    "constraint": "a check over the whole form is not run here",
    "targetConstraint": "a check over the whole form is not run here",
}


def read_questionnaire(raw: bytes | dict[str, Any], max_bytes: int = DEFAULT_MAX_BYTES) -> ImportResult:
    """Read one Questionnaire; never raises for what the file holds.

    ``raw`` is the file's content or the parsed object. The result has no document when the file was refused;
    ``report.refusal`` then says why in one sentence.
    """
    report = ImportReport()
    try:
        return ImportResult(reading_of(load(raw, max_bytes), report).document, report)
    except Unreadable as reason:
        report.refusal = str(reason)
        return ImportResult(None, report)


@dataclass(frozen=True)
class Reading:
    """What was read, with every item of the source beside what it became; `nodes` by uid, in document order."""

    document: dict[str, Any]
    nodes: dict[str, Node]


def reading_of(questionnaire: dict[str, Any], report: ImportReport) -> Reading:
    """Read a clean Questionnaire (see `source.load`). Raises Unreadable."""
    title = _title(questionnaire, report)
    key = _key(questionnaire, title)
    url = as_text(questionnaire.get("url")).strip()
    canonical = url or f"{URN}{key}"
    report.title, report.canonical = (
        title,
        "|".join(filter(None, [url, as_text(questionnaire.get("version"))])),
    )
    roots = build(questionnaire, canonical, report)
    if not roots:
        raise Unreadable("The Questionnaire has no items that can be read, so there is nothing to import.")
    conversion = Conversion(canonical, ContainedValueSets(questionnaire))
    items = [item for root in roots for item in conversion.convert(root)]
    nodes = [node for root in roots for node in root.walk()]
    _finish(questionnaire, nodes, conversion)
    document = {
        "schema_version": 1,
        "key": key,
        "url": url,
        "title": title,
        "purpose": shorten(plain(questionnaire.get("purpose") or questionnaire.get("description"))[0], 2000),
        "language": as_text(questionnaire.get("language")).strip() or "en",
        "value_sets": conversion.value_sets,
        "sections": _sections(SectionPlan(key, title, canonical, nodes), items),
        "translations": translations.of_form(questionnaire),
        "residue": _residue(questionnaire, report),
    }
    return Reading(document, {node.uid: node for node in nodes})


def _finish(questionnaire: dict[str, Any], nodes: list[Node], conversion: Conversion) -> None:
    """Whatever of an item depends on other items, once all of them are there."""
    variables = variables_of([each for each in _extensions(questionnaire) if short_name(each.get("url")) == "variable"])
    conditions = Conditions(tuple(nodes), conversion.value_sets, variables)
    conditions.apply()
    fills.fill_from_record(nodes)
    fills.calculate(nodes, conditions)
    ours.bring_back(nodes)
    role_limits.bring_back(nodes)
    _refuse_unplaced(nodes)


def _sections(plan: SectionPlan, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for item in items:
        plan.add(item)
    plan.flush()
    return plan.sections


def _title(questionnaire: dict[str, Any], report: ImportReport) -> str:
    for name in ("title", "name", "id"):
        text = plain(questionnaire.get(name))[0]
        if text:
            return shorten(text, 200)
    report.note("The form has no title; it is called “Imported form”.")
    return "Imported form"


def _key(questionnaire: dict[str, Any], title: str) -> str:
    own = as_text(ours.value_of(questionnaire, FORM).get("key"))
    for candidate in (own, plain(questionnaire.get("name"))[0], title, as_text(questionnaire.get("id"))):
        if key := slug(candidate, 100 if candidate == own else 50):
            return key
    return "imported-form"


def _residue(questionnaire: dict[str, Any], report: ImportReport) -> dict[str, Any]:
    """The whole form as it came, word for word: what an export goes back to wherever nothing was changed here."""
    kept = sorted({key for key in questionnaire if key not in _READ})
    if not questionnaire.get("status"):
        report.note("The form does not say whether it is a draft or in use; it is imported as a draft.")
    elif questionnaire.get("status") in ("retired", "unknown"):
        report.note(f"The form is marked {questionnaire['status']} where it comes from; it is imported as a draft.")
    if "modifierExtension" in questionnaire:
        report.note("The form carries an extension that may change its meaning; a person must check it.")
    for extension in _extensions(questionnaire):
        name = short_name(extension.get("url"))
        if name in _NOT_RUN:
            report.note(f"Kept but not executed: {_NOT_RUN[name]} ({name}).")
    if kept:
        report.note(f"Kept word for word and not used here: {', '.join(kept)}.")
    return {key: value for key, value in questionnaire.items() if key != "resourceType"}


def _extensions(questionnaire: dict[str, Any]) -> list[dict[str, Any]]:
    raw = questionnaire.get("extension")
    return [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []


def _refuse_unplaced(nodes: list[Node]) -> None:
    for node in nodes:
        if node.item is None:
            node.outcome.note(Outcome.REFUSED, "it stands under an item that cannot hold items")
