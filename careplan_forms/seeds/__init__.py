"""The form Foreword ships with, as data: JSON files that a clinical lead could have made in the designer.

`urgent_care_plan/` holds the form (one file for its head, one for each page) and `value_sets/` one file for each
list of coded answers, versioned on its own; `test_cases/` one file for each form. Wording is ours; the codes are those
of the standards each value set names under `source`.
"""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_FORM = _HERE / "urgent_care_plan"
_VALUE_SETS = _HERE / "value_sets"
_TEST_CASES = _HERE / "test_cases"

URGENT_CARE_PLAN = "urgent-care-plan"


def urgent_care_plan() -> dict[str, Any]:
    """The canonical document of the "Urgent care plan", with the value sets it uses.

    Built anew on each call, so that a caller may change what it gets.
    """
    document = _load(_FORM / "form.json")
    document["sections"] = [_load(_FORM / f"{key}.json") for key in document["sections"]]
    used = sorted({key for section in document["sections"] for key in _value_set_keys(section["items"])})
    document["value_sets"] = {key: value_set(key) for key in used}
    return document


def test_cases_of(key: str) -> list[dict[str, Any]]:
    """The test cases that come with a form, in the shape of `careplan_forms.schema.cases`; none for other forms."""
    path = _TEST_CASES / f"{key}.json"
    return _load(path)["cases"] if path in _TEST_CASES.glob("*.json") else []


def value_set(key: str) -> dict[str, Any]:
    """One value set: key, version, title, source and options of id, code, system, display, status, replaced_by.

    Raises KeyError for a key that is not shipped.
    """
    path = _VALUE_SETS / f"{key}.json"
    if key not in value_set_keys():
        raise KeyError(key)
    return _load(path)


def value_set_keys() -> list[str]:
    """The keys of all value sets shipped, those used outside the form (place of death) included."""
    return sorted(path.stem for path in _VALUE_SETS.glob("*.json"))


def _value_set_keys(items: list[dict[str, Any]]) -> list[str]:
    keys = [item["value_set"] for item in items if item.get("value_set")]
    return keys + [key for item in items for key in _value_set_keys(item.get("items", []))]


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
