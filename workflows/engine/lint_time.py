"""What can be wrong with the times of a flow: deadlines, reminders, the days that count, pauses."""

from collections.abc import Iterator

from workflows.engine.findings import Finding
from workflows.engine.spec import Counts, Spec, State, StateKind


def lint_time(spec: Spec) -> Iterator[Finding]:
    """Everything wrong with the flow's times."""
    for state in spec.states:
        yield from _deadline(state)
        if state.pauses:
            yield from _pause(spec, state)


def _deadline(state: State) -> Iterator[Finding]:
    if state.kind is StateKind.FINAL and (_is_timed(state) or state.escalate_to):
        yield Finding("time_after_the_end", state.key, "It is over here, so nothing can be due or be reminded of.")
        return
    if state.due_hours and not state.escalate_to:
        yield Finding("deadline_without_escalation", state.key, "Say who is told when the deadline passes.")
    if state.escalate_to and not state.due_hours:
        yield Finding("escalation_without_deadline", state.key, "Give the deadline after which this happens.")
    if state.due_hours and (state.reminder_hours or 0) >= state.due_hours:
        yield Finding("late_reminder", state.key, "The reminder must come before the deadline.")
    if state.reminder_hours and not state.waits_for:
        yield Finding("reminder_to_nobody", state.key, "A reminder goes to those who must act here. Say who they are.")
    if state.counts is not Counts.EVERY_DAY and not _is_timed(state):
        yield Finding("counts_nothing", state.key, "Days are counted here, but there is no reminder and no deadline.")


def _pause(spec: Spec, state: State) -> Iterator[Finding]:
    if state.kind in (StateKind.START, StateKind.FINAL):
        yield Finding("pause_misplaced", state.key, "The clock can only stand still between the start and the end.")
    if not _is_timed(state):
        message = "A case could be forgotten while its clock stands still. Give the pause a reminder or a deadline."
        yield Finding("endless_pause", state.key, message)
    stopped = [one for one in spec.states if _is_timed(one) and not one.pauses and _leads(spec, one, state)]
    if not any(_leads(spec, state, one) for one in stopped):
        message = "Nothing stands still here: no state with a deadline or reminder leads here and is gone back to."
        yield Finding("pause_of_nothing", state.key, message)


def _is_timed(state: State) -> bool:
    return bool(state.due_hours or state.reminder_hours)


def _leads(spec: Spec, source: State, target: State) -> bool:
    """Whether a case can go from one state to the other with nothing but pauses on the way."""
    pausing = {state.key for state in spec.states if state.pauses}
    found, waiting = {source.key}, [source.key]
    while waiting:
        here = waiting.pop()
        for step in spec.out_of(here):
            if step.target == target.key:
                return True
            if step.target in pausing and step.target not in found:
                found.add(step.target)
                waiting.append(step.target)
    return False
