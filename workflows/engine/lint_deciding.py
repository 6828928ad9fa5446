"""Is it sound how many decide, what they tick, and what they may decide in one go?"""

import math
from collections.abc import Iterator, Mapping

from workflows.engine.findings import Catalogue, Finding, KnownEffect
from workflows.engine.spec import ANY_ROLE, QUEUED_SCOPES, Quorum, Scope, Spec, Transition

#: The guards that ask whether anything significant changed since what was sent, or last agreed.
UNCHANGED_GUARD = "document_unchanged_since_read"
SMALL_CHANGE_GUARD = "nothing_significant_changed"
#: Scopes in which there is one voice, however many may raise it.
_ONE_VOICE = frozenset({Scope.SUBMITTER, Scope.NAMED_USER, Scope.PATIENT_OR_PROXY})


def lint_deciding(spec: Spec, catalogue: Catalogue) -> Iterator[Finding]:
    """Findings about quorum, checklist, significant items, deciding in bulk and steps of who has the task."""
    for step in spec.transitions:
        if step.quorum:
            yield from _quorum(spec, step, step.quorum)
        if step.checklist and step.on_open:
            yield Finding("checklist_on_opening", step.key, "Opening a case shows no list to tick.")
        yield from _bulk(step, catalogue)
        yield from _significant(step)
        yield from _named(spec, step)


def publishes(transition: Transition, effects: Mapping[str, KnownEffect]) -> bool:
    """Whether the transition has an effect that no author may bring about alone."""
    return any(use.name in effects and effects[use.name].publishes for use in transition.effects)


def _quorum(spec: Spec, step: Transition, need: Quorum) -> Iterator[Finding]:
    if step.on_open:
        yield Finding("quorum_on_opening", step.key, "Opening a case is the act of one person.")
    if step.source == step.target:
        message = "The case would come back to where it is, and the same people would be asked again at once."
        yield Finding("quorum_in_place", step.key, message)
    if need.each and (need.people > 1 or need.organisations):
        yield Finding("quorum_mixed", step.key, "Each of the roles decides once. Leave people and organisations out.")
    wanted = len(step.actors) if need.each else need.people
    if wanted < 2:
        yield Finding("quorum_of_one", step.key, "The first decision is enough here. Leave the quorum out.")
    if need.each:
        yield from _each(spec, step)
    elif need.people > _most(spec, step, need):
        yield Finding("quorum_out_of_reach", step.key, f"There can never be {need.people} who may do this.")


def _most(spec: Spec, step: Transition, need: Quorum) -> float:
    """The most voices a step can get: of people, or of their organisations.

    Whoever sent or wrote it may well be of the organisation that owns it, and the person is of none.
    """
    scopes = [rule.scope for rule in step.actors]
    if not need.organisations:
        return sum(1 if scope in _ONE_VOICE else math.inf for scope in scopes)
    if Scope.NAMED_USER in scopes:
        scopes += [rule.scope for rule in spec.state(step.source).waits_for]
    if {Scope.SHARING_ORG, Scope.HOST} & set(scopes):
        return math.inf
    return 0 if set(scopes) == {Scope.PATIENT_OR_PROXY} else 1


def _each(spec: Spec, step: Transition) -> Iterator[Finding]:
    if len(set(step.actors)) < len(step.actors):
        yield Finding("part_twice", step.key, "Two parts are for the very same people. Ask for a number of people.")
    asked = spec.state(step.source).waits_for
    for rule in step.actors:
        if rule.scope in QUEUED_SCOPES and rule not in asked:
            yield Finding("part_not_asked", step.key, f"{rule.role} has a part in this but is not asked to act.")


def _bulk(step: Transition, catalogue: Catalogue) -> Iterator[Finding]:
    if not step.bulk:
        return
    if step.on_open:
        yield Finding("bulk_on_opening", step.key, "Cases are opened one by one.")
    if step.checklist:
        yield Finding("bulk_with_checklist", step.key, "A list is ticked for one case, never for many at once.")
    if publishes(step, catalogue.effects):
        yield Finding("bulk_publishes", step.key, "What is published is read and decided on one by one.")


def _significant(step: Transition) -> Iterator[Finding]:
    small = step.uses_guard(SMALL_CHANGE_GUARD)
    if small and not step.significant:
        yield Finding("significant_missing", step.key, "Say which items are significant: else every change is.")
    if step.significant and not (small or step.quorum or step.uses_guard(UNCHANGED_GUARD)):
        yield Finding("significant_unused", step.key, "Nothing here depends on what is significant.")


def _named(spec: Spec, step: Transition) -> Iterator[Finding]:
    asked = {rule.role for rule in spec.state(step.source).waits_for} if not step.on_open else set()
    for rule in step.actors:
        if rule.scope is Scope.NAMED_USER and not (asked if rule.role == ANY_ROLE else rule.role in asked):
            message = "This is for whoever has the task, but no such task is given here."
            yield Finding("nobody_named", step.key, message)
