"""Who may see, change and must answer an item: FHIR has no word for it, so it is told under an extension of ours.

Each role of a limit is a coding of our own list of roles; a limit that is nobody's has the code `nobody`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from careplan_forms.schema.fhir.report import ItemOutcome, Outcome
from careplan_forms.schema.fhir.text import as_text
from careplan_forms.schema.fhir.tree import Node
from careplan_forms.schema.fhir.urls import ROLE_CODES, ROLES
from careplan_forms.schema.roles import OTHERS, READERS, read_roles

JSONDict = dict[str, Any]

PARTS = ("see", "edit", "require")
KNOWN = (*READERS, *OTHERS)
NOBODY = "nobody"


def written(roles: Any) -> list[JSONDict]:
    """The parts of the extension that says some limits; what cannot be read of them is said as nobody."""
    limits, given = read_roles(roles), roles if isinstance(roles, dict) else {}
    told = {part: getattr(limits, part) for part in PARTS}
    return [
        _coded(part, role)
        for part, limit in told.items()
        if limit is not None
        for role in (sorted(limit, key=_place(given.get(part))) or [NOBODY])
    ]


def bring_back(nodes: Iterable[Node]) -> None:
    """Give items the limits told with them, and name in the report what is not understood of them.

    What cannot be read limits an item to nobody: hiding it until somebody looks is safer than showing it.
    """
    for node in nodes:
        if node.item is None:
            continue
        raw = node.source.get("extension")
        for each in raw if isinstance(raw, list) else []:
            if isinstance(each, dict) and each.get("url") == ROLES:
                node.item["roles"] = _read(each.get("extension"), node.outcome)
        _name_the_unknown(node.item.get("roles"), node.outcome)


def _read(told: Any, line: ItemOutcome) -> JSONDict:
    limits: JSONDict = dict.fromkeys(PARTS)
    for each in told if isinstance(told, list) else [None]:
        part, role = _part(each)
        if part is None:
            line.note(Outcome.REFUSED, "who may see it cannot be read, so nobody may until somebody says who")
            return limits | {"see": [], "edit": []}
        limits[part] = limits[part] or []
        if role != NOBODY and role not in limits[part]:
            limits[part].append(role)
    return limits


def _part(told: Any) -> tuple[str | None, str]:
    coding = told.get("valueCoding") if isinstance(told, dict) else None
    role = as_text(coding.get("code")) if isinstance(coding, dict) and coding.get("system") == ROLE_CODES else ""
    part = told.get("url") if isinstance(told, dict) else None
    return (part, role) if role and part in PARTS else (None, "")


def _name_the_unknown(roles: Any, line: ItemOutcome) -> None:
    limits = roles.values() if isinstance(roles, dict) else ()
    for role in dict.fromkeys(each for limit in limits if isinstance(limit, list) for each in limit):
        if role not in KNOWN:
            line.note(Outcome.NOT_EXECUTED, f"it is limited to the role “{str(role)[:60]}”, which nobody has here")


def _coded(part: str, role: str) -> JSONDict:
    return {"url": part, "valueCoding": {"system": ROLE_CODES, "code": role}}


def _place(limit: Any) -> Callable[[str], int]:
    """Roles go out in the order in which the form names them."""
    return limit.index if isinstance(limit, list) else lambda role: 0
