"""Saving a section and approving a plan, each beside the update of one column of one row, committed."""

import itertools
from typing import Any

from benchmarks import data
from benchmarks.harness import Case, Part
from careplan_forms.models import CarePlan, PlanSubmission, PlanSummary
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import approvals, drafts
from core import clock
from governance.models import AuditEvent, Organisation
from tests.factories import careplan_forms as plans


def build() -> list[Case]:
    plans.flows()
    here, nurse, doctor = data.practice()
    return [
        Case("section save / one-row update", _save(nurse), _update(here)),
        Case("approval / one-row update", _approval(nurse, doctor), _update(here)),
    ]


def _update(row: Organisation) -> Part:
    counter = itertools.count()
    return Part("update", lambda: Organisation.objects.filter(pk=row.pk).update(phone=str(next(counter))))


def _save(nurse: Any) -> Part:
    plans.form_version()
    plan = plans.plan(nurse)
    counter = itertools.count()

    def prepare() -> tuple[dict[str, Any], dict[str, str]]:
        before = selectors.working_view(plan, nurse).answers
        return {"matters": f"Her roses {next(counter)}"}, drafts.shown_fingerprints(before, ["matters"])

    def work(given: tuple[dict[str, Any], dict[str, str]]) -> None:
        drafts.save_section(by=nurse, plan=plan, section="about", answers=given[0], shown=given[1], now=clock.now())

    before = AuditEvent.objects.filter(action="plan.section_saved").count()
    work(prepare())
    assert AuditEvent.objects.filter(action="plan.section_saved").count() == before + 1
    return Part("save", work, prepare)


def _approval(nurse: Any, doctor: Any) -> Part:
    """What one doctor approves alone: a changed decision on resuscitation would ask for a second signature."""
    plan = plans.approved_plan(nurse, doctor, cpr=plans.CPR_DO_NOT)
    counter = itertools.count()

    def prepare() -> PlanSubmission:
        fresh = CarePlan.objects.get(pk=plan.pk)
        plans.save(nurse, fresh, "about", matters=f"Her roses {next(counter)}")
        return plans.submission(nurse, CarePlan.objects.get(pk=plan.pk))

    def work(sent: PlanSubmission) -> None:
        approvals.approve(by=doctor, submission=sent, shown_sha256=sent.content_sha256, now=clock.now())

    work(prepare())
    assert PlanSummary.objects.get(plan=plan).version_number == 2, "what is approved is readable at once"
    return Part("approve", work, prepare)
