"""Answers kept from the person or those who act for them, as the staff see it."""

import datetime
from dataclasses import dataclass

from django.db.models import BigIntegerField, QuerySet

from careplan_forms.enums import WithholdingReason
from careplan_forms.models import CarePlan, WithheldAnswer
from careplan_forms.selectors.audience import form_for_work, form_in_force
from core.date_format import staff_date
from governance.actors import Actor
from governance.enums import Action, ActorKind
from governance.gate import check
from governance.selectors.prepared import Prepared, Slot

_WHY = {
    WithholdingReason.NOT_DISCUSSED: "not yet discussed",
    WithholdingReason.THIRD_PARTY: "about, or from, somebody else",
    WithholdingReason.SERIOUS_HARM: "likely to cause serious harm",
}


_OPEN = Prepared(
    lambda: WithheldAnswer.objects.filter(plan=Slot("plan", BigIntegerField()), ended_at=None).select_related("author")
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer can be withheld."""

    uid: str
    section: str
    label: str


def questions(*, viewer: Actor, plan: CarePlan) -> list[Question]:
    """Every question the viewer sees of the plan, as it is approved and as it is written on."""
    found: dict[str, Question] = {}
    for form in (form_in_force(viewer, plan), form_for_work(viewer, plan)):
        for section in form.sections:
            for item in form.asked(section.key):
                found.setdefault(item.uid, Question(item.uid, section.title, item.label))
    return list(found.values())


def open_withholdings(*, viewer: Actor, plan: CarePlan) -> list[WithheldAnswer]:
    """What is withheld now of what the viewer sees, for staff alone: nobody else may learn even that there is any."""
    if viewer.kind != ActorKind.STAFF:
        return []
    check(viewer, Action.PLAN_READ, plan)
    rows: list[WithheldAnswer] = [] if plan.has_withheld is False else _OPEN.models(plan=plan.pk)
    known = {each.uid for each in questions(viewer=viewer, plan=plan)} if rows else set()
    return [row for row in rows if row.uid in known]


def notes(*, viewer: Actor, plan: CarePlan, today: datetime.date) -> dict[str, str]:
    """What stands beside a question for staff: uid → sentences."""
    return {row.uid: in_words(row, today) for row in open_withholdings(viewer=viewer, plan=plan)}


def in_words(row: WithheldAnswer, today: datetime.date) -> str:
    """From whom, why, and when it is looked at again."""
    both = row.from_person and row.from_delegates
    whom = "the person" if row.from_person else "carers and attorneys"
    whom += ", carers and attorneys" if both else ""
    due = f"Review by {staff_date(row.review_on)}"
    if row.review_on <= today:
        due = f"Review overdue since {staff_date(row.review_on)}"
    return f"Not shown to {whom}: {_WHY[WithholdingReason(row.reason)]}. {due}."


def to_review(today: datetime.date) -> QuerySet:
    """The plans with a withheld answer that has to be looked at again, for worklists."""
    return WithheldAnswer.objects.filter(ended_at=None, review_on__lte=today).values("plan")
