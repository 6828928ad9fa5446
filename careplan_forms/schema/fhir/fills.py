"""Formulas that fill an item in: from the person's record (`initialExpression`), or calculated."""

import re
from collections.abc import Iterable
from typing import Any

from careplan_forms.schema.fhir.calculations import Calculations
from careplan_forms.schema.fhir.conditions import Conditions, by_link_ids
from careplan_forms.schema.fhir.elements import extension_value
from careplan_forms.schema.fhir.expressions import NotFHIRPath, parsed
from careplan_forms.schema.fhir.formulas import Formulas, is_fhirpath
from careplan_forms.schema.fhir.paths import NotRunnable
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.tree import Node

# What a form of another system asks of the person's record, by the last members of the path.
_RECORD = {
    "name.family": "patient.family_name",
    "name.given": "patient.given_names",
    "birthDate": "patient.date_of_birth",
    "gender": "patient.sex",
    "address.postalCode": "patient.postcode",
    "telecom.value": "patient.phone",
    "identifier.value": "patient.nhs_number",
}
_NHS_NUMBER = "fhir.nhs.uk/Id/nhs-number"
_NOISE = re.compile(r"\.first\(\)|\.single\(\)|\[0\]|\.where\([^()]*\)|\.select\(|\)$|\s")


def fill_from_record(nodes: Iterable[Node]) -> None:
    """Turn what is filled in from the person's record into our own filling in; name the rest in the report."""
    for node in nodes:
        expression = extension_value(node, "initialExpression")
        if not isinstance(expression, dict) or not node.item:
            continue
        path = record_path(as_text(expression.get("expression")))
        if path:
            node.item["prefill"] = path
            node.outcome.note(Outcome.MAPPED, f"what is known of the person is offered as its answer ({path})")
            continue
        node.outcome.note(
            Outcome.NOT_EXECUTED,
            "it is filled in from a record where it comes from; here it starts empty (initialExpression)",
        )


def record_path(expression: str) -> str:
    """Our name of what `%patient.…` asks for, empty when it is nothing we know."""
    if not expression.startswith("%patient."):
        return ""
    members = _NOISE.sub("", expression.removeprefix("%patient."))
    if members == "identifier.value" and _NHS_NUMBER not in expression:
        return ""
    if members == "telecom.value" and not re.search(r"system\s*=\s*'phone'", expression):
        return ""
    return _RECORD.get(members, "")


def calculate(nodes: Iterable[Node], conditions: Conditions) -> None:
    """Turn what is calculated into calculations of ours; what says more than they can is typed, and named."""
    nodes = tuple(nodes)
    by_link_id = by_link_ids(nodes)
    for node in nodes:
        expression = extension_value(node, "calculatedExpression")
        if not isinstance(expression, dict) or not node.item:
            continue
        try:
            found = _calculation(node, expression, conditions, by_link_id)
        except (NotFHIRPath, NotRunnable, RecursionError) as reason:
            said = "it is nested too deeply" if isinstance(reason, RecursionError) else str(reason)
            node.outcome.note(
                Outcome.NOT_EXECUTED,
                f"its value is calculated where it comes from; here it is typed: {said} (calculatedExpression)",
            )
            continue
        for name in ("min", "max", "max_length", "required", "precision"):
            node.item.pop(name, None)
        node.item |= {"type": "calculated", "calculation": found}
        node.outcome.became = "calculated"
        node.outcome.note(Outcome.MAPPED, "its value is calculated here too")


def _calculation(
    node: Node, expression: dict[str, Any], conditions: Conditions, by_link_id: dict[str, Node]
) -> dict[str, Any]:
    item = node.item or {}
    if item["type"] not in ("number", "text", "long_text", "date", "yes_no") or node.holder:
        raise NotRunnable("an answer of its kind cannot be calculated")
    if not is_fhirpath(expression):
        raise NotRunnable(f"it is written in {as_text(expression.get('language'))[:40]}")
    formulas = Formulas(conditions.paths(node, by_link_id), conditions.value)
    found = Calculations(formulas).calculation(parsed(as_text(expression.get("expression"))))
    if node in formulas.used:
        raise NotRunnable("it asks about itself")
    return found
