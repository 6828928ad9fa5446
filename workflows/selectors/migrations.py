"""Cases that stand on an earlier version of their flow, and how far moving them has come."""

import uuid
from collections.abc import Iterator

from django.db.models import Count, Prefetch, QuerySet

from core.exceptions import Absent
from core.moving import EDITABLE
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import User
from workflows import move_policies
from workflows.models import FlowCase, FlowDefinition, FlowMigration, FlowVersion, FlowVersionApproval
from workflows.selectors.sign_off import officers

#: Cases judged at one go, with what they decide on.
CHUNK = 200


def migration_by_id(viewer: Actor, key: str, public_id: uuid.UUID) -> FlowMigration:
    """A migration of the flow with that key; Absent when there is none."""
    found = _migrations().filter(definition__key=key, public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def by_pk(pk: int) -> FlowMigration:
    """The same by its key, for services and the worker."""
    return _migrations().get(pk=pk)


def migrations_of(viewer: Actor, definition: FlowDefinition) -> QuerySet[FlowMigration]:
    """Every migration of a flow, the newest first."""
    return _migrations().filter(definition=definition)


def left_behind(viewer: Actor, definition: FlowDefinition) -> list[tuple[FlowVersion, int]]:
    """The versions other than the live one on which open cases stand, each with their number."""
    others = definition.versions.exclude(pk=definition.live_version_id).order_by("-number")
    counted = [(version, open_cases(version).count()) for version in others]
    return [(version, number) for version, number in counted if number]


def open_cases(version: FlowVersion) -> QuerySet[FlowCase]:
    """The open cases on a version, in the order of their keys."""
    return FlowCase.objects.filter(version=version, closed_at=None).order_by("pk")


def in_chunks(version: FlowVersion) -> Iterator[list[FlowCase]]:
    """Its open cases, a chunk at a time."""
    after = 0
    while chunk := list(open_cases(version).filter(pk__gt=after)[:CHUNK]):
        yield chunk
        after = chunk[-1].pk


def is_editable(migration: FlowMigration) -> bool:
    """Whether where its cases go can still be changed."""
    return migration.state in EDITABLE


def became(migration: FlowMigration) -> dict[str, int]:
    """What became of the cases that were looked at so far: outcome → how many."""
    rows = migration.moves.values_list("outcome").annotate(number=Count("pk")).order_by("outcome")
    return dict(rows)


def confirmers(migration: FlowMigration) -> QuerySet[User]:
    """Those who could be the second person of a move today: clinical leads and clinical safety officers who did not
    plan it.
    """
    people = officers([RoleKey.CLINICAL_LEAD, RoleKey.CLINICAL_SAFETY_OFFICER])
    return people.exclude(pk__in=move_policies.planners(migration))


def _migrations() -> QuerySet[FlowMigration]:
    approvals = Prefetch("to_version__approvals", FlowVersionApproval.objects.all())
    rows = FlowMigration.objects.select_related(
        *("definition__live_version", "from_version", "to_version", "edited_by", "asked_by", "started_by")
    )
    return rows.prefetch_related(approvals)
