"""The one access gate: may this actor do this, to this? Every page, door, export and job asks here.

One table maps action and kind of actor to clauses; what it does not name is refused. The actor's facts are read anew
at every question (one query), or once for all questions of a page that is only looked at, so a right that ends has
ended. Layers above add what they know of their own objects by `subject_clauses`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Model

from core import clock
from core.exceptions import Absent, NotAllowed
from core.registry import Registry
from governance.actors import Actor
from governance.clauses import lesson_links
from governance.decisions import Decision, Reason
from governance.enums import Action, ActorKind, Mode
from governance.facts import ActorFacts
from governance.gate_table import ASK_FOR_GRANTS, NEVER_ENDED_BY_A_DATE, TABLE
from governance.helping import SERVICE_DESK
from governance.selectors.facts import facts_for_a_look
from governance.services import audit

__all__ = ["Decision", "Reason", "check", "check_found", "decide", "lesson_links", "subject_clauses", "subject_key"]

#: Who knows about an object: label of its model ("careplan_forms.CarePlan"; see `subject_key`) → clause.
subject_clauses: Registry[Callable[[Actor, Action, Any], list[Reason]]] = Registry("subject clauses")

_SIGN_IN = Reason("not-signed-in", "You are not signed in", "You: sign in", "/account/login/")


def decide(actor: Actor, action: Action, subject: Any = None, *, facts: ActorFacts | None = None) -> Decision:
    """May `actor` do `action`, to `subject` when there is one?

    Asks the actor's clauses first; only when they let him through, those of the subject. Raises KeyError for a
    subject nobody has clauses for: an unknown kind of object is never allowed by silence. `facts` are the actor's, from
    who has read them in this very transaction.
    """
    reasons = _actor_reasons(actor, action, facts)
    blocking = [reason for reason in reasons if reason.blocks]
    if blocking:
        return Decision(False, reasons=tuple(reasons))
    if subject is not None:
        clause = subject_clauses.get(subject_key(subject))
        objections = [replace(reason, about="object") for reason in clause(actor, action, subject)]
        reasons += objections
        if any(reason.blocks for reason in objections):
            return Decision(False, reasons=tuple(reasons))
    return Decision(True, _mode(reasons), tuple(reasons))


def check(actor: Actor, action: Action, subject: Any = None) -> Decision:
    """The decision when it is yes. A no is recorded and raised: NotAllowed about the actor, Absent about the object."""
    decision = decide(actor, action, subject)
    if decision.allowed:
        return decision
    target = subject if isinstance(subject, Model) else None
    audit.record_refusal(by=actor, action=str(action), target=target, codes=decision.codes)
    if decision.about_object:
        raise Absent
    raise NotAllowed(decision)


def check_found(actor: Actor, action: Action, subject: Any | None) -> Any:
    """`subject` when there is one and the actor may; the answers for absent and for not theirs are the same.

    The actor is asked first, so that somebody who may never do this learns nothing of what exists.
    """
    if subject is None:
        check(actor, action)
        raise Absent
    check(actor, action, subject)
    return subject


def subject_key(subject: Any) -> str:
    """The name a kind of subject goes by in `subject_clauses`."""
    if isinstance(subject, Model):
        return str(subject._meta.label)
    return f"{type(subject).__module__}.{type(subject).__qualname__}"


def _actor_reasons(actor: Actor, action: Action, facts: ActorFacts | None) -> list[Reason]:
    if actor.kind == ActorKind.ANONYMOUS:
        return [_SIGN_IN]
    clauses = TABLE.get((Action(action), actor.kind))
    if clauses is None:
        label = Action(action).label.lower()
        return [Reason("kind", f"You cannot do this here: {label}", SERVICE_DESK)]
    if not clauses:
        return []
    known = facts.dated(clock.now()) if facts else facts_for_a_look(actor, with_grants=action in ASK_FOR_GRANTS)
    return _softened([reason for clause in clauses for reason in clause(known)], action)


def _softened(reasons: list[Reason], action: Action) -> list[Reason]:
    """Emergency reading: what a date has ended becomes a banner; what a person decided still blocks."""
    if action != Action.EMERGENCY_READ:
        return reasons
    return [replace(r, blocks=False) if r.code in NEVER_ENDED_BY_A_DATE else r for r in reasons]


def _mode(reasons: list[Reason]) -> Mode:
    return Mode.READ_ONLY if any(reason.code in NEVER_ENDED_BY_A_DATE for reason in reasons) else Mode.FULL
