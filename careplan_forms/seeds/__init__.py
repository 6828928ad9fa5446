"""The forms Foreword ships with, as data: JSON files that a clinical lead could have made in the designer.

`forms/` holds one document for each form, `test_cases/` one file of test cases for each, under the same name;
`value_sets/` one file for each list of coded answers, versioned on its own and shared between the forms. A form is
shipped by being there: nothing in the code names one. Wording is ours; the codes are those of the standards each
value set names under `source`.
"""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_FORMS = _HERE / "forms"
_VALUE_SETS = _HERE / "value_sets"
_TEST_CASES = _HERE / "test_cases"


def form_keys() -> list[str]:
    """The keys of all forms shipped, sorted."""
    return _names(_FORMS)


def form(key: str) -> dict[str, Any]:
    """The canonical document of a form, with the value sets it uses.

    Built anew on each call, so that a caller may change what it gets. Raises KeyError for a form that is not shipped.
    """
    document = _load(_FORMS, key)
    used = sorted({name for section in document["sections"] for name in _value_set_keys(section["items"])})
    document["value_sets"] = {name: value_set(name) for name in used}
    return document


def test_cases_of(key: str) -> list[dict[str, Any]]:
    """The test cases that come with a form, in the shape of `careplan_forms.schema.cases`; none for other forms."""
    return _load(_TEST_CASES, key)["cases"] if key in _names(_TEST_CASES) else []


def value_set(key: str) -> dict[str, Any]:
    """One value set: key, version, title, source and options of id, code, system, display, status, replaced_by.

    Raises KeyError for a key that is not shipped.
    """
    return _load(_VALUE_SETS, key)


def value_set_keys() -> list[str]:
    """The keys of all value sets shipped, those used outside the forms (place of death) included."""
    return _names(_VALUE_SETS)


def _value_set_keys(items: list[dict[str, Any]]) -> list[str]:
    keys = [item["value_set"] for item in items if item.get("value_set")]
    return keys + [key for item in items for key in _value_set_keys(item.get("items", []))]


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.json"))


def _load(folder: Path, name: str) -> dict[str, Any]:
    if name not in _names(folder):
        raise KeyError(name)
    loaded: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return loaded
