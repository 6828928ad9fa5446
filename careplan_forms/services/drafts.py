"""Writing in a plan: each author has a draft of their own, keyed by question, and nothing is overwritten
unseen.

*Save section* is the act that is audited and that colleagues see. What is kept while somebody types is for
that author alone, and is gone once they save.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import BigIntegerField

from careplan_forms import policies, trail
from careplan_forms.merging import Candidate, fingerprint, settled, with_changes
from careplan_forms.models import CarePlan, PlanDraft
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import audience, plan_files, projection
from core.exceptions import Conflict, Refused
from core.rows import update
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.selectors.prepared import Prepared, Slot
from governance.services.audit import record

#: How long a page may lie open and still hand in what was typed after its session ended.
PAGE_LIFETIME = datetime.timedelta(hours=24)
FORM_CHANGED = "The form of this plan changed while you were writing, so nothing was saved. Write it on the new form."
_SALT = "careplan_forms.drafts.page"
#: What of a plan others may have changed since it was read.
_MOVING = ("state", "waiting_submission_id", "current_version_id", "form_version_id")
_PLAN = Slot("plan", BigIntegerField())
_MOVED = Prepared(lambda: CarePlan.objects.select_for_update().filter(pk=_PLAN).values_list(*_MOVING))
_OPEN = Prepared(lambda: PlanDraft.objects.select_for_update().filter(plan=_PLAN, closed_at=None).order_by("pk"))

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save: the questions that changed, and those of them that now clash."""

    changed: tuple[str, ...]
    clashes: tuple[str, ...]


@transaction.atomic
def save_section(
    *,
    by: Actor,
    plan: CarePlan,
    section: str,
    answers: Mapping[str, Any],
    shown: Mapping[str, str],
    now: datetime.datetime,
) -> Saved:
    """Save what was typed on a section's page, in the author's own draft.

    `answers` hold every question that was on the page (None: left blank); `shown` the fingerprint of what
    stood there. Only what differs from what was shown is a change. The same page sent twice changes nothing
    and is recorded once.
    """
    check(by, Action.PLAN_WRITE, plan)
    _lock(plan)
    policies.check_can_edit(plan)
    draft, drafts = _open(by, plan, now)
    base = selectors.base_answers(plan)
    before = selectors.calculated(plan, selectors.laid_over(base, drafts, by))
    answers, shown = audience.allowed_changes(by, plan, answers, shown, before)
    form = selectors.form_for_work(plan)
    plan_files.check_files(plan=plan, items=form.items, answers=answers, before=before.answers)
    items, changed = with_changes(draft.items, answers, shown, now.isoformat(), before.answers)
    unsaved = {key: value for key, value in draft.unsaved.items() if key != section}
    if not changed and unsaved == draft.unsaved:
        return Saved((), tuple(sorted(set(before.clashes) & set(answers))))
    draft.items, draft.unsaved = items, unsaved
    saved_at = {"saved_at": now} if changed else {}
    update(PlanDraft, {"id": draft.pk}, items=items, unsaved=unsaved, **saved_at)
    if changed:
        _touch(plan, now)
        detail = {"section": section, "items": changed}
        record(by=by, action="plan.section_saved", target=trail.plan_target(plan), detail=detail)
    after = selectors.laid_over(base, drafts, by)
    return Saved(tuple(changed), tuple(sorted(set(after.clashes) & set(answers))))


@transaction.atomic
def keep_unsaved(
    *,
    by: Actor,
    plan: CarePlan,
    section: str,
    typed: Typed,
    whole: bool,
    shown: Mapping[str, str] | None = None,
    opened: str = "",
    now: datetime.datetime,
) -> None:
    """Keep what somebody is typing, for them alone: nothing of it is checked, shown to others or recorded.

    `typed` maps field names to what stands in them; `whole` says that it is the whole page, with the
    fingerprints it carried in `shown`; of a part of a page, `opened` is the moment (ISO) the page was made.
    """
    check(by, Action.PLAN_WRITE, plan)
    policies.check_can_edit(plan)
    how = {"whole": whole, "shown": dict(shown or {}), "opened": opened}
    _keep(_own(by, plan, now), section, typed, how, now)


@transaction.atomic
def settle_clash(*, by: Actor, plan: CarePlan, uid: str, chosen: str, now: datetime.datetime) -> None:
    """Take one of the values people gave to a question; `chosen` is its fingerprint.

    Raises Refused when the clash has changed or gone since it was shown.
    """
    check(by, Action.PLAN_WRITE, plan)
    _lock(plan)
    policies.check_can_edit(plan)
    draft = _own(by, plan, now)
    clash: list[Candidate] = selectors.working_view(plan, by).clashes.get(uid, [])
    taken = audience.chosen_of(by, plan, uid, clash, chosen)
    if taken is None:
        raise Refused("Somebody changed these answers. Look at them again and choose one", field=uid)
    draft.items = draft.items | {uid: settled(taken.value, clash, now.isoformat())}
    draft.saved_at = now
    draft.save(update_fields=["items", "saved_at"])
    _touch(plan, now)
    detail = {"items": [uid], "of": len(clash)}
    record(by=by, action="plan.clash_settled", target=trail.plan_target(plan), detail=detail)


