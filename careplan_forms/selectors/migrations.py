"""Plans that stand on an earlier version of their form: which they are, what would become of them, who waits."""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, DateField, Q, QuerySet

from careplan_forms.enums import PlanState
from careplan_forms.merging import Merged, fingerprint, merge
from careplan_forms.models import CarePlan, FormMigration, FormMigrationDraft, FormVersion, PlanDraft
from careplan_forms.permissions import user_owns_plan
from careplan_forms.schema.mapping import Moved, Mover
from careplan_forms.selectors.plans import form_of
from core.exceptions import Absent
from governance.actors import Actor
from governance.enums import Action
from governance.gate import decide
from governance.selectors.prepared import Prepared, Slot

#: Plans read at one go; a plan's answers are a few tens of kilobytes.
CHUNK = 200
#: Mappings kept ready. Their hash covers those of both documents.
MOST_MOVERS = 32
_movers: dict[str, Mover] = {}

_PLAN = ("public_id", "owner_id", "form_version_id", "state", "current_version__answers", "waiting_submission__answers")


def migration_by_id(public_id: uuid.UUID) -> FormMigration:
    """A migration by its public id. Raises Absent."""
    rows = FormMigration.objects.select_related("definition", "from_version", "to_version", "edited_by", "started_by")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Absent
    return found


def migrations(definitions: Iterable[int] | None = None) -> QuerySet[FormMigration]:
    """Every migration, of all forms or of some, those still to do first."""
    rows = FormMigration.objects.select_related("definition", "from_version", "to_version").defer("mapping")
    rows = rows.defer("from_version__document", "to_version__document")
    return rows if definitions is None else rows.filter(definition__in=definitions)


def versions_left_behind(version: FormVersion) -> list[FormVersion]:
    """The other versions of the form on which open plans stand."""
    others = FormVersion.objects.filter(definition=version.definition_id).exclude(pk=version.pk)
    return [each for each in others if open_plans(each).exists()]


def open_plans(version: FormVersion) -> QuerySet[CarePlan]:
    """The plans on a version that live: withdrawn ones, and those of people who died, are left alone."""
    rows = CarePlan.objects.filter(form_version=version, patient__died_on=None)
    return rows.exclude(state=PlanState.WITHDRAWN)


def mover_of(migration: FormMigration) -> Mover:
    """The mapping of a migration, ready for many plans: made once a process for each text of the mapping."""
    found = _movers.get(migration.sha256)
    if found is None:
        found = Mover(migration.mapping, form_of(migration.from_version), form_of(migration.to_version))
        if len(_movers) >= MOST_MOVERS:
            _movers.clear()
        _movers[migration.sha256] = found
    return found


def in_chunks(plans: QuerySet[CarePlan], after: int = 0, size: int = CHUNK) -> Iterator[list[CarePlan]]:
    """Plans in the order of their keys with what their answers are read from, a chunk at a time."""
    while chunk := list(readable(plans).filter(pk__gt=after).order_by("pk")[:size]):
        yield chunk
        after = chunk[-1].pk


def readable(plans: QuerySet[CarePlan]) -> QuerySet[CarePlan]:
    """With the columns that `standing` reads, and no others."""
    return plans.select_related("current_version", "waiting_submission").only(*_PLAN)


def standing(plans: list[CarePlan]) -> dict[int, Merged]:
    """How each plan stands: what waits or is approved, with every open draft on top."""
    drafts: dict[int, list[tuple[int, Any]]] = {plan.pk: [] for plan in plans}
    rows = PlanDraft.objects.filter(plan__in=drafts, closed_at=None).order_by("pk")
    for plan, author, items in rows.values_list("plan", "author", "items"):
        drafts[plan].append((author, items))
    return {plan.pk: merge(_base(plan), drafts[plan.pk]) for plan in plans}


def _base(plan: CarePlan) -> dict[str, Any]:
    text = plan.waiting_submission or plan.current_version
    return text.answers if text else {}


@dataclass(frozen=True, slots=True)
class Move:
    """A plan that waits to be moved to another version of its form, judged on its answers as they are now."""

    draft: FormMigrationDraft
    merged: Merged
    moved: Moved
    due: bool
    may_confirm: bool

    @property
    def migration(self) -> FormMigration:
        return self.draft.migration

    @property
    def sha256(self) -> str:
        """What somebody who confirms has been shown: the answers before and after, and the mapping between."""
        return fingerprint([self.migration.sha256, self.merged.answers, self.moved.answers])


def waiting_move(*, viewer: Actor, plan: CarePlan, today: datetime.date) -> Move | None:
    """What waits for a clinician on this plan; None for most plans."""
    if plan.has_move is False:
        return None
    rows = FormMigrationDraft.objects.filter(plan=plan, closed_at=None)
    draft = rows.select_related("migration__from_version", "migration__to_version").first()
    ended = plan.state == PlanState.WITHDRAWN or plan.patient.died_on is not None
    if draft is None or ended or plan.form_version_id != draft.migration.from_version_id:
        return None
    merged = standing([readable(CarePlan.objects.filter(pk=plan.pk)).get()])[plan.pk]
    deadline = draft.migration.deadline
    return Move(
        draft=draft,
        merged=merged,
        moved=mover_of(draft.migration).move(merged.answers),
        due=deadline is not None and today > deadline,
        may_confirm=user_owns_plan(viewer, plan) and decide(viewer, Action.PLAN_WRITE, plan).allowed,
    )


_OVERDUE = Prepared(
    lambda: FormMigrationDraft.objects.filter(
        plan=Slot("plan", BigIntegerField()),
        closed_at=None,
        migration__from_version=Slot("version", BigIntegerField()),
        migration__deadline__lt=Slot("today", DateField()),
    ).values_list("pk")
)


def must_look_first(*, viewer: Actor, plan: CarePlan, today: datetime.date) -> bool:
    """Whether the viewer is led to the change of the form before they write on.

    That is so once the date has passed, for those who can confirm it; others are not kept from writing by it. What
    waits for approval is decided first.
    """
    if plan.has_move is False or plan.waiting_submission_id is not None or not user_owns_plan(viewer, plan):
        return False
    return bool(_OVERDUE.all(plan=plan.pk, version=plan.form_version_id, today=today))


def waiting_for(organisation_id: int | None) -> Q:
    """The condition on a plan that it waits for a clinician of this organisation to look at a changed form."""
    waiting = FormMigrationDraft.objects.filter(closed_at=None).values("plan")
    here = Q(pk__in=waiting, owner=organisation_id, waiting_submission=None, patient__died_on=None)
    return here & ~Q(state=PlanState.WITHDRAWN)


def waiting_count(migration: FormMigration) -> int:
    """How many plans of a migration still wait for a clinician."""
    return FormMigrationDraft.objects.filter(migration=migration, closed_at=None).count()
