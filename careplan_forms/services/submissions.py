"""Sending a plan for approval: what was merged, frozen and hashed, and put on its flow."""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, UUIDField

from careplan_forms import comparison, policies, trail
from careplan_forms.enums import SUBMISSION_KIND, SubmissionOrigin
from careplan_forms.merging import Merged, canonical
from careplan_forms.models import CarePlan, FormVersion, PlanDraft, PlanSubmission
from careplan_forms.permissions import newest_consent
from careplan_forms.selectors import migrations
from careplan_forms.selectors import plans as selectors
from careplan_forms.selectors.audience import form_for_work
from careplan_forms.services import audience, projection
from core import clock
from core.events import publish
from core.exceptions import Conflict, Refused
from governance.actors import Actor
from governance.enums import Action, RoleKey
from governance.gate import check
from governance.selectors.prepared import Prepared, Slot
from governance.services.audit import record
from workflows.models import FlowCase
from workflows.services import cases

SUBJECT_KIND = SUBMISSION_KIND
LONGEST_NOTE = 300


def _open_case() -> QuerySet[FlowCase]:
    return FlowCase.objects.filter(
        subject_kind=SUBJECT_KIND, subject_id=Slot("submission", UUIDField()), closed_at=None
    )


_OPEN_CASE = Prepared(lambda: _open_case().select_related("version__definition", "owner"))
_WHERE_IT_STANDS = Prepared(lambda: _open_case().only("public_id", "state"))


def content_sha256(
    *, answers: Mapping[str, Any], form_version: FormVersion, discussed_with: str, review_on: datetime.date
) -> str:
    """The hash of exactly what an approver is shown and decides on."""
    content = {
        "answers": answers,
        "form": form_version.sha256,
        "discussed_with": discussed_with,
        "review_on": review_on.isoformat(),
    }
    return hashlib.sha256(canonical(content)).hexdigest()


@transaction.atomic
def submit_plan(
    *,
    by: Actor,
    plan: CarePlan,
    discussed_with: str,
    reason: str = "",
    review_on: datetime.date,
    now: datetime.datetime,
) -> PlanSubmission:
    """Freeze the working view and open its case; the drafts in it are closed and come back if it does.

    Sent twice, it is sent once. A text of the actor's own that still waits is taken back first; somebody
    else's is theirs to take back. Raises Refused with what is still to do.
    """
    check(by, Action.PLAN_SUBMIT, plan)
    if by.user_id is None:
        raise Refused("Only a person can send a plan for approval")
    waiting = _waiting(plan)
    if waiting is not None:
        if not _has_news(plan):
            return waiting
        take_back(by=by, submission=waiting, now=now)
    plan = CarePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if migrations.must_look_first(viewer=by, plan=plan, today=clock.today(now)):
        raise Refused("The form of this plan has changed. Look at its answers on the new form before you send it")
    if plan.waiting_submission is not None:
        if not _has_news(plan):
            return plan.waiting_submission
        raise Conflict("A colleague sent this plan for approval a moment ago. Look at what they sent")
    merged = selectors.working_view(plan, by)
    answers = _checked(by, plan, merged, discussed_with, reason, review_on, clock.today(now))
    submission = _freeze(by, plan, merged, answers, discussed_with, reason, review_on, now)
    _send_on(by, plan, submission, now)
    return submission


def _send_on(by: Actor, plan: CarePlan, submission: PlanSubmission, now: datetime.datetime) -> None:
    """Open its case, tell those who listen, and let readers know that a newer text exists."""
    cases.open_case(by=by, subject_kind=SUBJECT_KIND, subject_id=submission.public_id, now=now)
    payload = {"plan": str(plan.public_id), "submission": str(submission.public_id)}
    publish("plan.submitted", payload, key=str(plan.public_id))
    if plan.current_version_id is not None:
        projection.project_plan(plan=plan, now=now)


@transaction.atomic
def take_back(*, by: Actor, submission: PlanSubmission, reason: str = "", now: datetime.datetime) -> None:
    """Take a text back before it is decided: its drafts open again. For whoever sent or wrote it."""
    check(by, Action.PLAN_SUBMIT, submission.plan)
    case = case_to_move(submission)
    if case is None:
        raise Conflict("This was decided before you could take it back")
    cases.fire(
        by=by,
        case=case,
        transition="withdraw",
        shown_sha256=submission.content_sha256,
        expected_state=case.state,
        reason=reason,
        now=now,
    )


@transaction.atomic
def reopen_drafts(*, submission: PlanSubmission, now: datetime.datetime) -> None:
    """Open again the drafts a submission was made of; what an author wrote since stays as they wrote it."""
    for draft in PlanDraft.objects.select_for_update(of=("self",)).filter(submission=submission):
        newer = PlanDraft.objects.filter(plan=draft.plan_id, author=draft.author_id, closed_at=None).first()
        if newer is not None:
            newer.items = draft.items | newer.items
            newer.save(update_fields=["items"])
        else:
            draft.closed_at, draft.submission = None, None
            draft.save(update_fields=["closed_at", "submission"])


