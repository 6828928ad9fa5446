"""What waits for sign-off, whose decision it waits for, and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from careplan_forms.models import FormCandidate, FormCandidateApproval
from careplan_forms.models.definition import SIGNING_ROLES
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors import form_drafts
from careplan_forms.selectors.definitions import latest_candidate
from governance.enums import CareSetting
from governance.models import StaffListEntry, User
from governance.selectors.staff import current

_Decision = FormCandidateApproval.Decision
_ENDING = (_Decision.REJECTED, _Decision.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one of the two roles stands; `decision` is None while it is awaited."""

    role: str
    label: str
    decision: FormCandidateApproval | None


def decisions_on(candidate: FormCandidate) -> list[FormCandidateApproval]:
    """Every decision on a candidate, in the order they were made."""
    return list(candidate.approvals.select_related("decided_by"))


def standings(candidate: FormCandidate) -> list[Standing]:
    """Both roles, decided or awaited."""
    made = {each.role: each for each in decisions_on(candidate)}
    return [Standing(role, label, made.get(role)) for role, label in SIGNING_ROLES]


def ending_of(candidate: FormCandidate) -> FormCandidateApproval | None:
    """Who sent it back or took it back, if somebody did."""
    return candidate.approvals.select_related("decided_by").filter(decision__in=_ENDING).first()


def roles_awaited(candidate: FormCandidate) -> list[str]:
    """The roles that have not approved it."""
    approved = set(candidate.approvals.filter(decision=_Decision.APPROVED).values_list("role", flat=True))
    return [role for role, _ in SIGNING_ROLES if role not in approved]


def is_over(candidate: FormCandidate) -> bool:
    """Whether nothing more can be decided: sent back, taken back, or approved by both."""
    return ending_of(candidate) is not None or not roles_awaited(candidate)


def waiting_candidates() -> list[FormCandidate]:
    """Candidates that are not decided and that none has replaced, oldest first."""
    open_ones = FormCandidate.objects.filter(version=None).exclude(approvals__decision__in=_ENDING)
    rows = open_ones.select_related("definition", "created_by").prefetch_related("approvals__decided_by")
    newest: dict[int, FormCandidate] = {each.definition_id: each for each in rows.order_by("created_at", "pk")}
    return [each for each in newest.values() if latest_candidate(each.definition) == each]


def candidates_waiting_for(user_id: int, role: str) -> list[FormCandidate]:
    """What this account may decide on in this role, if it holds it."""
    if not officers([role]).filter(pk=user_id).exists():
        return []
    return [
        each
        for each in waiting_candidates()
        if user_id not in each.author_ids
        and not any(made.role == role or made.decided_by_id == user_id for made in each.approvals.all())
    ]


def decided(limit: int = 20) -> QuerySet[FormCandidateApproval]:
    """The last decisions, newest first."""
    rows = FormCandidateApproval.objects.select_related("candidate__definition", "candidate__version", "decided_by")
    return rows.order_by("-decided_at", "-pk")[:limit]


def sent_by(user_id: int | None, limit: int = 20) -> QuerySet[FormCandidate]:
    """What an account sent for sign-off, newest first, and whether a newer text `replaced` it."""
    newer = FormCandidate.objects.filter(definition=OuterRef("definition"), created_at__gt=OuterRef("created_at"))
    rows = FormCandidate.objects.filter(created_by=user_id).select_related("definition", "version")
    return rows.annotate(replaced=Exists(newer)).prefetch_related("approvals__decided_by")[:limit]


def officers(roles: Iterable[str]) -> QuerySet[User]:
    """Everybody who holds one of these roles at the host today."""
    entries = StaffListEntry.objects.filter(current(), role__in=roles, organisation__care_setting=CareSetting.HOST)
    return User.objects.filter(pk__in=entries.values("user_id"), is_active=True)


def authors_of(candidate: FormCandidate) -> QuerySet[User]:
    """Everybody who wrote part of it or sent it."""
    return User.objects.filter(pk__in=candidate.author_ids).order_by("last_name", "pk")


def moved_on(candidate: FormCandidate) -> bool:
    """Whether the drafts say something else by now."""
    return sha256_of(form_drafts.document_of(candidate.definition)) != candidate.sha256
