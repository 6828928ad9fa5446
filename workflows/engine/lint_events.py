"""Are the steps that an event takes sound? Nobody presses them, so nobody can be asked anything."""

from collections.abc import Iterator

from workflows.engine.findings import WARNING, Catalogue, Finding
from workflows.engine.lint_deciding import publishes
from workflows.engine.spec import ReasonRule, Spec, Transition


def lint_events(spec: Spec, catalogue: Catalogue) -> Iterator[Finding]:
    """Findings about steps that are taken when something is recorded elsewhere."""
    seen: set[tuple[str, str]] = set()
    for step in spec.transitions:
        if not step.on_event:
            continue
        if step.on_event not in catalogue.events:
            yield Finding("unknown_event", step.key, f"Nothing records {step.on_event!r}.")
        if (step.source, step.on_event) in seen:
            yield Finding("two_steps_on_event", step.key, "Another step is taken here by the same event.")
        seen.add((step.source, step.on_event))
        yield from _asks(step)
        if publishes(step, catalogue.effects):
            yield Finding("event_publishes", step.key, "Something becomes public by a decision, not by an event.")
    yield from _round_by_themselves(spec)


def _asks(step: Transition) -> Iterator[Finding]:
    asked = {
        "a reason": step.reason is ReasonRule.REQUIRED,
        "a list to tick": bool(step.checklist),
        "several people": step.quorum is not None,
        "many cases at once": step.bulk,
    }
    for what, wanted in asked.items():
        if wanted:
            yield Finding("event_asks", step.key, f"Nobody presses this step, so it cannot have {what}.")


def _round_by_themselves(spec: Spec) -> Iterator[Finding]:
    """Cycles without a person's step: what events alone can send round, no decision ever ends."""
    edges = [(step.source, step.target) for step in spec.transitions if step.on_event]
    for state in spec.states:
        reached = {target for source, target in edges if source == state.key}
        growing = bool(reached)
        while growing:
            more = {target for source, target in edges if source in reached} - reached
            reached |= more
            growing = bool(more)
        if state.key in reached:
            message = "Events alone can bring a case from here back to here, again and again, and nobody decides."
            yield Finding("round_without_people", state.key, message, WARNING)
