"""How a candidate stands, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from workflows.models.sign_off import SIGNING_ROLES, Candidate


@dataclass(frozen=True, slots=True)
class Group:
    """The changes inside one section; without a title those of the whole."""

    title: str
    sentences: list[str]


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
