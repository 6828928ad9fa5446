"""What is measured. Each case returns (product, limit)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import reverse

from benchmarks.harness import Work
from careplan_forms.models import CarePlan, PlanSubmission
from careplan_forms.services import approvals, drafts
from core import clock
from governance.actors import Actor
from tests.factories import careplan_forms as plans
from tests.factories import governance as make
from tests.factories import summaries


def emergency_view() -> tuple[Work, Work]:
    """The page a crew reads, authorised and audited, against an empty page for the same reader."""
    summary = summaries.summary(make.organisation())
    reader = make.client_of(make.staff(make.organisation(care_setting="ambulance"), role="urgent_reader"))
    reader.post(reverse("careplan_forms:emergency-reason", args=[summary.plan_public_id]), {"reason": "caring_now"})
    address = reverse("careplan_forms:emergency-read", args=[summary.plan_public_id])
    assert b"Do not attempt CPR" in reader.get(address).content
    return partial(reader.get, address), partial(reader.get, "/empty/")


def form_page() -> tuple[Work, Work]:
    """A page of 180 questions against an empty page for the same clinician."""
    nurse = make.staff(make.organisation(), role="clinician")
    plans.form_version(_long_form())
    plan = plans.plan(nurse)
    client = make.client_of(nurse)
    address = reverse("careplan_forms:plan-section", args=[plan.public_id, "long"])
    assert client.get(address).content.count(b"<input") >= 180
    return partial(client.get, address), partial(client.get, "/empty/")


def section_save() -> tuple[Work, Work]:
    """A saved answer with its audit row against an update of one column."""
    nurse = make.staff(make.organisation(), role="clinician")
    plans.form_version()
    plan = plans.plan(nurse)
    serial = iter(range(1_000_000))

    def save() -> object:
        text = f"Answer {next(serial)}"
        return drafts.save_section(
            by=nurse, plan=plan, section="about", answers={"matters": text}, shown={}, now=clock.now()
        )

    save()
    return save, _one_update(plan)


def approval() -> tuple[Work, Work]:
    """Approving what was shown, with version, projection, audit and outbox, against an update of one column."""
    org = make.organisation()
    nurse, doctor = make.staff(org, role="clinician"), make.staff(org, role="doctor")
    plans.form_version()
    plans.flows()
    waiting = [_waiting(nurse) for _ in range(120)]
    last = waiting[-1].plan

    def approve() -> object:
        submission = waiting.pop(0)
        return approvals.approve(
            by=doctor, submission=submission, shown_sha256=submission.content_sha256, now=clock.now()
        )

    assert approve()
    return approve, _one_update(last)


def _waiting(nurse: Actor) -> PlanSubmission:
    plan = plans.plan(nurse)
    plans.save(nurse, plan, cpr=plans.CPR_DO_NOT, matters="Home")
    return plans.submission(nurse, plan)


def _one_update(plan: CarePlan) -> Work:
    return lambda: CarePlan.objects.filter(pk=plan.pk).update(row_version=2)


def _long_form() -> dict[str, Any]:
    document = plans.document()
    items = [{"uid": f"t{n}", "type": "text", "label": f"Question {n}"} for n in range(180)]
    document["sections"].append({"key": "long", "title": "Long", "group": "Long", "items": items})
    return document


CASES: dict[str, Callable[[], tuple[Work, Work]]] = {
    "emergency_view": emergency_view,
    "form_page": form_page,
    "section_save": section_save,
    "approval": approval,
}
