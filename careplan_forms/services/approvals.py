"""Deciding on a submission: approving what was shown, or returning it; and what an approval brings into
being.
"""

import datetime
import hashlib
from collections.abc import Collection

from django.db import transaction

from careplan_forms import comparison, trail
from careplan_forms.enums import PlanState
from careplan_forms.merging import canonical
from careplan_forms.models import CarePlan, CarePlanVersion, PlanSubmission
from careplan_forms.policies import is_review_due
from careplan_forms.services import audience, projection, submissions
from careplan_forms.services.doctors import registered_doctor
from core import clock
from core.events import publish
from core.exceptions import Conflict, NotAllowed, Refused
from core.rows import update
from governance.actors import Actor
from governance.decisions import Decision, Reason
from governance.enums import Action
from governance.gate import check
from governance.models import StaffListEntry
from governance.services.audit import record
from workflows.services import cases

OVERTAKEN = "This changed after you opened it, so your decision was not recorded"
#: The step of a plan's flow whose taking means "approved", by every seeded flow and by the plan's page.
APPROVE = "approve"
DECIDED = "This was decided before you, so your decision was not recorded."


def approve(
    *, by: Actor, submission: PlanSubmission, shown_sha256: str, reason: str = "", now: datetime.datetime
) -> CarePlanVersion | None:
    """Approve what was shown, and nothing else; see `decide`."""
    return decide(by=by, submission=submission, step=APPROVE, shown_sha256=shown_sha256, reason=reason, now=now)


def decide(
    *,
    by: Actor,
    submission: PlanSubmission,
    step: str,
    shown_sha256: str,
    expected_state: str = "",
    reason: str = "",
    ticked: Collection[str] = (),
    now: datetime.datetime,
) -> CarePlanVersion | None:
    """Take a step of its flow on what was shown, and on nothing else; `expected_state` is where it stood when that was
    shown, by default where it stands; `ticked` are the texts of the step's checklist.

    Gives the version that came into being; None when the flow asks somebody else as well before there is one.
    Raises Conflict (with what changed) when another text waits now or it was decided already, NotAllowed with
    the reasons when the step is not the actor's to take, Refused for a missing reason or a text not ticked.
    """
    check(by, Action.PLAN_READ, submission.plan)
    case = submissions.case_to_move(submission)
    if case is None:
        raise _overtaken(submission, by)
    decision = cases.fire(
        by=by,
        case=case,
        transition=step,
        shown_sha256=shown_sha256,
        expected_state=expected_state or case.state,
        reason=reason,
        ticked=ticked,
        now=now,
    )
    version: CarePlanVersion | None = (decision.made or {}).get("publish_version")
    return version


def return_to_author(
    *, by: Actor, submission: PlanSubmission, shown_sha256: str, reason: str, now: datetime.datetime
) -> None:
    """Send it back with what has to change; the authors' drafts open again."""
    decide(by=by, submission=submission, step="return", shown_sha256=shown_sha256, reason=reason, now=now)


def _overtaken(submission: PlanSubmission, by: Actor) -> Conflict:
    """Why a submission can no longer be decided: decided already, or another text waits in its place."""
    waiting = CarePlan.objects.values_list("waiting_submission", flat=True).get(pk=submission.plan_id)
    if waiting is None or waiting == submission.pk:
        return Conflict(DECIDED)
    newer = PlanSubmission.objects.select_related("form_version").get(pk=waiting)
    return Conflict(OVERTAKEN, comparison.as_rows(comparison.submission_changes(submission, newer, by)))


def publish_version(
    *,
    by: Actor,
    submission: PlanSubmission,
    alone: bool,
    exemption: str,
    now: datetime.datetime,
) -> CarePlanVersion:
    """The consequence of an approval: version, plan, what readers see, audit and event, or none of them.

    Called inside the decision's transaction, on the submission and plan that the decision has locked. It keeps its own
    rules whatever the flow says: a doctor with a registration number; not alone on one's own text without a signed
    exemption, which is its author's and reaches nobody through a colleague; on the version it was written for. Whoever
    stands in for a colleague is the one who approves: the version carries their own name and number.
    """
    entry = registered_doctor(by, "approve a plan")
    own_text = by.user_id in submission.author_ids or alone
    if own_text and (by.on_behalf_of or not exemption):
        raise _not_allowed("author", "You wrote this, or part of it. Somebody else has to decide on it")
    plan = submission.plan
    _check_still_fits(plan, submission, by)
    audience.check_sees_all(by, plan, submission)
    version = _version(entry, plan, submission, own_text, now)
    was_due = is_review_due(plan.review_on, clock.today(now))
    _make_current(plan, version, now)
    projection.project_plan(plan=plan, now=now)
    projection.project_facts(version=version)
    detail = {"version": version.number, "sha256": version.content_sha256, "chain": version.chain_sha256}
    record(by=by, action="plan.approved", target=trail.plan_target(plan), detail=detail | {"alone": own_text})
    payload = {"plan": str(plan.public_id), "person": str(plan.patient.public_id), "version": version.number}
    publish("plan.approved", payload, key=str(plan.public_id), by=by)
    if was_due:
        publish("plan.renewed", payload, key=str(plan.public_id), by=by)
    return version


