"""A clinician has looked at what another version of the form means for one plan, and moves it there.

Only here does a plan change the version it stands on. Its approved versions stay as they are, on theirs; what differs
goes on as drafts of those who wrote it and is sent for approval like any change.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from careplan_forms import policies, trail
from careplan_forms.merging import CURRENT, Items, fingerprint
from careplan_forms.models import CarePlan, FormMigrationDraft, PlanDraft
from careplan_forms.permissions import check_user_can_withdraw_plan
from careplan_forms.selectors import migrations as read
from careplan_forms.selectors import plans as plan_selectors
from careplan_forms.services import audience, projection
from core import clock
from core.exceptions import Conflict, Refused
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.services.audit import record

CHANGED = "This plan changed while you were looking, so it was not moved. Look at its answers again."


@transaction.atomic
def confirm_move(
    *, by: Actor, plan: CarePlan, shown: str, read_losses: bool, now: datetime.datetime
) -> tuple[str, ...]:
    """Move the plan to the new version; returns the questions of it that somebody has to look at.

    `shown` is the `Move.sha256` the page was drawn with, `read_losses` that the answers which are lost were read.
    Raises Conflict when something changed meanwhile, Refused for what has to be done first, NotAllowed for somebody
    of another organisation than the one that holds the plan.
    """
    check(by, Action.PLAN_WRITE, plan)
    check_user_can_withdraw_plan(by, plan)
    locked = CarePlan.objects.select_for_update(of=("self",)).select_related("patient").get(pk=plan.pk)
    policies.check_can_edit(locked)
    policies.check_can_start(locked.patient)
    move = read.waiting_move(viewer=by, plan=locked, today=clock.today(now))
    if move is None:
        raise Conflict("Somebody has moved this plan already. Nothing is left to do here.")
    obstacle = obstacle_to(move=move, plan=locked, by=by)
    if obstacle:
        raise Refused(obstacle)
    if move.sha256 != shown:
        raise Conflict(CHANGED)
    if move.moved.outcome == "loses_answer" and not read_losses:
        raise Refused("Confirm that you have read the answers that the new form has no place for", field="read_losses")
    _move(by, locked, move, now)
    return tuple(reason.uid for reason in move.moved.to_look_at)


def obstacle_to(*, move: read.Move, plan: CarePlan, by: Actor) -> str:
    """What has to be done before this person can move the plan, as a sentence; empty when nothing has."""
    if plan.waiting_submission_id is not None:
        return "This plan waits for approval. Have it decided, or take it back, before you move it to the new form"
    if move.merged.clashes:
        return "Two people answered the same question. Choose one of their answers before you move the plan"
    if not audience.sees_answers(by, plan, move.migration.from_version, move.merged.answers):
        return "A part of this plan is not shown to you. Somebody who may see all of it has to move it"
    drafts = plan_selectors.open_drafts(plan)
    if any(draft.unsaved for draft in drafts if draft.author_id == by.user_id):
        return "You typed text in this plan and did not save it. Save it or forget it before you move the plan"
    others = [draft for draft in drafts if draft.author_id != by.user_id and (draft.items or draft.unsaved)]
    if others and not move.due:
        last = move.migration.deadline
        until = f" They can finish until {last:%-d %B %Y}." if last else ""
        return f"A colleague is writing in this plan on the form it was started on.{until}"
    return ""


def _move(by: Actor, plan: CarePlan, move: read.Move, now: datetime.datetime) -> None:
    target = move.migration.to_version
    _rewrite_drafts(by, plan, move, now)
    plan.form_version = target
    plan.row_version += 1
    plan.updated_at = now
    plan.save()
    FormMigrationDraft.objects.filter(pk=move.draft.pk).update(
        closed_at=now,
        confirmed_by=by.user_id,
        result=FormMigrationDraft.Result.CONFIRMED,
        answers=move.moved.answers,
        base_sha256=fingerprint(move.merged.answers),
    )
    detail = {"from": move.migration.from_version.number, "to": target.number, "outcome": move.moved.outcome}
    detail["reasons"] = sorted({f"{reason.code}:{reason.uid}" for reason in move.moved.to_look_at})
    record(by=by, action="plan.form_changed", target=trail.plan_target(plan), detail=detail)
    if plan.current_version_id is not None:
        projection.project_plan(plan=plan, now=now)


def _rewrite_drafts(by: Actor, plan: CarePlan, move: read.Move, now: datetime.datetime) -> None:
    """Every author keeps a draft of what is theirs; what nobody had in a draft is the confirming clinician's.

    What an author wrote under a question that is gone stays in their draft, where no form shows it.
    """
    drafts = {draft.author_id: draft for draft in plan_selectors.open_drafts(plan)}
    changes = _changes(int(by.user_id or 0), plan, move, drafts, now.isoformat())
    for author in {*drafts, *changes}:
        draft = drafts.get(author) or PlanDraft(plan=plan, author_id=author, started_at=now, saved_at=now)
        draft.form_version = move.migration.to_version
        draft.items = draft.items | changes.get(author, {})
        draft.save()


def _changes(
    by: int, plan: CarePlan, move: read.Move, drafts: Mapping[int, PlanDraft], at: str
) -> dict[int, dict[str, Any]]:
    """Author → the items of their draft in which the new answers differ from the plan's base."""
    base, moved, merged = plan_selectors.base_answers(plan), move.moved, move.merged
    asked = plan_selectors.form_of(move.migration.to_version).items
    wanted = {uid: moved.answers.get(uid) for uid in {*moved.answers, *(uid for uid in base if uid in asked)}}
    found: dict[int, dict[str, Any]] = {}
    for uid, value in sorted(wanted.items()):
        if fingerprint(value) == fingerprint(merged.answers.get(uid)):
            continue
        writers = [merged.changed[each].author for each in moved.sources.get(uid, ()) if each in merged.changed]
        writers = [each for each in dict.fromkeys(writers) if each != CURRENT]
        author = writers[-1] if writers else by
        item = _item(value, fingerprint(base.get(uid)), _known(uid, [draft.items for draft in drafts.values()]), at)
        if writers[:-1]:
            item["with"] = sorted(writers[:-1])
        found.setdefault(author, {})[uid] = item
    return found


def _item(value: Any, base_sha: str, known: list[str], at: str) -> dict[str, Any]:
    """An item whose author has seen everything that stood there."""
    return {"value": value, "base_sha": base_sha, "at": at} | ({"settles": known} if known else {})


def _known(uid: str, drafts: list[Items]) -> list[str]:
    return sorted({fingerprint(items[uid].get("value")) for items in drafts if uid in items})
