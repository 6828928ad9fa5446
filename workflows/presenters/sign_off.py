"""How candidates stand: those that wait, and one on the page where it is decided on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from governance import gate
from governance.actors import Actor
from workflows import sign_off_policies
from workflows.models.sign_off import SIGNING_ROLES, Candidate
from workflows.selectors import sign_off


@dataclass(frozen=True, slots=True)
class Group:
    """The changes inside one section; without a title those of the whole."""

    title: str
    sentences: list[str]


def waiting_page(kind: type[Candidate], actor: Actor) -> dict[str, Any]:
    """What waits of one kind, what the reader sent, and the last decisions."""
    return {
        "thing": kind.thing,
        "candidate_url": f"{kind.thing}s_candidate",
        "waiting": [(row, standing_in_words(row)) for row in sign_off.waiting_candidates(kind)],
        "sent": [(row, standing_in_words(row)) for row in sign_off.sent_by(kind, actor.user_id)],
        "decided": sign_off.decided(kind),
    }


def deciding_page(shown: Candidate, actor: Actor) -> dict[str, Any]:
    """How one candidate stands, for whoever reads it to decide."""
    newest = sign_off.latest_candidate(shown.definition)
    replaced = newest if newest is not None and newest.pk != shown.pk else None
    may_sign_off = gate.decide(actor, shown.sign_off_action).allowed
    return {
        "candidate": shown,
        "standings": sign_off.standings(shown),
        "ending": sign_off.ending_of(shown),
        "is_open": not sign_off.is_over(shown) and replaced is None,
        "replaced_by": replaced,
        "replaced_link": reverse(f"{shown.thing}s_candidate", args=[replaced.public_id]) if replaced else "",
        "authors": sign_off.authors_of(shown),
        "why_not": sign_off_policies.why_cannot_decide(shown, actor, may_sign_off),
    }


def standing_in_words(candidate: Candidate) -> str:
    """“Clinical safety: waiting · Information governance: approved by … on …”, or that it was taken back."""
    made = {each.role: each for each in candidate.approvals.all()}
    if "" in made:
        return f"T{_said(made[''])[1:]}"
    if getattr(candidate, "replaced", False) and len(made) < len(SIGNING_ROLES):
        return "Replaced by a newer text"
    ended = any(each.decision == each.Decision.REJECTED for each in made.values())
    awaited = "not needed any more" if ended else "waiting"
    return " · ".join(f"{label}: {_said(made[role]) if role in made else awaited}" for role, label in SIGNING_ROLES)


def _said(decision: Any) -> str:
    said = decision.get_decision_display().lower()
    return f"{said} by {decision.decided_by.display_name} on {timezone.localtime(decision.decided_at):%-d %B %Y}"


def groups_of(rows: Iterable[dict[str, Any]]) -> list[Group]:
    """Rows of `section` and `sentence`, by section."""
    groups: dict[str, Group] = {}
    for row in rows:
        groups.setdefault(row["section"], Group(row["section"], [])).sentences.append(row["sentence"])
    return list(groups.values())
