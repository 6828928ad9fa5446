"""A clock that stands still, in words: since when, and what is left when the case comes back."""

from core.date_format import staff_moment
from workflows.engine.spec import Counts, Spec
from workflows.models import FlowCase, FlowPause
from workflows.presenters.inbox import span
from workflows.selectors import cases as cases_seen


def stopped_clock(case: FlowCase, spec: Spec) -> str:
    """Why nothing runs out while the case is paused; empty when it is not paused."""
    pause = cases_seen.pause_of(case)
    if pause is None or not spec.state(case.state).pauses:
        return ""
    return f"The clock stands still since {staff_moment(pause.stopped_at)}. {_left(pause, spec)}"


def _left(pause: FlowPause, spec: Spec) -> str:
    state = next((one for one in spec.states if one.key == pause.state), None)
    back = f"When this is back at “{state.label}”" if state else "When this goes on"
    if pause.due_left is None:
        return f"{back}, it runs on"
    if not pause.due_left:
        return f"{back}, it is overdue: its time had run out"
    working = state is not None and state.counts is not Counts.EVERY_DAY
    return f"{back}, it is due after another {_counted(span(pause.due_left), working)}"


def _counted(length: str, working: bool) -> str:
    if not working:
        return length
    return length.replace("day", "working day") if "day" in length else f"{length} of working days"
