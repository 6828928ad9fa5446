"""When a candidate may be decided on or taken back, whatever it is a candidate of."""

from collections.abc import Collection, Iterable

from core.exceptions import Conflict, Refused
from governance.actors import Actor
from workflows.engine.loading import sha256_of
from workflows.models.drafting import SignedOff
from workflows.models.sign_off import Candidate
from workflows.selectors import sign_off


def check_can_decide(candidate: Candidate, shown_sha256: str, by: Actor) -> None:
    """The decision is on the bytes that were shown, in a role that is awaited, by somebody who wrote none of them.

    Raises Conflict when what was shown is no longer what is proposed, Refused for an author and for a second decision
    of one person.
    """
    check_is_open(candidate)
    if shown_sha256 != candidate.sha256 or sha256_of(candidate.document) != candidate.sha256:
        raise Conflict("This is not the text you were shown. Open it again and read it before you decide.")
    check_is_a_second_person(candidate, by)
    if by.role not in sign_off.roles_awaited(candidate):
        raise Conflict("Somebody has already decided on this in your role. Look at what they decided.")


def check_warnings_read(warnings: Iterable[str], read: Collection[str]) -> None:
    """Raises Refused while one of the warnings that come with what is signed is not among those its signer has read."""
    if not set(warnings) <= set(read):
        raise Refused("Tick each warning that you have read and that may stand", field="warnings")


def check_is_open(candidate: Candidate) -> None:
    """Raises Conflict for what is decided, replaced, or overtaken by another version."""
    if sign_off.is_over(candidate):
        raise Conflict("Somebody has already decided on this. Look at what they decided.")
    newest = sign_off.latest_candidate(candidate.definition)
    if newest is not None and newest.pk != candidate.pk:
        raise Conflict(
            f"A newer text of this {candidate.thing} was sent for sign-off while you were reading. "
            "Read that one instead.",
            candidate.changes_to(newest),
        )
    if candidate.definition.activations.filter(at__gt=candidate.created_at).exists():
        raise Conflict(
            f"Another version of this {candidate.thing} went live or was retired after this one was sent for sign-off, "
            "so the differences you were shown are out of date. Ask for it to be sent again."
        )


def check_is_a_second_person(candidate: Candidate, by: Actor) -> None:
    """Raises Refused for an author of any part, for the sender, and for whoever has decided already."""
    if by.user_id is None or by.user_id in candidate.author_ids or by.user_id == candidate.created_by_id:
        raise Refused(f"You wrote part of this {candidate.thing} or sent it, so somebody else has to decide on it")
    if candidate.approvals.filter(decided_by=by.user_id).exists():
        raise Refused("You have decided on this. The other decision is somebody else's, whatever roles you hold")


def why_cannot_decide(candidate: Candidate, by: Actor, may_sign_off: bool) -> str:
    """The sentence beside a candidate for somebody who cannot decide on it; empty for who can."""
    if by.user_id in candidate.author_ids:
        return f"You wrote part of this {candidate.thing} or sent it, so somebody else has to decide on it."
    if not may_sign_off:
        return "A clinical safety officer and an information governance officer decide on it."
    try:
        check_can_decide(candidate, candidate.sha256, by)
    except (Conflict, Refused) as refusal:
        return refusal.message
    return ""


def check_can_withdraw(candidate: Candidate, by: Actor) -> None:
    """Raises Conflict for what is decided or replaced, Refused for whoever has decided on it."""
    check_is_open(candidate)
    if by.user_id is None or candidate.approvals.filter(decided_by=by.user_id).exists():
        raise Refused("You have decided on this, so somebody else has to take it back")


def check_nothing_waits(definition: SignedOff) -> None:
    """Raises Refused while a text of the form waits for its two decisions: its draft is locked until then."""
    newest = sign_off.latest_candidate(definition)
    if newest is not None and not sign_off.is_over(newest):
        raise Refused(f"This {newest.thing} waits for sign-off. Take it back first, or wait for the two decisions")
