"""Deciding on several cases in one go, where their flows allow it: each by itself, on what was shown of it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from core.exceptions import Conflict, ForewordError, NotAllowed, Refused
from governance.actors import Actor
from workflows import registry
from workflows.models import FlowCase, FlowDecision
from workflows.services import cases

MAX_CASES = 100


@dataclass(frozen=True)
class Chosen:
    """One case with the hash of what was shown of it and the state it was shown in."""

    case: FlowCase
    shown_sha256: str
    expected_state: str


@dataclass(frozen=True)
class Outcome:
    """What became of one case: the decision, or why there is none, in a sentence."""

    case: FlowCase
    decision: FlowDecision | None = None
    problem: str = ""


def decide_many(
    *, by: Actor, chosen: Sequence[Chosen], transition: str, reason: str = "", now: datetime.datetime
) -> list[Outcome]:
    """Take the same step of every case, each in a transaction of its own, and say what became of each.

    One that cannot be decided keeps no other from it. Refused as a whole when there are too many.
    """
    if len(chosen) > MAX_CASES:
        raise Refused(f"Choose {MAX_CASES} or fewer at a time. Nothing was decided")
    return [_decide(by, each, transition, reason, now) for each in chosen]


def _decide(by: Actor, chosen: Chosen, transition: str, reason: str, now: datetime.datetime) -> Outcome:
    case = chosen.case
    try:
        if registry.subjects.get(case.subject_kind).own_page:
            raise Refused("This is decided on its own page")
        decision = cases.fire(
            by=by,
            case=case,
            transition=transition,
            shown_sha256=chosen.shown_sha256,
            expected_state=chosen.expected_state,
            reason=reason,
            in_bulk=True,
            now=now,
        )
    except NotAllowed as refusal:
        return Outcome(case, problem=". ".join(reason.text for reason in refusal.decision.reasons))
    except (Refused, Conflict) as refusal:
        return Outcome(case, problem=refusal.message)
    except ForewordError:
        return Outcome(case, problem="This is not there any more")
    return Outcome(case, decision)