def _make_current(plan: CarePlan, version: CarePlanVersion, now: datetime.datetime) -> None:
    """The plan points at the version, unless it is no longer the plan that was looked at."""
    fresh = {
        "current_version": version,
        "waiting_submission": None,
        "returned_submission": None,
        "state": PlanState.CURRENT,
        "review_on": version.review_on,
        "return_reason": "",
        "row_version": plan.row_version + 1,
        "updated_at": now,
    }
    if not update(CarePlan, {"id": plan.pk, "row_version": plan.row_version}, **fresh):
        raise Conflict(OVERTAKEN)
    for name, value in fresh.items():
        setattr(plan, name, value)


@transaction.atomic
def take_from_waiting(
    *, by: Actor, submission: PlanSubmission, outcome: str, reason: str, now: datetime.datetime
) -> None:
    """The consequence of a return or a taking back: the drafts open again, and the worklist says why."""
    plan = CarePlan.objects.select_for_update(of=("self",)).get(pk=submission.plan_id)
    if plan.waiting_submission_id == submission.pk:
        plan.waiting_submission = None
    if outcome == "returned":
        plan.returned_submission, plan.return_reason = submission, reason
    plan.row_version += 1
    plan.updated_at = now
    plan.save()
    submissions.reopen_drafts(submission=submission, now=now)
    detail = {"sha256": submission.content_sha256}
    action = "plan.returned" if outcome == "returned" else "plan.taken_back"
    record(by=by, action=action, target=trail.plan_target(plan), detail=detail)
    payload = {"plan": str(plan.public_id), "submission": str(submission.public_id)}
    publish(action, payload, key=str(plan.public_id))
    if plan.current_version_id is not None:
        projection.project_plan(plan=plan, now=now)


def chain_sha256(
    *, previous: str, content: str, approver_id: int, registration: str, number: int, at: datetime.datetime
) -> str:
    """The link of one version: predecessor, content, approver and time."""
    link = {
        "previous": previous,
        "content": content,
        "approver": approver_id,
        "registration": registration,
        "number": number,
        "at": at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    return hashlib.sha256(canonical(link)).hexdigest()


def _not_allowed(code: str, text: str) -> NotAllowed:
    return NotAllowed(Decision(False, reasons=(Reason(code, text, "A colleague"),)))


def _check_still_fits(plan: CarePlan, submission: PlanSubmission, by: Actor) -> None:
    if plan.state == PlanState.WITHDRAWN:
        raise Refused("This plan was withdrawn. It cannot be approved")
    if plan.waiting_submission_id != submission.pk or plan.current_version_id != submission.base_version_id:
        raise _overtaken(submission, by)
    wanted = submissions.content_sha256(
        answers=submission.answers,
        form_version=submission.form_version,
        discussed_with=submission.discussed_with,
        review_on=submission.review_on,
    )
    if wanted != submission.content_sha256:
        raise Refused("What was sent no longer reads as it was sent, so it cannot be approved. Tell the service desk.")


def _link(
    previous: str,
    submission: PlanSubmission,
    entry: StaffListEntry,
    registration: str,
    number: int,
    now: datetime.datetime,
) -> str:
    return chain_sha256(
        previous=previous,
        content=submission.content_sha256,
        approver_id=entry.user_id,
        registration=registration,
        number=number,
        at=now,
    )


def _version(
    entry: StaffListEntry, plan: CarePlan, submission: PlanSubmission, own_text: bool, now: datetime.datetime
) -> CarePlanVersion:
    before = submission.base_version  # the plan's current one, as `_check_still_fits` has made sure
    number = before.number + 1 if before else 1
    previous = before.chain_sha256 if before else ""
    registration = f"{entry.registration_body} {entry.registration_number}".strip()
    return CarePlanVersion.objects.create(
        plan=plan,
        number=number,
        submission=submission,
        form_version=submission.form_version,
        answers=submission.answers,
        content_sha256=submission.content_sha256,
        previous_chain_sha256=previous,
        chain_sha256=_link(previous, submission, entry, registration, number, now),
        approved_at=now,
        approved_by=entry.user,
        approver_label=entry.user.display_name[:160],
        approver_organisation=entry.organisation.name[:200],
        approver_registration=registration[:40],
        written_and_approved_by_one=own_text,
        review_on=submission.review_on,
    )