@transaction.atomic
def discard_unsaved(*, by: Actor, plan: CarePlan, section: str, now: datetime.datetime) -> None:
    """Forget what the author typed into a section and did not save."""
    check(by, Action.PLAN_WRITE, plan)
    draft = _own(by, plan, now)
    draft.unsaved = {key: value for key, value in draft.unsaved.items() if key != section}
    draft.save(update_fields=["unsaved"])


def page_token(*, by: Actor, plan: CarePlan, section: str) -> str:
    """What a page carries so that text typed on it finds its author when their session has ended meanwhile."""
    return signing.dumps([by.user_id, str(plan.public_id), section], salt=_SALT)


@transaction.atomic
def keep_after_session(
    *,
    token: str,
    plan_id: str,
    section: str,
    typed: Typed,
    shown: Mapping[str, str],
    now: datetime.datetime,
) -> bool:
    """Keep what was typed on a page whose session had ended, for the author the page was made for.

    Nobody is signed in, so nothing but that author's own unsaved text is touched: no plan is read and nothing
    is given back. False when the page is too old, forged, or the plan has no such author's draft to keep it
    in.
    """
    try:
        user_id, token_plan, token_section = signing.loads(token, salt=_SALT, max_age=PAGE_LIFETIME)
    except signing.BadSignature:
        return False
    if (token_plan, token_section) != (plan_id, section):
        return False
    plan = CarePlan.objects.filter(public_id=token_plan).first()
    if plan is None:
        return False
    how = {"whole": True, "shown": dict(shown), "opened": ""}
    _keep(_own_of(user_id, plan, now), section, typed, how, now)
    author = Actor.anonymous()
    record(by=author, action="plan.text_kept", target=trail.plan_target(plan), detail={"section": section})
    return True


def shown_fingerprints(answers: Mapping[str, Any], uids: Sequence[str]) -> dict[str, str]:
    """What stands on a page, for `save_section`: fingerprints of the answers of these questions."""
    return {uid: fingerprint(answers.get(uid)) for uid in uids}


def _lock(plan: CarePlan) -> None:
    """Take turns with others who save, send or decide, and look at the plan as it is now. Always before its drafts."""
    now = dict(zip(_MOVING, _MOVED.all(plan=plan.pk)[0], strict=True))
    if plan.form_version_id != now["form_version_id"]:
        raise Conflict(FORM_CHANGED)
    for name, value in now.items():
        setattr(plan, name, value)


def _open(by: Actor, plan: CarePlan, now: datetime.datetime) -> tuple[PlanDraft, list[PlanDraft]]:
    """The author's own open draft, made when there is none, and all open drafts of the plan; all of them locked."""
    drafts: list[PlanDraft] = _OPEN.models(plan=plan.pk)
    own = next((draft for draft in drafts if draft.author_id == by.user_id), None)
    if own is None:
        own = _own(by, plan, now)
        drafts.append(own)
    return own, drafts


def _own(by: Actor, plan: CarePlan, now: datetime.datetime) -> PlanDraft:
    if by.user_id is None:
        raise Refused("Only a person can write in a plan")
    return _own_of(by.user_id, plan, now)


def _own_of(user_id: int, plan: CarePlan, now: datetime.datetime) -> PlanDraft:
    """The author's open draft, locked; made when there is none. Two first saves at once meet in one draft."""
    open_drafts = PlanDraft.objects.select_for_update().filter(plan=plan, author=user_id, closed_at=None)
    found = open_drafts.first()
    if found is not None:
        return found
    # Whoever makes a draft holds its plan first: a new row waits for those who hold what it points at, and one of them
    # may be waiting for the row.
    CarePlan.objects.select_for_update().only("pk").get(pk=plan.pk)
    return open_drafts.first() or PlanDraft.objects.create(
        plan=plan, author_id=user_id, form_version_id=plan.form_version_id, started_at=now, saved_at=now
    )


def _keep(draft: PlanDraft, section: str, typed: Typed, how: dict[str, Any], now: datetime.datetime) -> None:
    """Lay what was typed over what was kept of the section before; a whole page replaces it."""
    earlier = {} if how["whole"] else draft.unsaved.get(section, {})
    kept = dict(earlier.get("typed", {})) | {name: list(values) for name, values in typed.items()}
    since = {name: earlier[name] for name in ("whole", "shown", "opened") if name in earlier} or how
    draft.unsaved = draft.unsaved | {section: since | {"at": now.isoformat(), "typed": kept}}
    draft.save(update_fields=["unsaved"])


def _touch(plan: CarePlan, now: datetime.datetime) -> None:
    """The plan has been worked on: worklists sort by it, and readers of an approved version learn of a draft."""
    update(CarePlan, {"id": plan.pk}, updated_at=now)
    plan.updated_at = now
    if plan.current_version_id is not None:
        projection.project_newer_draft(plan=plan, now=now)
