"""Forms as the service uses them: versions, which is live, and what waits for sign-off."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from careplan_forms.enums import PlanState
from careplan_forms.models import (
    AnswerFact,
    CarePlan,
    FormCandidate,
    FormCandidateApproval,
    FormDefinition,
    FormVersion,
    PlanDraft,
)
from core.exceptions import Absent

URGENT_CARE_PLAN = "urgent-care-plan"


def live_version(key: str = URGENT_CARE_PLAN) -> FormVersion | None:
    """The version new plans of this form start on; None when the form is not known or none is live."""
    found = FormDefinition.objects.filter(key=key).select_related("live_version__definition").first()
    return found.live_version if found else None


def definition_by_id(public_id: uuid.UUID) -> FormDefinition:
    """A form by its public id. Raises Absent."""
    found = FormDefinition.objects.filter(public_id=public_id).select_related("live_version").first()
    if found is None:
        raise Absent
    return found


def candidate_by_id(public_id: uuid.UUID) -> FormCandidate:
    """A candidate by its public id. Raises Absent."""
    rows = FormCandidate.objects.select_related("definition__live_version", "created_by")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def latest_candidate(definition: FormDefinition) -> FormCandidate | None:
    """The candidate sent last: the only one that can still be decided on."""
    return definition.candidates.order_by("-created_at", "-pk").first()


def had_version_before(candidate: FormCandidate) -> bool:
    """Whether a version was there to differ from when the candidate was made."""
    return candidate.definition.versions.filter(published_at__lt=candidate.created_at).exists()


def decision_on(candidate: FormCandidate) -> FormCandidateApproval | None:
    """What was decided, if anything was."""
    return candidate.approvals.select_related("decided_by").first()


def waiting_candidates() -> list[FormCandidate]:
    """Candidates nobody has decided on and none has replaced, oldest first."""
    undecided = FormCandidate.objects.filter(approvals=None).select_related("definition", "created_by")
    newest: dict[int, FormCandidate] = {each.definition_id: each for each in undecided.order_by("created_at", "pk")}
    return [each for each in newest.values() if latest_candidate(each.definition) == each]


def decided_candidates(limit: int = 20) -> QuerySet[FormCandidateApproval]:
    """The last decisions, newest first."""
    rows = FormCandidateApproval.objects.select_related("candidate__definition", "candidate__version", "decided_by")
    return rows.order_by("-decided_at")[:limit]


def versions_of(definition: FormDefinition) -> QuerySet[FormVersion]:
    """Every version, newest first, with how many plans stand on it."""
    counted = Count("plans", filter=~Q(plans__state=PlanState.WITHDRAWN))
    return definition.versions.annotate(open_plans=counted).select_related("published_by").order_by("-number")


def version_numbered(definition: FormDefinition, number: str) -> FormVersion:
    """A version of a form by its number as typed. Raises Absent."""
    found = definition.versions.filter(number=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise Absent
    return found


def published_names(definitions: Iterable[FormDefinition]) -> dict[str, str]:
    """The names in exports that some forms' newest versions have fixed: uid → link_id."""
    found: dict[str, str] = {}
    for definition in definitions:
        newest = definition.versions.order_by("-number").first()
        for section in newest.document["sections"] if newest else ():
            found |= names_in(section["items"])
    return found


def names_in(items: list[dict[str, Any]]) -> dict[str, str]:
    """uid → link_id of items and of everything inside them."""
    found: dict[str, str] = {}
    for item in items:
        found[item["uid"]] = item["link_id"]
        found |= names_in(item["items"])
    return found


def impact_of(definition: FormDefinition, removed: list[tuple[str, str]]) -> dict[str, Any]:
    """What a new version meets: open plans and drafts on earlier versions, and answers given to removed items.

    `removed` is (uid, label) of items the new document no longer has.
    """
    plans = CarePlan.objects.filter(form_version__definition=definition).exclude(state=PlanState.WITHDRAWN)
    drafts = PlanDraft.objects.filter(form_version__definition=definition, closed_at=None)
    counts = AnswerFact.objects.filter(item_uid__in=[uid for uid, _ in removed]).values("item_uid")
    answered = {row["item_uid"]: row["plans"] for row in counts.annotate(plans=Count("plan", distinct=True))}
    return {
        "open_plans": plans.count(),
        "open_drafts": drafts.count(),
        "removed": [{"uid": uid, "label": label, "plans": answered.get(uid, 0)} for uid, label in removed],
    }
