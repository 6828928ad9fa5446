"""Test cases of a form as data: what a file of them holds, read with a sentence for whatever is wrong."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import jsonschema_rs

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.model import Item

AUDIENCES = ("clinician", "patient")
MOST_CASES = 500
_MOST_FAULTS = 20


class CaseError(ValueError):
    """A file of test cases cannot be read; `faults` says why, each fault a sentence with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Case:
    """Answers, who looks at them and on what day; and what must come of it.

    `answers` and `expects` name items by uid or by link_id. `role` is empty for whoever may see everything.
    """

    key: str
    title: str
    today: datetime.date
    role: str = ""
    audience: str = "clinician"
    answers: Mapping[str, Any] = field(default_factory=dict)
    expects: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The case as it stands in a file."""
        return asdict(self) | {"today": self.today.isoformat()}


def read_cases(data: Any) -> list[Case]:
    """The cases of a file: `{"cases": [...]}` or the list alone. Raises CaseError."""
    rows = data.get("cases", data.get("test_cases")) if isinstance(data, Mapping) else data
    faults = []
    for fault in _validator().iter_errors(rows):
        place = "/".join(str(part) for part in fault.instance_path) or "the file"
        faults.append(f"{place}: {str(fault.message)[:200]}")
        if len(faults) == _MOST_FAULTS:
            break
    if faults:
        raise CaseError(faults)
    cases = [_case(row) for row in rows]
    keys = [case.key for case in cases]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise CaseError([f"More than one case has the key “{key}”." for key in twice])
    return cases


def cases_schema() -> dict[str, Any]:
    """JSON Schema of a list of test cases."""
    names = {"type": "array", "items": {"type": "string", "maxLength": 300}, "uniqueItems": True}
    expects: dict[str, Any] = dict.fromkeys(("visible", "hidden", "required", "optional"), names)
    expects |= {"errors": names, "warnings": names, "complete": {"type": "boolean"}}
    expects |= {"values": {"type": "object"}, "slots": {"type": "object"}}
    case = {
        "type": "object",
        "properties": {
            "key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,99}$"},
            "title": {"type": "string", "minLength": 1, "maxLength": 200},
            "role": {"type": "string", "maxLength": 40},
            "audience": {"enum": list(AUDIENCES)},
            "today": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "answers": {"type": "object"},
            "expects": {"type": "object", "properties": expects, "additionalProperties": False},
        },
        "required": ["key", "title", "today"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Test cases of a form",
        "type": "array",
        "maxItems": MOST_CASES,
        "items": case,
    }


class Names:
    """What the items of one form may be called in a case: by uid, or by a link_id that only one of them has."""

    def __init__(self, form: CompiledForm) -> None:
        self._form = form
        links: dict[str, list[str]] = {}
        for uid, item in form.items.items():
            links.setdefault(item.item.link_id, []).append(uid)
        self._links = {link: uids[0] for link, uids in links.items() if link and len(uids) == 1}
        self._kept = {uid: item for uid, item in form.plain_items.items() if uid not in form.items}

    def kept_back(self, name: str) -> Item | None:
        """The named item, when the form has it and whoever looks may not see it."""
        found = self._kept.get(name)
        return found or next((item for item in self._kept.values() if item.link_id == name != ""), None)

    def uid(self, name: str) -> str | None:
        """The uid of a named item; None when the form has none of that name."""
        return name if name in self._form.items else self._links.get(name)

    def item(self, name: str) -> CompiledItem | None:
        """The named item."""
        uid = self.uid(name)
        return self._form.items[uid] if uid else None

    def split(self, name: str) -> tuple[str | None, str]:
        """`item/code` as the item's uid and the code; the code is empty when the whole names an item."""
        uid = self.uid(name)
        if uid is not None:
            return uid, ""
        head, _, code = name.rpartition("/")
        return (self.uid(head), code) if head else (None, "")

    def answers(self, answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The answers keyed by uid, entries of repeats too, and the names that are not in the form."""
        unknown: list[str] = []
        return self._translated(answers, unknown), list(dict.fromkeys(unknown))

    def _translated(self, answers: Mapping[str, Any], unknown: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in answers.items():
            item = self.item(name) if isinstance(name, str) else None
            kept = self.kept_back(name) if isinstance(name, str) and item is None else None
            if name == "id":
                found[name] = value
            elif kept is not None:
                # Somebody else's answer: it decides what is shown, and what stands in it is named by uid.
                found[kept.uid] = value
            elif item is None or not item.answerable:
                unknown.append(str(name))
            elif item.is_repeat and isinstance(value, list):
                found[item.uid] = [
                    self._translated(each, unknown) if isinstance(each, Mapping) else each for each in value
                ]
            else:
                found[item.uid] = value
        return found


def _case(row: Mapping[str, Any]) -> Case:
    try:
        day = datetime.date.fromisoformat(row["today"])
    except ValueError:
        raise CaseError([f"{row['key']}: “{row['today']}” is not a real date."]) from None
    return Case(**(dict(row) | {"today": day}))


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(cases_schema())
