"""Keeping an answer from the person, or from those who act for them, and ending that.

It holds at once and for every version of the plan. The trail says which question and why in a code; the words of the
explanation are for the staff who look after the person, and in no trail.
"""

import datetime

from django.db import IntegrityError, transaction

from careplan_forms import policies, trail
from careplan_forms.enums import WithholdingReason
from careplan_forms.models import CarePlan, WithheldAnswer
from careplan_forms.permissions import check_user_can_withhold
from careplan_forms.selectors.withholding import questions
from core import clock
from core.exceptions import Absent, Refused
from governance.actors import Actor
from governance.enums import Action
from governance.gate import check
from governance.services.audit import record

LONGEST_EXPLANATION = 1_000
_ALREADY = "This answer is withheld already. End that first, to give another reason or date"


@transaction.atomic
def withhold_answer(
    *,
    by: Actor,
    plan: CarePlan,
    uid: str,
    from_person: bool,
    from_delegates: bool,
    reason: str,
    explanation: str,
    review_on: datetime.date,
    now: datetime.datetime,
) -> WithheldAnswer:
    """Keep the answer to a question from the person, from those who act for them, or from both.

    What is about somebody else never travels to those who act for the person, whatever was chosen. For doctors and
    clinicians of the organisation that holds the plan. Raises Refused with the field.
    """
    check(by, Action.PLAN_WRITE, plan)
    check_user_can_withhold(by, plan)
    from_delegates = from_delegates or reason == WithholdingReason.THIRD_PARTY
    _check(by, plan, uid, reason, explanation)
    if not (from_person or from_delegates):
        raise Refused("Select who must not see it", field="who")
    policies.check_review_date(review_on, clock.today(now))
    CarePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    row = WithheldAnswer(
        plan=plan,
        uid=uid,
        from_person=from_person,
        from_delegates=from_delegates,
        reason=WithholdingReason(reason),
        explanation=explanation.strip(),
        author_id=by.user_id,
        recorded_at=now,
        review_on=review_on,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_ALREADY, field="question") from None
    _record(by, row, "plan.answer_withheld")
    return row


@transaction.atomic
def end_withholding(*, by: Actor, plan: CarePlan, withheld_id: int, now: datetime.datetime) -> WithheldAnswer:
    """Show the answer again from now on. Twice is harmless; one of another plan is Absent."""
    check(by, Action.PLAN_WRITE, plan)
    check_user_can_withhold(by, plan)
    row = WithheldAnswer.objects.select_for_update(of=("self",)).filter(pk=withheld_id, plan=plan).first()
    if row is None:
        raise Absent
    if row.ended_at is None:
        row.ended_at, row.ended_by_id = now, by.user_id
        row.save(update_fields=["ended_at", "ended_by"])
        _record(by, row, "plan.withholding_ended")
    return row


def _check(by: Actor, plan: CarePlan, uid: str, reason: str, explanation: str) -> None:
    if uid not in {each.uid for each in questions(viewer=by, plan=plan)}:
        raise Refused("Select a question of this plan", field="question")
    if reason not in WithholdingReason.values:
        raise Refused("Select why it is not shown", field="reason")
    if not explanation.strip():
        raise Refused("Enter why, for colleagues who look after the person", field="explanation")
    if len(explanation) > LONGEST_EXPLANATION:
        raise Refused(f"Enter {LONGEST_EXPLANATION:,} characters or fewer", field="explanation")


def _record(by: Actor, row: WithheldAnswer, action: str) -> None:
    detail = {
        "item": row.uid,
        "reason": str(row.reason),
        "from_person": row.from_person,
        "from_delegates": row.from_delegates,
        "review_on": row.review_on.isoformat(),
    }
    record(by=by, action=action, target=trail.plan_target(row.plan), detail=detail)
