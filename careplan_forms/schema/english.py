"""Rules read out in plain English, for approvers and for people filling in a form."""

from collections.abc import Mapping
from typing import Any

from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.items.base import is_absent
from careplan_forms.schema.items.choice import option_of
from careplan_forms.schema.items.kinds import CALCULATED, NUMBERS
from careplan_forms.schema.model import Form, Item, read, walk
from careplan_forms.schema.registry import answer_type
from careplan_forms.schema.rules import MAX_DEPTH
from careplan_forms.schema.wording import absent_label

_WORDS = {
    "=": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_DATE_WORDS = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}


def to_english(rule: Any, document: Mapping[str, Any] | Form) -> str:
    """A rule as a sentence part: `“CPR decision” is “Modified CPR” and “Reviewed” is answered`."""
    form = document if isinstance(document, Form) else read(document)
    items = {item.uid: item for section in form.sections for item in walk(section.items)}
    return rule_in_words(rule, items)


def rule_in_words(rule: Any, items: Mapping[str, Item]) -> str:
    """`to_english` for items already read; malformed parts are named as such."""
    return _words(rule, items, 0, "") if rule else "always"


def _words(rule: Any, items: Mapping[str, Item], depth: int, inside: str) -> str:
    if not isinstance(rule, Mapping) or depth > MAX_DEPTH:
        return "(a rule that cannot be read)"
    for key, joint, empty in (("all", " and ", "always"), ("any", " or ", "never")):
        if isinstance(rule.get(key), list | tuple):
            parts = [_words(each, items, depth + 1, key) for each in rule[key]]
            joined = joint.join(parts) if parts else empty
            return f"({joined})" if inside not in ("", key) and len(parts) > 1 else joined
    if "not" in rule:
        return f"it is not so that {_words(rule['not'], items, depth + 1, 'not')}"
    return _condition(rule, items)


def item_name(uid: Any, items: Mapping[str, Item]) -> str:
    """A question as sentences name it."""
    item = items.get(uid) if isinstance(uid, str) else None
    return f"“{item.label or item.link_id or item.uid}”" if item else f"a question that is not in this form ({uid})"


def _condition(rule: Mapping[str, Any], items: Mapping[str, Item]) -> str:
    uid, operator, value = rule.get("item"), rule.get("op"), rule.get("value")
    item = items.get(uid) if isinstance(uid, str) else None
    name = item_name(uid, items)
    if operator == "exists":
        return f"{name} is answered" if value is True else f"{name} is not answered"
    if operator == "in" and isinstance(value, list | tuple):
        listed = [_value(each, item) for each in value]
        return (
            f"{name} is one of {', '.join(listed)}" if len(listed) > 1 else f"{name} is {''.join(listed) or 'nothing'}"
        )
    words = _DATE_WORDS if item is not None and item.type == "date" else {}
    said = words.get(str(operator)) or _WORDS.get(str(operator)) or f"{operator} (unknown comparison)"
    return f"{name} {said} {_value(value, item)}"


def _value(value: Any, item: Item | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_absent(value):
        return f"“{absent_label(value['absent'])}”"
    if isinstance(value, Mapping) and "value" in value:
        return " ".join(str(part) for part in (value["value"], value.get("unit")) if part or part == 0)
    if item is None:
        return str(value)
    option = option_of(item, value if isinstance(value, Mapping) else {"code": value})
    if option:
        return f"“{option.display}”"
    kind = answer_type(item.type)
    if item.type == "date" and kind:
        return kind.text(item, value)
    numeric = item.type in NUMBERS or (item.type in CALCULATED and decimal_of(value) is not None)
    return f"{value} {item.unit}".strip() if numeric else f"“{value}”"
