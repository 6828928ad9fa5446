"""Bringing a form in, whatever it is written in: a FHIR Questionnaire, a PRSB dataset, or our own document."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from careplan_forms.schema.document import DocumentError, normalise
from careplan_forms.schema.document_schema import faults
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.report import ImportReport, ImportResult, ItemOutcome, Outcome
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES, Unreadable, plain_json
from careplan_forms.schema.fhir.tree import MAX_ITEMS
from careplan_forms.schema.linter import lint
from careplan_forms.schema.prsb.dataset import is_dataset, read_dataset

JSONDict = dict[str, Any]
Format = Literal["auto", "fhir", "prsb", "foreword"]

FORMATS: dict[str, str] = {
    "auto": "Find out from the file",
    "fhir": "FHIR R4 Questionnaire",
    "prsb": "PRSB dataset",
    "foreword": "Foreword form document",
}
_MOST_FAULTS = 5


def read_form(raw: bytes | JSONDict, format: Format = "auto", max_bytes: int = DEFAULT_MAX_BYTES) -> ImportResult:
    """Read a form in one of `FORMATS`; never raises for what the file holds.

    The result has no document when the file was refused; `report.refusal` then says why in one sentence.
    """
    if format == "auto":
        try:
            raw = plain_json(raw, max_bytes)
        except Unreadable as reason:
            return ImportResult(None, ImportReport(refusal=str(reason)))
        format = "prsb" if is_dataset(raw) else "foreword" if _is_document(raw) else "fhir"
    readers = {"fhir": read_questionnaire, "prsb": read_dataset, "foreword": read_document}
    return readers[format](raw, max_bytes)


def read_document(raw: bytes | JSONDict, max_bytes: int = DEFAULT_MAX_BYTES) -> ImportResult:
    """Read a form document of our own: its shape by JSON Schema, its faults by the linter."""
    report = ImportReport()
    try:
        value = plain_json(raw, max_bytes)
        if not _is_document(value):
            raise Unreadable("The file is JSON, but not a Foreword form document: it has no sections.")
        document = normalise(value)
        wrong = faults(document)
        if wrong:
            more = f", and {len(wrong) - _MOST_FAULTS} more" if len(wrong) > _MOST_FAULTS else ""
            raise Unreadable(f"The form document has the wrong shape at {'; '.join(wrong[:_MOST_FAULTS])}{more}.")
        items = list(_items(document))
        if len(items) > MAX_ITEMS:
            raise Unreadable(f"The form has more than {MAX_ITEMS:,} items. Split it and import the parts.")
    except (Unreadable, DocumentError) as reason:
        report.refusal = str(reason)
        return ImportResult(None, report)
    report.title, report.canonical = document["title"], document["url"]
    _account(report, document, items)
    return ImportResult(document, report)


def _account(report: ImportReport, document: JSONDict, items: list[tuple[str, JSONDict]]) -> None:
    lines = {}
    for path, item in items:
        line = ItemOutcome(path, item["link_id"], item["link_id"], item["type"], item["type"])
        lines[item["uid"]] = line
        report.items.append(line)
    for found in lint(document):
        line_of = lines.get(found.uid)
        if line_of is None:
            report.note(found.message)
        elif found.severity == "error":
            line_of.note(Outcome.MAPPED, f"to be mended before it is published: {found.message}")


def _is_document(value: Any) -> bool:
    return isinstance(value, Mapping) and "resourceType" not in value and "sections" in value


def _items(document: JSONDict) -> Iterator[tuple[str, JSONDict]]:
    pending = [
        (f"sections[{number}].items[{place}]", item)
        for number, section in enumerate(document["sections"])
        for place, item in enumerate(section["items"])
    ]
    while pending:
        path, item = pending.pop(0)
        yield path, item
        pending[:0] = [(f"{path}.items[{place}]", each) for place, each in enumerate(item["items"])]
