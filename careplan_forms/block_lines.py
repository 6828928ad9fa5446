"""Codes and slot values as the section editor shows them: one a line."""

from typing import Any

JSONDict = dict[str, Any]


def codes_in(lines: str) -> list[JSONDict]:
    """Codes written one a line: `system|code|words`."""
    rows = [[part.strip() for part in line.split("|", 2)] for line in lines.splitlines() if line.strip()]
    return [{"system": each[0], "code": each[1], "display": each[2] if each[2:] else ""} for each in rows if each[1:]]


def slot_values_in(lines: str) -> dict[str, str]:
    pairs = [line.partition("=") for line in lines.splitlines() if "=" in line]
    return {answer.strip(): token.strip() for answer, _, token in pairs}


def code_lines(codes: Any) -> str:
    """Codes one a line; nothing when a line could not say them, so that they are kept as they are."""
    rows = [each if isinstance(each, dict) else {} for each in codes] if isinstance(codes, list) else []
    if not all(row.get("system") and row.get("code") for row in rows):
        return ""
    parts = [[str(row.get(key) or "") for key in ("system", "code", "display")] for row in rows]
    return "\n".join("|".join(each).rstrip("|") for each in parts)


def slot_lines(values: Any) -> str:
    pairs = list(values.items()) if isinstance(values, dict) else []
    if not all(str(answer).strip() and str(token or "").strip() for answer, token in pairs):
        return ""
    return "\n".join(f"{answer} = {token}" for answer, token in pairs)
