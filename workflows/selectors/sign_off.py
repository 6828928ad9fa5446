"""What waits for sign-off, whose decision it waits for, and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from governance.enums import CareSetting
from governance.models import StaffListEntry, User
from governance.selectors.staff import current
from workflows.models.drafting import SignedOff
from workflows.models.sign_off import SIGNING_ROLES, Candidate, CandidateDecision

C = TypeVar("C", bound=Candidate)
_Decision = CandidateDecision.Decision
_ENDING = (_Decision.REJECTED, _Decision.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one of the two roles stands; `decision` is None while it is awaited."""

    role: str
    label: str
    decision: CandidateDecision | None


def latest_candidate(definition: SignedOff) -> Any:
    """The candidate sent last: the only one that can still be decided on; None when none was sent."""
    return definition.candidates.order_by("-created_at", "-pk").first()


def decisions_on(candidate: Candidate) -> list[CandidateDecision]:
    """Every decision on a candidate, in the order they were made."""
    return list(candidate.approvals.select_related("decided_by"))


def standings(candidate: Candidate) -> list[Standing]:
    """Both roles, decided or awaited."""
    made = {each.role: each for each in decisions_on(candidate)}
    return [Standing(role, label, made.get(role)) for role, label in SIGNING_ROLES]


def ending_of(candidate: Candidate) -> CandidateDecision | None:
    """Who sent it back or took it back, if somebody did."""
    return candidate.approvals.select_related("decided_by").filter(decision__in=_ENDING).first()


def roles_awaited(candidate: Candidate) -> list[str]:
    """The roles that have not approved it."""
    approved = set(candidate.approvals.filter(decision=_Decision.APPROVED).values_list("role", flat=True))
    return [role for role, _ in SIGNING_ROLES if role not in approved]


def is_over(candidate: Candidate) -> bool:
    """Whether nothing more can be decided: sent back, taken back, or approved by both."""
    return ending_of(candidate) is not None or not roles_awaited(candidate)


def waiting_candidates(kind: type[C]) -> list[C]:
    """Candidates that are not decided and that none has replaced, oldest first."""
    open_ones = kind.objects.filter(version=None).exclude(approvals__decision__in=_ENDING)
    rows = open_ones.select_related("definition", "created_by").prefetch_related("approvals__decided_by")
    newest: dict[int, Any] = {each.definition_id: each for each in rows.order_by("created_at", "pk")}
    return [each for each in newest.values() if latest_candidate(each.definition) == each]


def candidates_waiting_for(kind: type[C], user_id: int, role: str) -> list[C]:
    """What this account may decide on in this role, if it holds it."""
    if not officers([role]).filter(pk=user_id).exists():
        return []
    return [
        each
        for each in waiting_candidates(kind)
        if user_id not in each.author_ids
        and not any(made.role == role or made.decided_by_id == user_id for made in each.approvals.all())
    ]


def decided(kind: type[Candidate], limit: int = 20) -> QuerySet[Any]:
    """The last decisions on candidates of a kind, newest first."""
    approvals: Any = kind._meta.get_field("approvals").related_model
    rows = approvals.objects.select_related("candidate__definition", "candidate__version", "decided_by")
    return rows.order_by("-decided_at", "-pk")[:limit]


def sent_by(kind: type[Candidate], user_id: int | None, limit: int = 20) -> QuerySet[Any]:
    """What an account sent for sign-off, newest first, and whether a newer text `replaced` it."""
    newer = kind.objects.filter(definition=OuterRef("definition"), created_at__gt=OuterRef("created_at"))
    rows = kind.objects.filter(created_by=user_id).select_related("definition", "version")
    return rows.annotate(replaced=Exists(newer)).prefetch_related("approvals__decided_by")[:limit]


def officers(roles: Iterable[str]) -> QuerySet[User]:
    """Everybody who holds one of these roles at the host today."""
    entries = StaffListEntry.objects.filter(current(), role__in=roles, organisation__care_setting=CareSetting.HOST)
    return User.objects.filter(pk__in=entries.values("user_id"), is_active=True)


def authors_of(candidate: Candidate) -> QuerySet[User]:
    """Everybody who wrote part of it or sent it."""
    return User.objects.filter(pk__in=candidate.author_ids).order_by("last_name", "pk")
