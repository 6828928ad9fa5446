"""Which flow a set of facts takes, and where two would claim the same."""

from dataclasses import dataclass
from itertools import product
from typing import Any

from workflows import registry
from workflows.models import FlowDefinition
from workflows.selectors.definitions import applies

#: More combinations than this are not listed one by one.
MOST = 64


@dataclass(frozen=True)
class Route:
    """What facts lead to: the flows that claim them; exactly one when all is well."""

    facts: dict[str, Any]
    flows: tuple[FlowDefinition, ...]

    @property
    def is_clash(self) -> bool:
        return len(self.flows) > 1


def live_flows(kind: str) -> list[FlowDefinition]:
    """The flows of a kind of subject that are in use, the strongest first."""
    rows = FlowDefinition.objects.filter(subject_kind=kind, live_version__isnull=False)
    return list(rows.defer("states", "kept").select_related("live_version").order_by("-priority", "key"))


def route(flows: list[FlowDefinition], facts: dict[str, Any]) -> Route:
    """Who claims these facts: the highest priority that applies, else the default."""
    fitting = [flow for flow in flows if not flow.is_default and applies(flow.applies_when, facts)]
    best = [flow for flow in fitting if flow.priority == fitting[0].priority]
    return Route(facts, tuple(best or [flow for flow in flows if flow.is_default]))


def table(kind: str) -> list[Route]:
    """Every combination of the facts a kind declares, with what claims it; none when there are too many."""
    declared = registry.subjects.get(kind).facts
    ways = [[(fact.name, value) for value, _ in fact.values] for fact in declared]
    count = 1
    for way in ways:
        count *= len(way)
    if count > MOST:
        return []
    flows = live_flows(kind)
    return [route(flows, dict(facts)) for facts in product(*ways)]