def open_case_of(submission: PlanSubmission) -> FlowCase | None:
    """The case that moves a submission, while it is open."""
    return next(iter(_OPEN_CASE.models(submission=submission.public_id)), None)


def case_to_move(submission: PlanSubmission) -> FlowCase | None:
    """The same for whoever takes a step of it: by which it is known and where it stands; the step reads the rest."""
    return next(iter(_WHERE_IT_STANDS.models(submission=submission.public_id)), None)


def who_decides(submission: PlanSubmission) -> list[cases.WhoCan]:
    """Whom a submission that waits waits for now, and how many of them there are."""
    case = open_case_of(submission)
    return cases.who_must_act(case) if case else []


def obstacles(plan: CarePlan, merged: Merged, by: Actor) -> list[tuple[str, str, str]]:
    """What still keeps somebody from sending a plan: (section key, field name, sentence), in the form's order.

    Only what they may change can be asked of them; but two answers to one question have to be settled, if need be by
    somebody who sees both.
    """
    whole, form = selectors.form_for_work(plan), form_for_work(by, plan)
    found = [audience.clash_in_words(whole, form, uid) for uid in merged.clashes if uid in whole.items]
    problems = form.validate(whole.complete(merged.answers), stage="publish")
    return found + [(form.items[one.uid].section, one.field_name, one.message) for one in problems]


def _waiting(plan: CarePlan) -> PlanSubmission | None:
    pk = CarePlan.objects.values_list("waiting_submission", flat=True).get(pk=plan.pk)
    return PlanSubmission.objects.select_related("plan").get(pk=pk) if pk else None


def _has_news(plan: CarePlan) -> bool:
    return plan.drafts.filter(closed_at=None).exclude(items={}).exists()


def _checked(
    by: Actor,
    plan: CarePlan,
    merged: Merged,
    discussed_with: str,
    reason: str,
    review_on: datetime.date,
    today: datetime.date,
) -> dict[str, Any]:
    """The answers that go in, hidden ones left out. Raises Refused for the first thing still to do."""
    policies.check_can_submit(plan, newest_consent(plan.patient), review_on, today)
    if not discussed_with.strip():
        raise Refused("Enter who the plan was discussed with, or why it was not", field="discussed_with")
    for text, name in ((discussed_with, "discussed_with"), (reason, "reason")):
        if len(text) > LONGEST_NOTE:
            raise Refused(f"Enter {LONGEST_NOTE} characters or fewer", field=name)
    standing = obstacles(plan, merged, by)
    if standing:
        raise Refused(standing[0][2], field="answers")
    return selectors.form_for_work(plan).complete(merged.answers)


def _freeze(
    by: Actor,
    plan: CarePlan,
    merged: Merged,
    answers: dict[str, Any],
    discussed_with: str,
    reason: str,
    review_on: datetime.date,
    now: datetime.datetime,
) -> PlanSubmission:
    note = discussed_with.strip()
    sender = int(by.user_id or 0)
    authors = merged.authors or [sender]
    sha256 = content_sha256(answers=answers, form_version=plan.form_version, discussed_with=note, review_on=review_on)
    submission = PlanSubmission.objects.create(
        plan=plan,
        base_version=plan.current_version,
        form_version=plan.form_version,
        answers=answers,
        content_sha256=sha256,
        origin=_origin(by, authors),
        submitted_at=now,
        submitted_by_id=sender,
        submitted_role=by.role or "",
        author_ids=authors,
        cpr_changed=comparison.changes_cpr(plan.current_version, plan.form_version, answers),
        discussed_with=note,
        reason=reason.strip(),
        review_on=review_on,
    )
    _let_wait(plan, submission, now)
    detail = {"sha256": sha256, "origin": submission.origin, "authors": authors}
    record(by=by, action="plan.submitted", target=trail.plan_target(plan), detail=detail)
    return submission


def _let_wait(plan: CarePlan, submission: PlanSubmission, now: datetime.datetime) -> None:
    """The drafts are in it now, and the plan says that it waits."""
    PlanDraft.objects.filter(plan=plan, closed_at=None).exclude(items={}).update(closed_at=now, submission=submission)
    plan.waiting_submission, plan.returned_submission, plan.return_reason = submission, None, ""
    plan.row_version += 1
    plan.updated_at = now
    plan.save()


def _origin(by: Actor, authors: list[Any]) -> SubmissionOrigin:
    """A doctor who wrote in it sends a doctor's plan; all else goes to a doctor who did not write it."""
    written_by_sender = by.role == RoleKey.DOCTOR and by.user_id in authors
    return SubmissionOrigin.DOCTOR if written_by_sender else SubmissionOrigin.NURSE_OR_PATIENT
