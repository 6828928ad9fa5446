"""Decisions on a candidate, whatever it is of: kept for ever, one person and one role each, on the hash shown."""

from typing import Any

from core import clock
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from workflows import sign_off_policies
from workflows.models.sign_off import Candidate, CandidateDecision
from workflows.services import sign_off_workflow

_Decision = CandidateDecision.Decision


def decide(
    *, candidate: Candidate, decision: str, sha256: str, comment: str, action: Action, by: Actor, **more: Any
) -> CandidateDecision:
    """One role's decision, with its definition locked: one decision on a thing at a time.

    `more` are the fields that decisions of this kind have besides. Raises NotAllowed without the `action`, Refused for
    an author or somebody who has decided already, Conflict when what was shown no longer stands.
    """
    gate.check(by, action)
    lock(candidate)
    sign_off_policies.check_can_decide(candidate, sha256, by)
    return _keep(candidate, decision, str(by.role), comment, by, more)


def take_back(*, candidate: Candidate, by: Actor) -> CandidateDecision:
    """End a candidate before it is decided, so that its draft can be edited again."""
    lock(candidate)
    sign_off_policies.check_can_withdraw(candidate, by)
    taken_back = _keep(candidate, _Decision.WITHDRAWN, "", "", by, {})
    sign_off_workflow.end(candidate=candidate, by=by)
    return taken_back


def lock(candidate: Candidate) -> None:
    """Whoever decides on the same definition waits."""
    definitions: Any = type(candidate)._meta.get_field("definition").related_model
    definitions.objects.select_for_update().get(pk=candidate.definition_id)


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
