"""Does a flow speak of facts and items that the thing it moves has? One that does not would silently never apply."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from workflows.engine.findings import Finding
from workflows.engine.spec import Spec


def lint_routing(applies_when: Mapping[str, Any], facts: Mapping[str, Collection[Any]]) -> Iterator[Finding]:
    """Findings about when the flow applies: facts nobody states of such a subject, and values they never have.

    `facts` are the values each fact can have, by its name.
    """
    for name, wanted in sorted(applies_when.items()):
        if name not in facts:
            yield Finding(
                "unknown_fact", "flow", f"Nothing says {name!r} of what this flow is for, so it never applies."
            )
        # True is not 1 here: both are told apart as they are in the file.
        elif not any(wanted == value and type(wanted) is type(value) for value in facts[name]):
            yield Finding("unknown_fact_value", "flow", f"{name!r} is never {wanted!r}, so the flow never applies.")


def lint_items(spec: Spec, items: Collection[str] | None) -> Iterator[Finding]:
    """Findings about items that are called significant and do not exist; with `items` None nobody can say which do."""
    if items is None:
        return
    for step in spec.transitions:
        for name in step.significant:
            if name not in items:
                yield Finding("unknown_item", step.key, f"There is no item {name!r}, so its change would go unseen.")
