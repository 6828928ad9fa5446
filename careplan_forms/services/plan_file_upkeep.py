"""Clearing away files that nothing names any more. What was ever sent for approval is kept for good."""

import datetime
import json
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from careplan_forms import file_store, trail
from careplan_forms.models import CarePlan, FormMigrationDraft, PlanDraft, PlanFile, PlanSubmission
from governance.actors import Actor
from governance.services.audit import record

#: A file that no draft names any more may be wanted back: an undo, a page that is still open, a colleague's clash.
KEEP_UNUSED = datetime.timedelta(days=7)
#: Between storing bytes and writing their row lies less than a second; the rest is for clocks that disagree.
KEEP_NAMELESS = datetime.timedelta(days=1)


def clear_away(*, by: Actor, now: datetime.datetime) -> dict[str, int]:
    """Delete what has been unused long enough, and bytes whose row was never written; gives how many of each."""
    counted: Counter[str] = Counter()
    waiting = PlanFile.objects.filter(kept_for_good=False).order_by("plan").values_list("plan", flat=True).distinct()
    for plan_id in list(waiting):
        counted += _look_at(by, plan_id, now)
    counted["nameless"] = _clear_nameless(now)
    return {key: counted[key] for key in ("unused", "deleted", "nameless")}


def compared() -> Iterator[tuple[str, bool]]:
    """Every file by "plan …, file …", and whether its bytes are those that its plan names."""
    for row in PlanFile.objects.select_related("plan").iterator():
        try:
            file_store.get(row.facts)
            fits = True
        except file_store.Damaged:
            fits = False
        yield f"plan {row.plan.public_id}, file {row.public_id}", fits


@transaction.atomic
def _look_at(by: Actor, plan_id: int, now: datetime.datetime) -> Counter[str]:
    """One plan's files, while nobody saves in it: see `drafts`, which takes the same lock before it judges answers."""
    counted: Counter[str] = Counter()
    plan = CarePlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    sent, written = _sent(plan_id), _written(plan_id)
    for row in PlanFile.objects.select_for_update().filter(plan=plan_id, kept_for_good=False):
        named = str(row.public_id)
        if named in sent:
            row.kept_for_good, row.unused_since = True, None
        elif named in written:
            row.unused_since = None
        elif row.unused_since is None:
            row.unused_since = now
            counted["unused"] += 1
        elif now - row.unused_since >= KEEP_UNUSED:
            _delete(by, plan, row)
            counted["deleted"] += 1
            continue
        row.save(update_fields=["kept_for_good", "unused_since"])
    return counted


def _sent(plan_id: int) -> str:
    """Everything that was ever sent for approval, as one text to look for names in."""
    return json.dumps(list(PlanSubmission.objects.filter(plan=plan_id).values_list("answers", flat=True)))


def _written(plan_id: int) -> str:
    """Everything anybody writes or has written in the plan, kept typing and answers under way to a new form too."""
    drafts = PlanDraft.objects.filter(plan=plan_id).values_list("items", "unsaved")
    moving = FormMigrationDraft.objects.filter(plan=plan_id).values_list("answers", flat=True)
    return json.dumps([list(drafts), list(moving)])


def _delete(by: Actor, plan: CarePlan, row: PlanFile) -> None:
    """The row first: bytes that stay behind when the service stops here are cleared as nameless."""
    public_id: UUID = row.public_id
    detail = {"file": str(public_id), "item": row.uid, "sha256": row.sha256}
    row.delete()
    record(by=by, action="plan.file_deleted", target=trail.plan_target(plan), detail=detail)
    transaction.on_commit(lambda: file_store.remove(public_id))


def _clear_nameless(now: datetime.datetime) -> int:
    """Bytes that were stored by an upload that never came to its end."""
    old = [public_id for public_id, at in file_store.stored() if now - at > KEEP_NAMELESS]
    named = set(PlanFile.objects.filter(public_id__in=old).values_list("public_id", flat=True)) if old else set()
    for public_id in old:
        if public_id not in named:
            file_store.remove(public_id)
    return len([public_id for public_id in old if public_id not in named])
