"""From the bytes of a file to a clean JSON object, or one sentence that says why not.

Everything that could break a later step is dealt with here: encodings, numbers no database holds,
characters that PostgreSQL refuses, nesting deep enough to exhaust the interpreter.
"""

import json
import math
from typing import Any

from careplan_forms.schema.fhir.text import clean_text

DEFAULT_MAX_BYTES = 5 * 1024 * 1024
MAX_JSON_DEPTH = 200
MAX_NODES = 400_000


class Unreadable(ValueError):
    """The file cannot be imported; the message is a sentence for the person who brought it."""


def load(
    raw: bytes | bytearray | dict[str, Any], max_bytes: int = DEFAULT_MAX_BYTES, kind: str = "Questionnaire"
) -> dict[str, Any]:
    """Return the resource of a kind as plain JSON types.

    ``raw`` is the content of a file or an already parsed object; ``max_bytes`` limits the former.
    Raises ``Unreadable`` for anything that is not one FHIR resource of that kind.
    """
    value = plain_json(raw, max_bytes)
    _check_resource_type(value, kind)
    return value


def plain_json(raw: bytes | bytearray | dict[str, Any], max_bytes: int = DEFAULT_MAX_BYTES) -> dict[str, Any]:
    """One JSON object that is neither too large nor too deep, cleaned. Raises ``Unreadable``."""
    value: Any = raw
    if isinstance(raw, (bytes, bytearray)):
        value = _parse(bytes(raw), max_bytes)
    if not isinstance(value, dict):
        raise Unreadable("The file is JSON, but not a FHIR resource: it must hold one object. Export the form again.")
    _check_shape(value)
    cleaned: dict[str, Any] = _clean(value)
    return cleaned


def _parse(raw: bytes, max_bytes: int) -> Any:
    if len(raw) > max_bytes:
        most = f"{max_bytes / 1_048_576:.3g} MB"
        raise Unreadable(f"The file is larger than {most}, the most a form may have. Split it and import the parts.")
    if not raw.strip():
        raise Unreadable("The file is empty. Choose a FHIR Questionnaire saved as JSON.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The file is not UTF-8 text. Save it as JSON in UTF-8 and try again.") from None
    if text.lstrip().startswith("<"):
        raise Unreadable("The file is XML or a web page. Choose the Questionnaire saved as JSON.")
    try:
        return json.loads(text, parse_float=_finite, parse_constant=_no_constant, object_pairs_hook=_once_each)
    except Unreadable:
        raise
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The file is not valid JSON: it breaks off at line {error.lineno}. Export the form again."
        ) from None
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None
    except ValueError:
        raise Unreadable("The file holds a number that JSON does not allow. Correct it and try again.") from None


_TOO_DEEP = "The file is nested too deeply to be a form. Check that it is a FHIR Questionnaire."


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are each said once: of one said twice JSON keeps the last, and questions would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = clean_text(next(name for name in names if names.count(name) > 1))[:40]
        raise Unreadable(f"The file says “{twice}” twice in one place, so one of them would be lost. Take one away.")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("number out of range")
    return value


def _no_constant(_text: str) -> float:
    raise ValueError("not a JSON number")


def _check_shape(value: Any) -> None:
    """Bound depth and size without recursion, before anything walks the object."""
    stack = [(value, 1)]
    seen = 0
    while stack:
        node, depth = stack.pop()
        seen += 1
        if depth > MAX_JSON_DEPTH:
            raise Unreadable(_TOO_DEEP)
        if seen > MAX_NODES:
            raise Unreadable("The file holds more data than a form can. Check that it is a FHIR Questionnaire.")
        if isinstance(node, dict):
            stack.extend((child, depth + 1) for child in node.values())
        elif isinstance(node, list):
            stack.extend((child, depth + 1) for child in node)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {clean_text(str(key)): _clean(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_clean(child) for child in value]
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _check_resource_type(value: dict[str, Any], wanted: str) -> None:
    kind = value.get("resourceType")
    if kind == wanted:
        return
    if isinstance(kind, str) and kind:
        raise Unreadable(f"The file holds the resource {kind[:40]}, not a {wanted}. Choose the form itself.")
    raise Unreadable(f"The file is JSON, but it does not say that it is a FHIR {wanted} (resourceType is missing).")
