"""Is a flow sound? Every finding names its place and says in words what would go wrong.

A finding is an obstacle: a version with one can be neither signed nor made live.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from workflows.engine.findings import Catalogue, Finding, KnownEffect
from workflows.engine.lint_deciding import lint_deciding, publishes
from workflows.engine.lint_events import lint_events
from workflows.engine.lint_time import lint_time
from workflows.engine.spec import (
    ANY_ROLE,
    PERSONAL_SCOPES,
    QUEUED_SCOPES,
    ActorRule,
    Scope,
    Spec,
    StateKind,
    Transition,
    Use,
)

__all__ = ["EXEMPTION_GUARD", "Catalogue", "Finding", "KnownEffect", "lint_spec", "publishes"]

#: The guard that lets an author decide alone once both signatories have signed the flow's exemption.
EXEMPTION_GUARD = "author_only_if_exempt"


def lint_spec(spec: Spec, catalogue: Catalogue) -> list[Finding]:
    """Everything wrong with the flow, in the order of the checks; an empty list means it may be signed."""
    return [
        *_graph(spec),
        *_opening(spec),
        *_waiting(spec, catalogue),
        *lint_time(spec),
        *_words(spec, catalogue),
        *_people(spec, catalogue),
        *_self_approval(spec, catalogue),
        *lint_deciding(spec, catalogue),
        *_ambiguous(spec),
        *lint_events(spec, catalogue),
    ]


def _graph(spec: Spec) -> Iterator[Finding]:
    forward = _reach({spec.start.key}, [(t.source, t.target) for t in spec.transitions])
    finals = {state.key for state in spec.states if state.kind is StateKind.FINAL}
    backward = _reach(finals, [(t.target, t.source) for t in spec.transitions])
    for state in spec.states:
        leaves = any(t.source == state.key for t in spec.transitions)
        if state.key not in forward:
            yield Finding("unreachable_state", state.key, "No path from the start leads here.")
        if state.kind is StateKind.FINAL and leaves:
            yield Finding("final_state_left", state.key, "A final state cannot be left.")
        if state.kind is StateKind.FINAL and not state.outcome:
            yield Finding("final_without_outcome", state.key, "Say what the outcome is.")
        if state.kind is not StateKind.FINAL and not leaves:
            yield Finding("dead_end", state.key, "A case would stay here for ever: nothing leads on.")
        elif state.key not in backward:
            yield Finding("no_way_to_the_end", state.key, "From here no final state can be reached.")


def _reach(begin: set[str], edges: list[tuple[str, str]]) -> set[str]:
    found, growing = set(begin), True
    while growing:
        step = {target for source, target in edges if source in found}
        growing = not step <= found
        found |= step
    return found


def _opening(spec: Spec) -> Iterator[Finding]:
    opening = [t for t in spec.transitions if t.on_open]
    for transition in opening:
        if transition.source != spec.start.key:
            yield Finding("opening_elsewhere", transition.key, "Only a step out of the start happens on opening.")
    if len(opening) > 1:
        yield Finding("two_openings", opening[1].key, "Opening a case can take one step only.")
    if opening and spec.leading_out(spec.start.key):
        key = spec.leading_out(spec.start.key)[0].key
        yield Finding("opening_bypassed", key, "The start is left on opening, so nobody could ever do this.")


def _waiting(spec: Spec, catalogue: Catalogue) -> Iterator[Finding]:
    for state in spec.states:
        actors = {rule for t in spec.leading_out(state.key) for rule in t.actors}
        if state.kind is StateKind.WORK and not state.waits_for:
            yield Finding("nobody_is_asked", state.key, "Say who must act here.")
        for rule in state.waits_for:
            if rule.scope not in QUEUED_SCOPES:
                yield Finding("no_inbox", state.key, f"Work cannot wait for the scope {rule.scope}.")
            if not any(_lets_decide(actor, rule) for actor in actors):
                yield Finding("idle_waiter", state.key, f"{rule.role} is asked to act but may do nothing here.")
        if state.escalate_to and state.escalate_to not in catalogue.roles:
            yield Finding("unknown_role", state.key, f"There is no role {state.escalate_to!r}.")


def _lets_decide(actor: ActorRule, asked: ActorRule) -> bool:
    """Whether a step for `actor` is one for those who are asked, as such or as whoever of them has the task."""
    return actor == asked or (actor.scope is Scope.NAMED_USER and actor.role in (asked.role, ANY_ROLE))


def _words(spec: Spec, catalogue: Catalogue) -> Iterator[Finding]:
    for transition in spec.transitions:
        yield from _uses(transition, transition.guards, catalogue.guards, "guard")
        yield from _uses(transition, transition.effects, catalogue.effects, "effect")
        missing = {
            (use.name, guard)
            for use in transition.effects
            if use.name in catalogue.effects
            for guard in catalogue.effects[use.name].requires
            if not transition.uses_guard(guard)
        }
        for effect, guard in sorted(missing):
            yield Finding("missing_guard", transition.key, f"{effect} may only happen under the guard {guard!r}.")
        if transition.action and transition.action not in catalogue.actions:
            message = f"The access gate knows no action {transition.action!r}."
            yield Finding("unknown_action", transition.key, message)


def _uses(transition: Transition, uses: Iterable[Use], known: Mapping[str, Any], word: str) -> Iterator[Finding]:
    for use in uses:
        if use.name not in known:
            yield Finding(f"unknown_{word}", transition.key, f"There is no {word} {use.name!r}.")
            continue
        wanted = known[use.name].params
        for name in sorted(set(wanted) | set(use.params)):
            if name not in wanted:
                yield Finding("unknown_parameter", transition.key, f"{use.name} takes no parameter {name!r}.")
            elif type(use.params.get(name)) is not wanted[name]:
                message = f"{use.name} needs {name!r} as {wanted[name].__name__}."
                yield Finding("wrong_parameter", transition.key, message)
        for name, values in getattr(known[use.name], "choices", {}).items():
            if use.params.get(name) not in values:
                message = f"{use.name} takes one of {', '.join(sorted(values))} as {name!r}."
                yield Finding("unknown_value", transition.key, message)


def _people(spec: Spec, catalogue: Catalogue) -> Iterator[Finding]:
    for transition in spec.transitions:
        if not transition.actors and not transition.on_event:
            yield Finding("nobody_may", transition.key, "Say who may do this.")
        for rule in transition.actors:
            if rule.role == ANY_ROLE and rule.scope not in PERSONAL_SCOPES:
                yield Finding("anybody", transition.key, "Name the role: anybody at an organisation is too many.")
            elif rule.role not in catalogue.roles | {ANY_ROLE}:
                yield Finding("unknown_role", transition.key, f"There is no role {rule.role!r}.")


def _self_approval(spec: Spec, catalogue: Catalogue) -> Iterator[Finding]:
    exempting = [t for t in spec.transitions if t.uses_guard(EXEMPTION_GUARD)]
    for transition in spec.transitions:
        barred = transition.four_eyes or any(
            use.name in catalogue.guards and catalogue.guards[use.name].bars_authors for use in transition.guards
        )
        exempt = transition in exempting
        if publishes(transition, catalogue.effects) and not barred and not exempt:
            message = "Whoever wrote it could publish it alone. Bar authors, or have an exemption signed."
            yield Finding("self_approval", transition.key, message)
        if barred and exempt:
            message = "Authors are both barred and exempted here. Keep one of the two."
            yield Finding("contradicting_exemption", transition.key, message)
    if exempting and not spec.exemption:
        yield Finding("exemption_unwritten", exempting[0].key, "Write the exemption that is to be signed.")
    if spec.exemption and not exempting:
        yield Finding("exemption_unused", "flow", "An exemption is written that no step makes use of.")


def _ambiguous(spec: Spec) -> Iterator[Finding]:
    for one, other in combinations(spec.transitions, 2):
        if one.source != other.source or not _share_people(one.actors, other.actors):
            continue
        if one.label.casefold() == other.label.casefold():
            yield Finding("ambiguous_pair", other.key, f"{one.key} offers the same people the same words.")
        elif (one.target, one.guards, one.effects) == (other.target, other.guards, other.effects):
            yield Finding("ambiguous_pair", other.key, f"{one.key} already does the same for the same people.")


def _share_people(one: Iterable[ActorRule], other: Iterable[ActorRule]) -> bool:
    return any(a.scope == b.scope and (a.role == b.role or ANY_ROLE in (a.role, b.role)) for a in one for b in other)
