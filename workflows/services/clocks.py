"""The clock of a case: set on entering a state, over on leaving it, stopped while the case is in a pause."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from workflows.engine.bank_holidays import Region, region_of
from workflows.engine.spec import Counts, State
from workflows.engine.working_time import after, between
from workflows.models import FlowCase, FlowPause, FlowTimer

_NOTHING = datetime.timedelta(0)


@dataclass(frozen=True)
class Kept:
    """What was left of a state's time when its clock was stopped; None for what it did not have, or had had."""

    due: datetime.timedelta | None
    reminder: datetime.timedelta | None
    escalated: bool


def live() -> QuerySet[FlowTimer]:
    """The timers that are still to fire: their case is open and has entered no other state since they were set."""
    return FlowTimer.objects.filter(fired_at=None, visit=F("case__visit"), case__closed_at=None)


def overtaken() -> QuerySet[FlowTimer]:
    """The timers that never fire: their case was closed or went on before their moment came."""
    still = FlowCase.objects.filter(pk=OuterRef("case"), visit=OuterRef("visit"), closed_at=None)
    return FlowTimer.objects.filter(~Exists(still), fired_at=None)


def start(
    *, case: FlowCase, state: State, now: datetime.datetime, kept: Kept | None = None
) -> datetime.datetime | None:
    """Set the reminder and the escalation of the state a case has entered; gives its deadline.

    With `kept` it has what was left, and is not escalated a second time.
    """
    left = kept or Kept(_hours(state.due_hours), _hours(state.reminder_hours), escalated=False)
    region = _region(case, state)
    due = None if left.due is None else after(now, left.due, state.counts, region)
    moments = {
        FlowTimer.Kind.REMINDER: None if left.reminder is None else after(now, left.reminder, state.counts, region),
        FlowTimer.Kind.ESCALATION: due if state.escalate_to and not left.escalated else None,
    }
    rows = [
        FlowTimer(case=case, kind=kind, visit=case.visit, due_at=moment) for kind, moment in moments.items() if moment
    ]
    FlowTimer.objects.bulk_create(rows)
    return due


def leave(*, case: FlowCase, state: State, target: State, now: datetime.datetime) -> Kept | None:
    """Keep what is left of the clock of the state a case leaves, when `target` pauses. Its timers are over by
    entering `target`.

    Gives what was kept for `target`, when it is the state the case comes back to out of a pause.
    """
    if target.pauses and not state.pauses and (state.due_hours or state.reminder_hours):
        _stop(case, state, dict(live().filter(case=case).values_list("kind", "due_at")), now)
    return _end_pause(case, target, now) if state.pauses and not target.pauses else None


def rename_kept(*, case: FlowCase, state_map: Mapping[str, str]) -> None:
    """The state whose clock is stopped goes by another name in the version the case moves to."""
    for pause in _open_pauses(case):
        pause.state = state_map.get(pause.state) or pause.state
        pause.save(update_fields=["state"])


def _stop(case: FlowCase, state: State, waiting: dict[str, datetime.datetime], now: datetime.datetime) -> None:
    region = _region(case, state)

    def left(moment: datetime.datetime | None, hours: int | None) -> datetime.timedelta | None:
        """Never more than the state gives: a machine's clock may have been set back since."""
        if moment is None:
            return None
        return min(between(now, moment, state.counts, region), _hours(hours) or _NOTHING)

    _open_pauses(case).update(ended_at=now)
    FlowPause.objects.create(
        case=case,
        state=state.key,
        due_left=left(case.due_at, state.due_hours),
        reminder_left=left(waiting.get(FlowTimer.Kind.REMINDER), state.reminder_hours),
        escalated=case.due_at is not None and FlowTimer.Kind.ESCALATION not in waiting,
        stopped_at=now,
    )


def _end_pause(case: FlowCase, target: State, now: datetime.datetime) -> Kept | None:
    pause = _open_pauses(case).first()
    if pause is None:
        return None
    pause.ended_at, pause.resumed = now, pause.state == target.key
    pause.save(update_fields=["ended_at", "resumed"])
    return Kept(pause.due_left, pause.reminder_left, pause.escalated) if pause.resumed else None


def _open_pauses(case: FlowCase) -> QuerySet[FlowPause]:
    return FlowPause.objects.filter(case=case, ended_at=None)


def _region(case: FlowCase, state: State) -> Region:
    """Whose bank holidays count: those where the owning organisation is. Days of every kind ask nobody."""
    return Region.ENGLAND_WALES if state.counts is Counts.EVERY_DAY else region_of(case.owner.postcode)


def _hours(count: int | None) -> datetime.timedelta | None:
    return datetime.timedelta(hours=count) if count else None
