"""Which of our item types each FHIR item type becomes, and what is said when the two are not the same."""

from careplan_forms.schema.fhir.elements import extension_value, item_control
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.tree import Node

GROUP, REPEAT, GUIDANCE = "group", "repeat", "guidance"
CODED = frozenset({"choice", "choices"})
#: Types whose answer is a list, so that a question of theirs repeats by itself.
SEVERAL = ("choices", "attachment")

_SAME = {
    "boolean": "yes_no",
    "decimal": "number",
    "integer": "number",
    "quantity": "number",
    "date": "date",
    "attachment": "attachment",
    "string": "text",
    "text": "long_text",
    "choice": "choice",
    "open-choice": "choice",
}
_NEAREST = {
    "dateTime": ("date", "a date with a time: the date is asked, the time of day is not"),
    "time": ("text", "a time of day is asked as text"),
    "url": ("text", "a web address is asked as text"),
    "question": ("text", "it is a question of no stated type and is asked as text"),
    "reference": ("text", "a link to another record is asked as text"),
    "coding": ("choice", "“coding” is the name a later FHIR release uses for a choice"),
}


def our_type(node: Node, has_options: bool) -> str:
    """The item type this node becomes; every change of meaning is noted in its line of the report."""
    kind = node.type
    if kind == "group":
        return _group(node)
    if kind == "display":
        return GUIDANCE
    if has_options:
        return _coded(node, kind)
    if kind in ("choice", "open-choice", "coding"):
        node.outcome.note(Outcome.MAPPED, "a choice whose answers the form does not bring along is asked as text")
        return "text"
    if kind in _SAME:
        return "long_text" if kind == "string" and item_control(node) == "text-area" else _SAME[kind]
    if kind in _NEAREST:
        return _nearest(node, kind)
    return _unknown(node, kind)


def _group(node: Node) -> str:
    if node.children:
        return REPEAT if node.repeats else GROUP
    node.outcome.note(Outcome.MAPPED, "a group without items is shown as guidance")
    return GUIDANCE


def _coded(node: Node, kind: str) -> str:
    if kind not in ("choice", "open-choice", "coding"):
        node.outcome.note(Outcome.MAPPED, f"a {kind or 'typeless'} question with listed answers is asked as a choice")
    elif kind == "coding":
        node.outcome.note(Outcome.MAPPED, _NEAREST["coding"][1])
    return "choices" if node.repeats else "choice"


def _nearest(node: Node, kind: str) -> str:
    if kind == "reference":
        targets = [as_text(value) for value in [extension_value(node, "referenceResource")] if value]
        targets += [as_text(value) for value in [extension_value(node, "allowedResource")] if value]
        if targets == ["Organization"]:
            node.outcome.note(Outcome.MAPPED, "a link to an organisation is asked as an organisation")
            return "organisation"
    became, reason = _NEAREST[kind]
    node.outcome.note(Outcome.MAPPED, reason)
    return became


def _unknown(node: Node, kind: str) -> str:
    said = f"its type “{kind[:40]}” is not a FHIR R4 item type" if kind else "it has no type"
    if node.children:
        node.outcome.note(Outcome.MAPPED, f"{said}; it holds items, so it is a group here")
        return _group(node)
    node.outcome.note(Outcome.MAPPED, f"{said}; it is asked as text")
    return "text"
