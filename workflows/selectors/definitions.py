"""Definitions and their versions: which flow a subject takes, and what the register shows."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from core.exceptions import Absent, Refused
from governance.actors import Actor
from workflows import policies
from workflows.engine.spec import Transition
from workflows.models import FlowDefinition, FlowVersion, FlowVersionApproval
from workflows.registry import Subject


def for_subject(subject: Subject) -> FlowVersion:
    """The live version of the flow a subject takes: the highest priority that applies, else the default.

    Refused when none applies, or when two of the same priority do: a subject never goes without a flow.
    """
    rows = FlowDefinition.objects.filter(subject_kind=subject.kind, live_version__isnull=False)
    candidates = list(rows.select_related("live_version").order_by("-priority", "key"))
    fitting = [row for row in candidates if not row.is_default and applies(row.applies_when, subject.facts)]
    chosen = [row for row in fitting if row.priority == fitting[0].priority]
    chosen = chosen or [row for row in candidates if row.is_default]
    if len(chosen) != 1 or chosen[0].live_version is None:
        problem = "no flow has been set up" if not chosen else "two flows claim it"
        raise Refused(f"This cannot be sent, because {problem} for it. Tell the clinical lead. Nothing was lost.")
    chosen[0].live_version.definition = chosen[0]
    return chosen[0].live_version


def in_use_for(subject_kind: str) -> bool:
    """Whether subjects of a kind take flows here at all."""
    return FlowDefinition.objects.filter(subject_kind=subject_kind, live_version__isnull=False).exists()


def opening_in_use(subject_kind: str) -> Transition | None:
    """The opening step of the default flow for a kind; None when there is no such flow in use, or no such step."""
    rows = FlowDefinition.objects.filter(subject_kind=subject_kind, is_default=True, live_version__isnull=False)
    found = rows.select_related("live_version").first()
    return policies.spec_of(found.live_version).opening if found and found.live_version else None


def applies(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether every condition of a definition equals the subject's fact of that name."""
    return bool(conditions) and all(name in facts and facts[name] == value for name, value in conditions.items())


def register(viewer: Actor) -> QuerySet[FlowDefinition]:
    """Every definition with the number of its versions and of the cases open on it, for the register of
    flows.
    """
    return (
        FlowDefinition.objects.select_related("live_version")
        .annotate(
            version_count=Count("versions", distinct=True),
            open_cases=Count("versions__cases", filter=Q(versions__cases__closed_at=None), distinct=True),
        )
        .order_by("subject_kind", "-priority", "key")
    )


def by_key(viewer: Actor, key: str) -> FlowDefinition:
    """The definition with its versions, newest first, and their signatures; Absent when there is none."""
    approvals = FlowVersionApproval.objects.select_related("signed_by").order_by("capacity")
    versions = FlowVersion.objects.order_by("-number").prefetch_related(Prefetch("approvals", approvals))
    found = (
        FlowDefinition.objects.select_related("live_version")
        .prefetch_related(Prefetch("versions", versions))
        .filter(key=key)
        .first()
    )
    if found is None:
        raise Absent
    return found


def version(viewer: Actor, key: str, number: int) -> FlowVersion:
    """One version with its definition and signatures; Absent when there is none."""
    approvals = FlowVersionApproval.objects.select_related("signed_by").order_by("capacity")
    found = (
        FlowVersion.objects.select_related("definition", "definition__live_version")
        .prefetch_related(Prefetch("approvals", approvals))
        .filter(definition__key=key, number=number)
        .first()
    )
    if found is None:
        raise Absent
    return found
