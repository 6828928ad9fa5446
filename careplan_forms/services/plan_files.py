"""Taking files into a plan, and giving them out again.

A file is stored before its row is written, and its row before any answer names it: whatever stops in between leaves
something that nothing names, which `plan_file_upkeep` clears away.
"""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from careplan_forms import file_store, policies, trail
from careplan_forms.models import CarePlan, PlanFile
from careplan_forms.schema.items.file_kinds import KINDS, kinds_of, largest_of
from careplan_forms.selectors import plan_files, plans
from careplan_forms.selectors.audience import form_for_work
from core.exceptions import Absent, Refused, Unavailable
from core.uploads import Refusal, clean_name, judge
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.services.audit import record, record_read

#: Files one person may add to one plan in a day; nobody scans more, a script might.
MOST_A_DAY = 100
_DAMAGED = (
    "This file was changed or lost after it was saved, so it is not given out. The rest of the plan can be read. "
    "Tell the people who run the service"
)


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out."""

    name: str
    media_type: str
    content: bytes


def add_file(
    *, by: Actor, plan: CarePlan, uid: str, name: str, content: bytes, now: datetime.datetime
) -> dict[str, Any]:
    """Keep an uploaded file for a question; gives what an answer says of it.

    The same file sent twice is kept once. Raises core.uploads.Refusal with why it is not kept: beside those of
    `judge`, `empty`, `large` (more than the question takes) and `often`.
    """
    check(by, Action.PLAN_WRITE, plan)
    policies.check_can_edit(plan)
    item = form_for_work(by, plan).items.get(uid)
    if item is None or item.type != "attachment" or item.item.read_only or by.user_id is None:
        raise Refused("You cannot add files to this question", field=uid)
    if not content:
        raise Refusal("empty")
    if len(content) > largest_of(item.item):
        raise Refusal("large")
    judged = judge(content)
    if judged.kind not in kinds_of(item.item):
        raise Refusal("kind")
    row = PlanFile(
        public_id=uuid4(),
        plan=plan,
        uid=uid,
        name=clean_name(name, KINDS[judged.kind].endings[0]),
        kind=judged.kind,
        size=len(judged.content),
        sha256=hashlib.sha256(judged.content).hexdigest(),
        uploaded_by_id=by.user_id,
        uploaded_at=now,
    )
    return _same(row) or _kept(by, row, judged.content)


def check_files(*, plan: CarePlan, items: Mapping[str, Any], answers: Mapping[str, Any], before: Any) -> None:
    """Answers name only files of this plan, each under its own question. Raises Refused.

    `items` are the compiled questions by uid, `before` the answers as they stood.
    """
    for uid, value in answers.items():
        item = items[uid]
        if plan_files.unknown(plan, item, value, before.get(uid)):
            raise Refused(item.field.fault("attachment.gone").message, field=uid)


def read_file(*, by: Actor, plan_id: UUID, file_id: UUID) -> Download:
    """A file for the people who work with the plan, the look recorded. Raises Absent, alike for every other file."""
    plan = plans.get(viewer=by, public_id=plan_id)
    facts = plan_files.find(viewer=by, plan=plan, file_id=file_id)
    if facts is None:
        raise Absent
    return give_out(by=by, target=trail.plan_target(plan), facts=facts, action="plan.file_read")


def give_out(*, by: Actor, target: tuple[str, str], facts: Mapping[str, Any], action: str) -> Download:
    """The file an answer names, for somebody who is shown that answer. The look is recorded first.

    Raises Unavailable when the bytes are not those the answer was sealed with; that is recorded too.
    """
    record_read(by=by, action=action, target=target, detail={"file": facts["id"]})
    try:
        content = file_store.get(facts)
    except file_store.Damaged as error:
        with transaction.atomic():
            record(by=by, action="plan.file_damaged", target=target, detail={"file": facts["id"]}, result="failed")
        raise Unavailable(_DAMAGED) from error
    return Download(facts["name"], KINDS[facts["kind"]].media_type, content)


@transaction.atomic
def _same(row: PlanFile) -> dict[str, Any] | None:
    """What is known of the same file, when its author brought it before and it is still there."""
    same = PlanFile.objects.select_for_update().filter(
        plan=row.plan, uid=row.uid, uploaded_by=row.uploaded_by_id, sha256=row.sha256, name=row.name
    )
    found = same.first()
    if found is None or not file_store.has(found.public_id):
        return None
    if found.unused_since is not None:
        found.unused_since = None
        found.save(update_fields=["unused_since"])
    return found.facts


def _kept(by: Actor, row: PlanFile, content: bytes) -> dict[str, Any]:
    today = PlanFile.objects.filter(
        plan=row.plan, uploaded_by=row.uploaded_by_id, uploaded_at__gt=row.uploaded_at - datetime.timedelta(days=1)
    )
    if today.count() >= MOST_A_DAY:
        raise Refusal("often")
    file_store.put(row.public_id, content)
    with transaction.atomic():
        row.save()
        detail = {"file": str(row.public_id), "item": row.uid, "kind": row.kind, "size": row.size, "sha256": row.sha256}
        record(by=by, action="plan.file_added", target=trail.plan_target(row.plan), detail=detail)
    return row.facts
