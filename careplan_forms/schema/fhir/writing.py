"""Writing a form document as a FHIR R4 Questionnaire, every item accounted for.

A form that was brought in goes out as it came wherever nothing was changed here; of what was changed or is new, FHIR
is told what it has words for, and the rest travels under extensions of ours (`urls.OURS`) and comes back as it went.
"""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.fhir import ours, translations
from careplan_forms.schema.fhir.layout import Layout, lay_out
from careplan_forms.schema.fhir.report import ExportReport, ExportResult
from careplan_forms.schema.fhir.urls import FORM
from careplan_forms.schema.fhir.write_element import Tools, name_of
from careplan_forms.schema.fhir.write_items import ItemWriter
from careplan_forms.schema.fhir.write_options import value_set
from careplan_forms.schema.fhir.write_rules import RuleWriter
from careplan_forms.schema.fhir.write_types import fhir_type

JSONDict = dict[str, Any]

_FIRST = ("resourceType", "id", "meta", "extension", "url", "version", "name", "title", "_title", "status", "language")
_STATUSES = ("draft", "active", "retired", "unknown")


def export_questionnaire(
    document: Mapping[str, Any], *, version: int | None = None, status: str = "draft", date: str = ""
) -> ExportResult:
    """The Questionnaire of a document and the report on it.

    `version` is the number of the form version, so that `url|version` names exactly these bytes; `status` one of
    FHIR's publication statuses; `date` when it was signed off (ISO). Raises DocumentError when the document cannot be
    read at all.
    """
    if status not in _STATUSES:
        raise ValueError(f"A Questionnaire is one of {', '.join(_STATUSES)}")
    layout = lay_out(document)
    report = ExportReport(title=str(layout.document["title"]))
    contained = _Contained(layout)
    types = {name_of(place): fhir_type(place) for place in layout.walk()}
    writer = ItemWriter(Tools(layout, types, RuleWriter(layout, types), contained.reference))
    items = [writer.element(place, f"item[{number}]") for number, place in enumerate(layout.roots)]
    head = _head(layout, version, status, date)
    resources = contained.resources()
    if resources:
        head["contained"] = resources
    report.items = writer.lines
    report.canonical = "|".join(filter(None, [head.get("url"), head.get("version")]))
    known = {key: head[key] for key in _FIRST if key in head}
    return ExportResult(known | head | {"item": items}, report)


def _head(layout: Layout, version: int | None, status: str, date: str) -> JSONDict:
    document, came = layout.document, layout.came
    head = {key: value for key, value in layout.source.items() if key not in ("item", "contained")}
    head |= {"resourceType": "Questionnaire", "status": status}
    for key in ("url", "title"):
        if came is None or document[key] != came[key]:
            head[key] = document[key]
    if not head.get("url"):
        head.pop("url", None)
    if came is None or document["purpose"] != came["purpose"]:
        head["purpose"] = document["purpose"]
    if came is None or document["language"] != came["language"]:
        head["language"] = document["language"]
    if came is None or document["translations"] != came["translations"]:
        translations.rewritten(head, "title", document["translations"], "title")
        name = "purpose" if head.get("purpose") else "description"
        translations.rewritten(head, name, document["translations"], "purpose")
    if version is not None:
        head["version"] = str(version)
    if date:
        head["date"] = date
    head.pop("id", None)
    if came is None:
        head["extension"] = [ours.extension(FORM, {"key": document["key"]})]
        head["name"] = "".join(part.capitalize() for part in document["key"].split("-"))[:255]
    return {key: value for key, value in head.items() if value not in ("", None)}


class _Contained:
    """The resources inside the form: those that came along, and the value sets of ours that questions name."""

    def __init__(self, layout: Layout) -> None:
        raw = layout.source.get("contained")
        self.layout = layout
        self.brought = [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []
        self.made: dict[str, JSONDict] = {}

    def reference(self, key: str) -> str:
        """The reference to one of our value sets, which from now on travels inside the form."""
        if key not in self.made:
            taken = [str(each.get("id")) for each in (*self.brought, *self.made.values())]
            self.made[key] = value_set(key, self.layout.document["value_sets"][key], taken)
        return f"#{self.made[key]['id']}"

    def resources(self) -> list[JSONDict]:
        """Everything contained."""
        return [*self.brought, *self.made.values()]
