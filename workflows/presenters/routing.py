"""The routing of flows in words: for every kind of subject, which facts lead where."""

from dataclasses import dataclass
from typing import Any

from workflows import registry
from workflows.models import FlowDefinition
from workflows.selectors import routing


@dataclass(frozen=True)
class RouteRow:
    """One combination of facts and the flow it takes; `problem` when it takes none, or two."""

    facts: tuple[str, ...]
    flow: FlowDefinition | None
    problem: str


@dataclass(frozen=True)
class KindPage:
    """One kind of subject: the heads of its table, its rows, the flows it chooses from."""

    key: str
    label: str
    heads: tuple[str, ...]
    rows: tuple[RouteRow, ...]
    flows: tuple[FlowDefinition, ...]
    problems: int


def kinds() -> list[KindPage]:
    """Every kind of subject that is registered, by its name."""
    pages = [_kind(key, kind) for key, kind in registry.subjects.items()]
    return sorted(pages, key=lambda page: page.label)


def _kind(key: str, kind: Any) -> KindPage:
    rows = tuple(_row(kind, route) for route in routing.table(key))
    return KindPage(
        key=key,
        label=kind.label,
        heads=tuple(fact.label for fact in kind.facts),
        rows=rows,
        flows=tuple(routing.live_flows(key)),
        problems=sum(bool(row.problem) for row in rows),
    )


def _row(kind: Any, route: routing.Route) -> RouteRow:
    words = tuple(dict(fact.values)[route.facts[fact.name]] for fact in kind.facts)
    if route.is_clash:
        names = " and ".join(f"“{flow.name}”" for flow in route.flows)
        return RouteRow(words, None, f"{names} both claim this. Give them different priorities")
    if not route.flows:
        return RouteRow(words, None, "No flow applies. Put a default to use")
    return RouteRow(words, route.flows[0], "")
