"""What waits for a viewer: their team's open tasks, their own, and those of colleagues they stand in for."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from core import clock
from core.exceptions import Absent, Refused
from core.pagination import capped_counts
from governance.actors import Actor
from governance.enums import ActorKind
from workflows import policies, registry
from workflows.engine.loading import SpecError
from workflows.engine.spec import ANY_ROLE, Spec
from workflows.models import FlowTask, FlowVersion
from workflows.selectors import people

#: A column that may be empty, which the list puts last, and one that is unique.
DUE_FIRST = ("due_at", "pk")
LISTS = {"mine": "Mine", "free": "Not taken", "overdue": "Overdue", "all": "All"}
#: What of an address narrows the inbox: its list and its filters.
NARROWING = ("show", "kind", "waits", "due", "taken", "owner")
#: No more than this is counted for a heading: "99+" says enough.
MOST_COUNTED = 99
MOST_OWNERS = 500
MOST_OTHERS = 500


@dataclass(frozen=True)
class Choices:
    """What the filters of an inbox offer, as (value, words)."""

    kinds: tuple[tuple[str, str], ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    owners: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Inbox:
    """One viewer's inbox at one moment: all of it, and those whose tasks count as the viewer's own."""

    rows: QuerySet[FlowTask]
    holders: frozenset[int]

    def listed(self, show: str) -> QuerySet[FlowTask]:
        """One of `LISTS`, in no order yet; see `DUE_FIRST`."""
        narrow = {
            "mine": Q(claimed_by__in=self.holders),
            "free": Q(claimed_by=None),
            "overdue": Q(due_at__lt=clock.now()),
        }
        return self.rows.filter(narrow[show]) if show in narrow else self.rows

    def counts(self) -> dict[str, int]:
        """How long each list is, no further than a heading needs, in one statement."""
        return capped_counts({name: self.listed(name) for name in LISTS}, MOST_COUNTED)


def inbox_of(viewer: Actor) -> Inbox:
    """What waits for the viewer: the tasks of their role at their organisation, those of whoever sent a thing when they
    sent it, those put in their hands, and those a colleague took who is away and whom they stand in for. Not those
    whose part they have decided.
    """
    user, place = viewer.user_id, viewer.organisation_id
    if viewer.kind != ActorKind.STAFF or user is None or place is None:
        return Inbox(FlowTask.objects.none(), frozenset())
    holders = frozenset({user, *people.stood_in_for(user_id=user, organisation_id=place, now=clock.now())})
    here = FlowTask.objects.filter(organisation_id=place, closed_at=None)
    # Almost always none, and the index serves the list best without them. Each half has an index of its own.
    given = here.filter(claimed_by__in=holders).exclude(role=str(viewer.role or ""))
    senders = here.filter(role=ANY_ROLE, case__opened_by=user)
    found = list(given.values_list("pk", flat=True).union(senders.values_list("pk", flat=True))[:MOST_OTHERS])
    theirs = Q(role=str(viewer.role or "")) | Q(pk__in=found) if found else Q(role=str(viewer.role or ""))
    return Inbox(here.filter(theirs).exclude(done_by=user), holders)


def tasks(viewer: Actor) -> QuerySet[FlowTask]:
    """The viewer's and their team's open tasks, in no order yet; see `DUE_FIRST`."""
    return inbox_of(viewer).rows


def with_cases(rows: QuerySet[FlowTask]) -> QuerySet[FlowTask]:
    """With what a list says of each, and without the text of its flow, which many of them share."""
    return rows.select_related("case__owner", "claimed_by").only(
        *("public_id", "state", "role", "opened_at", "due_at", "claimed_by__first_name", "claimed_by__last_name"),
        *("claimed_by__email", "case__public_id", "case__subject_kind", "case__subject_id", "case__version_id"),
        *("case__state", "case__owner__name"),
    )


def task(viewer: Actor, public_id: UUID) -> FlowTask:
    """One task that was ever in the viewer's inbox; Absent when there is none. The service says when it is done."""
    rows = FlowTask.objects.filter(organisation_id=viewer.organisation_id or 0, role=str(viewer.role or ""))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def specs_of(version_ids: set[int]) -> dict[int, Spec]:
    """The flows of these versions, each read once; one that cannot be read is left out."""
    found = {}
    for version in FlowVersion.objects.filter(pk__in=version_ids):
        spec = readable_spec(version)
        if spec is not None:
            found[version.pk] = spec
    return found


def readable_spec(version: FlowVersion) -> Spec | None:
    """The flow of a version, or None where its text is no longer what was signed."""
    try:
        return policies.spec_of(version)
    except (SpecError, Refused):
        return None


def choices(viewer: Actor, inbox: Inbox) -> Choices:
    """What this viewer's inbox can be narrowed to: kinds and states that flows in use bring to their role; for the
    host of the service, whose cases they are.
    """
    kinds, states = _waited_for(str(viewer.role or ""))
    owners = _owners(inbox) if viewer.organisation_id in people.host_ids() else ()
    return Choices(kinds, states, owners)


def _waited_for(role: str) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The kinds of subject and the states, as `flow.state`, in which live flows wait for a role."""
    kinds: dict[str, str] = {}
    states: dict[str, tuple[str, str]] = {}
    live = FlowVersion.objects.filter(live_for__isnull=False).select_related("definition").order_by("definition__name")
    for version in live:
        spec, flow = readable_spec(version), version.definition
        for state in spec.states if spec else ():
            if not any(rule.role in (role, ANY_ROLE) for rule in state.waits_for):
                continue
            states[f"{flow.key}.{state.key}"] = (state.label, flow.name)
            if flow.subject_kind in registry.subjects:
                kinds[flow.subject_kind] = registry.subjects.get(flow.subject_kind).label
    return tuple(sorted(kinds.items(), key=lambda kind: kind[1])), _told_apart(states)


def _told_apart(states: Mapping[str, tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """States in words; those of two flows that are called the same get the flow's name too."""
    labels = [label for label, _ in states.values()]
    return tuple(
        (value, f"{label} ({flow})" if labels.count(label) > 1 else label) for value, (label, flow) in states.items()
    )


def _owners(inbox: Inbox) -> tuple[tuple[str, str], ...]:
    rows = inbox.rows.order_by("case__owner__name").values_list("case__owner__public_id", "case__owner__name")
    return tuple((str(key), name) for key, name in rows.distinct()[:MOST_OWNERS])
