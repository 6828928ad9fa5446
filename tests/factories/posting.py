"""A StreamField's editor as a browser would post it, made from the rows as they are stored."""

from typing import Any


def stream(prefix: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of a stream or a list whose rows stand under `prefix`."""
    data: dict[str, Any] = {f"{prefix}-count": str(len(rows))}
    for index, row in enumerate(rows):
        at = f"{prefix}-{index}"
        data |= {
            f"{at}-type": row["type"],
            f"{at}-order": str(index),
            f"{at}-deleted": "",
            f"{at}-id": row.get("id") or "",
        }
        data |= _fields(f"{at}-value", row["value"])
    return data


def _fields(prefix: str, value: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, each in value.items():
        at = f"{prefix}-{name}"
        if isinstance(each, list):
            data |= stream(at, each)
        elif isinstance(each, dict):
            data |= _fields(at, each)
        elif isinstance(each, bool):
            data |= {at: "on"} if each else {}
        else:
            data[at] = "" if each is None else each
    return data
