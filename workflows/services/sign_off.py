"""Sign-off of a candidate, whatever it is of: sent, decided in two roles on the hash shown, ended.

Every decision is kept for ever, one person and one role each. What the second approval brings into being is the
caller's to make, in the same transaction.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from core import clock
from core.exceptions import Refused
from governance import gate
from governance.actors import Actor
from governance.services import audit
from workflows import sign_off_policies
from workflows.models.sign_off import Candidate, CandidateDecision
from workflows.selectors import sign_off
from workflows.services import sign_off_notices, sign_off_workflow

_Decision = CandidateDecision.Decision


@transaction.atomic
def send(*, candidate: Candidate, by: Actor) -> None:
    """Ask both roles to decide on what has just been proposed."""
    sign_off_workflow.submit(candidate=candidate, by=by)
    sign_off_notices.ask(candidate=candidate, by=by)
    _record(candidate, "proposed", by, sha256=candidate.sha256)


@transaction.atomic
def approve(*, candidate: Candidate, sha256: str, read: Collection[str], comment: str, by: Actor, **more: Any) -> bool:
    """Approve in one role; gives whether it was the second, after which the caller makes the version and concludes.

    `read` are the candidate's warnings that the actor has read, `more` the fields that decisions of this kind have
    besides. Raises NotAllowed without the right to sign off, Refused for an author, for somebody who has decided
    already and while a warning is unread, Conflict when what was shown no longer stands.
    """
    _lock_for_decision(candidate, sha256, by)
    sign_off_policies.check_warnings_read(candidate.warnings, read)
    decision = _keep(candidate, _Decision.APPROVED, str(by.role), comment, by, more)
    _record(candidate, "approved", by, role=decision.role)
    last = not sign_off.roles_awaited(candidate)
    sign_off_workflow.approve(decision=decision, last=last)
    return last


@transaction.atomic
def conclude(*, candidate: Candidate, number: int, text: str, by: Actor) -> None:
    """Both have approved, and version `number` was made of it; `text` says so to its authors, after the title."""
    sign_off_notices.tell_outcome(candidate=candidate, text=text, by=by)
    _record(candidate, "signed_off", by, version=number)


@transaction.atomic
def reject_candidate(*, candidate: Candidate, sha256: str, comment: str, by: Actor) -> CandidateDecision:
    """Send a candidate back with a reason, which ends it. Raises as `approve`, and Refused without a reason."""
    if not comment.strip():
        raise Refused("Say what has to change", field="comment")
    _lock_for_decision(candidate, sha256, by)
    decision = _keep(candidate, _Decision.REJECTED, str(by.role), comment, by, {})
    sign_off_workflow.reject(decision=decision)
    sign_off_notices.tell_outcome(candidate=candidate, text="was sent back", by=by)
    _record(candidate, "sent_back", by, role=decision.role)
    return decision


@transaction.atomic
def take_back(*, candidate: Candidate, by: Actor) -> CandidateDecision:
    """End a candidate before it is decided, so that its draft can be edited again; who may is the caller's to ask."""
    lock(candidate)
    sign_off_policies.check_can_withdraw(candidate, by)
    taken_back = _keep(candidate, _Decision.WITHDRAWN, "", "", by, {})
    sign_off_workflow.end(candidate=candidate, by=by)
    _record(candidate, "taken_back", by)
    return taken_back


def lock(candidate: Candidate) -> None:
    """Whoever decides on the same definition waits."""
    definitions: Any = type(candidate)._meta.get_field("definition").related_model
    definitions.objects.select_for_update().get(pk=candidate.definition_id)


def _lock_for_decision(candidate: Candidate, sha256: str, by: Actor) -> None:
    """Whether the actor may decide now, with its definition locked: one decision on a thing at a time."""
    gate.check(by, candidate.sign_off_action)
    lock(candidate)
    sign_off_policies.check_can_decide(candidate, sha256, by)


def _keep(
    candidate: Candidate, decision: str, role: str, comment: str, by: Actor, more: dict[str, Any]
) -> CandidateDecision:
    decisions: Any = type(candidate)._meta.get_field("approvals").related_model
    kept: CandidateDecision = decisions.objects.create(
        candidate=candidate,
        role=role,
        decision=decision,
        sha256=candidate.sha256,
        comment=comment.strip()[:500],
        decided_at=clock.now(),
        decided_by_id=by.user_id,
        **more,
    )
    return kept


def _record(candidate: Candidate, what: str, by: Actor, **detail: Any) -> None:
    audit.record(by=by, action=f"{candidate.thing}.{what}", target=candidate, detail=detail)
