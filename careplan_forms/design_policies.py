"""When a proposed form may be decided on, and what a new version may not do."""

from typing import Any

from careplan_forms.models import FormCandidate, FormDefinition, FormSection, ValueSet
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors import definitions, form_drafts, sign_off
from core.exceptions import Conflict, Refused
from governance.actors import Actor


def check_can_decide(candidate: FormCandidate, shown_sha256: str, by: Actor) -> None:
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


def check_is_open(candidate: FormCandidate) -> None:
    """Raises Conflict for what is decided, replaced, or overtaken by another version."""
    if sign_off.is_over(candidate):
        raise Conflict("Somebody has already decided on this. Look at what they decided.")
    newest = definitions.latest_candidate(candidate.definition)
    if newest is not None and newest.pk != candidate.pk:
        raise Conflict(
            "A newer text of this form was sent for sign-off while you were reading. Read that one instead.",
            changed_between(candidate.document, newest.document),
        )
    if candidate.definition.activations.filter(at__gt=candidate.created_at).exists():
        raise Conflict(
            "Another version of this form went live or was retired after this one was sent for sign-off, "
            "so the differences you were shown are out of date. Ask for it to be sent again."
        )


def check_is_a_second_person(candidate: FormCandidate, by: Actor) -> None:
    """Raises Refused for an author of any part, for the sender, and for whoever has decided already."""
    if by.user_id is None or by.user_id in candidate.author_ids or by.user_id == candidate.created_by_id:
        raise Refused("You wrote part of this form or sent it, so somebody else has to decide on it")
    if candidate.approvals.filter(decided_by=by.user_id).exists():
        raise Refused("You have decided on this. The other decision is somebody else's, whatever roles you hold")


def why_cannot_decide(candidate: FormCandidate, by: Actor, may_sign_off: bool) -> str:
    """The sentence beside a candidate for somebody who cannot decide on it; empty for who can."""
    if by.user_id in candidate.author_ids:
        return "You wrote part of this form or sent it, so somebody else has to decide on it."
    if not may_sign_off:
        return "A clinical safety officer and an information governance officer decide on it."
    try:
        check_can_decide(candidate, candidate.sha256, by)
    except (Conflict, Refused) as refusal:
        return refusal.message
    return ""


def check_can_withdraw(candidate: FormCandidate, by: Actor) -> None:
    """Raises Conflict for what is decided or replaced, Refused for whoever has decided on it."""
    check_is_open(candidate)
    if by.user_id is None or candidate.approvals.filter(decided_by=by.user_id).exists():
        raise Refused("You have decided on this, so somebody else has to take it back")


def check_nothing_waits(definition: FormDefinition) -> None:
    """Raises Refused while a text of the form waits for its two decisions: its draft is locked until then."""
    newest = definitions.latest_candidate(definition)
    if newest is not None and not sign_off.is_over(newest):
        raise Refused("This form waits for sign-off. Take it back first, or wait for the two decisions")


def check_report(errors: list[dict[str, Any]], tests: list[dict[str, Any]]) -> None:
    """Raises Refused when something has to be mended before anybody is asked to sign off."""
    if errors:
        raise Refused(f"Mend what the checks found first: {errors[0]['message']}")
    failing = [row["name"] for row in tests if not row["passed"]]
    if failing:
        raise Refused(f"These test cases fail: {', '.join(failing[:5])}. Mend the form or the test case")


def is_unused(row: FormDefinition | FormSection | ValueSet) -> bool:
    """Whether deleting loses nothing: it was never signed off or proposed, and no form or section names it."""
    if row.first_published_at is not None:
        return False
    if isinstance(row, FormDefinition):
        return not row.candidates.exists()
    if isinstance(row, FormSection):
        return not form_drafts.places_of(row)
    return not form_drafts.is_named(row)


def check_can_delete(row: FormDefinition | FormSection | ValueSet) -> None:
    """Raises Refused for what is in use: old plans and old versions must stay readable."""
    if not is_unused(row):
        raise Refused(f"“{row.title}” is in use or was signed off, so it cannot be deleted. Take it out of the form")


def check_names_are_kept(candidate_document: dict[str, Any], published: dict[str, str]) -> None:
    """An item keeps the name it was first published with: exports and other systems know it by that."""
    names: dict[str, str] = {}
    for section in candidate_document["sections"]:
        names |= definitions.names_in(section["items"])
    renamed = [f"“{published[uid]}” to “{name}”" for uid, name in names.items() if published.get(uid, name) != name]
    if renamed:
        raise Refused(f"These names are already in use and cannot change: {', '.join(renamed)}. Put the old ones back")


def changed_between(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, before, after) of every wording that differs, for the page that says what changed meanwhile."""
    old, new = _labels(before), _labels(after)
    uids = [*old, *(uid for uid in new if uid not in old)]
    return [
        (new.get(uid) or old[uid], old.get(uid, "Not there"), new.get(uid, "Removed"))
        for uid in uids
        if old.get(uid) != new.get(uid)
    ]


def _labels(document: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}

    def read(items: list[dict[str, Any]]) -> None:
        for item in items:
            found[item["uid"]] = item["label"]
            read(item["items"])

    for section in document["sections"]:
        read(section["items"])
    return found
