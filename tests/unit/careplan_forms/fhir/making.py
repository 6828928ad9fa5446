"""Small Questionnaires written for these tests."""

import json
from typing import Any

from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.report import ImportResult, ItemOutcome

ITEM_CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def form(*items: Any, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Questionnaire",
        "url": "https://example.org/form",
        "title": "A form",
        "status": "active",
        "item": list(items),
        **more,
    }


def question(link_id: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": kind, "text": f"Question {link_id}", **more}


def read(*items: Any, **more: Any) -> ImportResult:
    return read_questionnaire(json.dumps(form(*items, **more)).encode())


def items_in(result: ImportResult) -> dict[str, dict[str, Any]]:
    """Every item of the document, by link id."""
    found: dict[str, dict[str, Any]] = {}
    pending = [item for section in result.document["sections"] for item in section["items"]]
    while pending:
        item = pending.pop(0)
        found[item["link_id"]] = item
        pending = item.get("items", []) + pending
    return found


def item(result: ImportResult, link_id: str) -> dict[str, Any]:
    return items_in(result)[link_id]


def line(result: ImportResult, link_id: str) -> ItemOutcome:
    return next(each for each in result.report.items if each.link_id == link_id)


def coding(code: str, display: str = "", system: str = "https://example.org/codes") -> dict[str, Any]:
    return {"system": system, "code": code, "display": display or code}


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"valueCoding": coding(code)} for code in codes]


def extension(url: str, **value: Any) -> dict[str, Any]:
    return {"url": url, **value}


def control(code: str) -> dict[str, Any]:
    return extension(ITEM_CONTROL, valueCodeableConcept={"coding": [{"code": code}]})
