"""Reading somebody else's form: a FHIR R4 Questionnaire becomes a draft document, every item accounted for.

Rules of the translation (each departure is named in the report, item by item):

* The top level becomes pages. A group there has a page of its own; what stands loose between groups shares
  one. A page holds at most forty items; a longer group is spread over several.
* Groups stay groups down to six levels of them; deeper ones give up their frame, not their items.
* A question that may be answered several times becomes a repeat of it; a repeating choice, tick boxes.
* Items under a question follow it and are shown only when it is. Help texts under a question become its hint.
* `enableWhen` becomes a rule. Formulas (FHIRPath, CQL) are never run: kept as they are, the item always shown.
* Everything not read is kept word for word in `residue`, so that exporting the form loses nothing.
"""

from typing import Any

from careplan_forms.schema.fhir.conditions import Conditions
from careplan_forms.schema.fhir.elements import short_name
from careplan_forms.schema.fhir.items import Conversion
from careplan_forms.schema.fhir.report import ImportReport, ImportResult, Outcome
from careplan_forms.schema.fhir.sections import SectionPlan
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES, Unreadable, load
from careplan_forms.schema.fhir.text import as_text, plain, shorten, slug
from careplan_forms.schema.fhir.tree import Node, build
from careplan_forms.schema.fhir.valuesets import ContainedValueSets

URN = "urn:foreword:imported:"
_READ = frozenset({"resourceType", "url", "title", "item", "language", "description", "name"})
_NOT_RUN = {
    "launchContext": "the form is filled in from a record where it comes from; here it starts empty",
    "variable": "the form sets variables for formulas, which are not run here",
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
        questionnaire = load(raw, max_bytes)
        document = _read(questionnaire, report)
    except Unreadable as reason:
        report.refusal = str(reason)
        return ImportResult(None, report)
    return ImportResult(document, report)


def _read(questionnaire: dict[str, Any], report: ImportReport) -> dict[str, Any]:
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
    Conditions(tuple(nodes), conversion.value_sets, report).apply()
    _refuse_unplaced(nodes)
    return {
        "schema_version": 1,
        "key": key,
        "url": url,
        "title": title,
        "purpose": shorten(plain(questionnaire.get("purpose") or questionnaire.get("description"))[0], 2000),
        "language": as_text(questionnaire.get("language")).strip() or "en",
        "value_sets": conversion.value_sets,
        "sections": _sections(SectionPlan(key, title, canonical, nodes), items),
        "residue": _residue(questionnaire, report),
    }


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
    for candidate in (plain(questionnaire.get("name"))[0], title, as_text(questionnaire.get("id"))):
        if key := slug(candidate, 50):
            return key
    return "imported-form"


def _residue(questionnaire: dict[str, Any], report: ImportReport) -> dict[str, Any]:
    """The form's own elements that have no place in our document, word for word."""
    kept = {key: value for key, value in questionnaire.items() if key not in _READ}
    for name in ("name", "description"):
        if name in questionnaire:
            kept[name] = questionnaire[name]
    if not questionnaire.get("status"):
        report.note("The form does not say whether it is a draft or in use; it is imported as a draft.")
    elif questionnaire.get("status") in ("retired", "unknown"):
        report.note(f"The form is marked {questionnaire['status']} where it comes from; it is imported as a draft.")
    if "modifierExtension" in questionnaire:
        report.note("The form carries an extension that may change its meaning; a person must check it.")
    raw = questionnaire.get("extension")
    for extension in raw if isinstance(raw, list) else []:
        name = short_name(extension.get("url")) if isinstance(extension, dict) else ""
        if name in _NOT_RUN:
            report.note(f"Kept but not executed: {_NOT_RUN[name]} ({name}).")
    if kept:
        report.note(f"Kept word for word and not used here: {', '.join(sorted(kept))}.")
    return kept


def _refuse_unplaced(nodes: list[Node]) -> None:
    for node in nodes:
        if node.item is None:
            node.outcome.note(Outcome.REFUSED, "it stands under an item that cannot hold items")
