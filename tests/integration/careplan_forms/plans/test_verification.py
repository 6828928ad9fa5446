"""`verify_history` reads back what was approved and what urgent care is shown of it, and finds each forgery."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from careplan_forms.models import CarePlan, CarePlanVersion, PlanSubmission, PlanSummary
from careplan_forms.services import verification
from core import clock
from core.encryption import encrypt
from governance import guards
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.worlds import shared
from workflows.models import FlowCase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_trail_of_its_own(tmp_path, settings):
    settings.AUDIT_SPOOL_DIR = tmp_path / "spool"
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchor.jsonl"


@shared
def approved(nurse, doctor, form, flows):
    """A plan with three versions."""
    plan = make.approved_plan(nurse, doctor)
    for flowers in ("Roses", "Tulips"):
        make.save(nurse, plan, "about", matters=flowers)
        make.approve(doctor, make.submission(nurse, plan))
        plan.refresh_from_db()
    return plan


def forge(rows, **values):
    """A change made behind the models' backs."""
    super(type(rows), rows).update(**values)


def version(number):
    return CarePlanVersion.objects.filter(number=number)


def change_an_answer():
    answers = version(2).get().answers
    forge(version(2), answers=answers | {next(iter(answers)): {"value": "Thistles"}})


def approve_what_was_never_sent():
    other = version(3).get()
    forge(version(2), answers=other.answers, content_sha256=other.content_sha256)


def take_the_last_away():
    """With everything that points at it, so that only the trail still knows."""
    before = version(2).get()
    CarePlan.objects.update(current_version=before)
    PlanSummary.objects.update(version=before)
    rows = version(3)
    super(type(rows), rows).delete()


FORGERIES = {
    "an answer": change_an_answer,
    "text nobody sent": approve_what_was_never_sent,
    "who it was discussed with": lambda: forge(PlanSubmission.objects.all(), discussed_with="Nobody"),
    "day of review": lambda: forge(version(1), review_on=datetime.date(2099, 1, 1)),
    "who approved": lambda: forge(version(2), approver_registration="GMC 0000000"),
    "when": lambda: forge(version(2), approved_at=clock.now()),
    "link to the one before": lambda: forge(version(3), previous_chain_sha256="0" * 64),
    "its place": lambda: forge(version(3), number=4),
    "which one is shown": lambda: CarePlan.objects.update(current_version=version(1).get()),
    "the end": take_the_last_away,
}


def breaks(check=verification.check_plans):
    return [words for found in check() for words in found]


def test_versions_as_they_were_approved_are_whole(approved, nurse, capsys):
    make.plan(nurse)
    call_command("verify_history", "--seal")
    said = capsys.readouterr().out
    assert f"cases {FlowCase.objects.count()}, emergency rows 1, plans 2, breaks 0" in said


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_version_is_found_and_said(approved, what):
    assert breaks() == []
    FORGERIES[what]()
    found = breaks()
    assert found and all(words.startswith(f"Plan {approved.public_id}: ") for words in found)


ROWS = {
    "a fact": lambda row: PlanSummary.objects.update(facts=row.facts | {"cpr.decision": ["do_not_attempt"]}),
    "whose it is": lambda row: PlanSummary.objects.update(identity=row.identity | {"family_name": "Nobody"}),
    "how it is found": lambda row: PlanSummary.objects.update(nhs_number="9990000018"),
    "who may read it": lambda row: PlanSummary.objects.update(readable=False),
    "a mark that nobody set": lambda row: PlanSummary.objects.update(stop_marks=[{"mark": "paused", "slot": ""}]),
    "who approved it": lambda row: PlanSummary.objects.update(approver_label="Dr Nobody"),
    "a code": lambda row: PlanSummary.objects.update(access_code_encrypted=encrypt("0000")),
    "a code no key opens": lambda row: PlanSummary.objects.update(access_code_encrypted=b"0000"),
    "all of it": lambda row: row.delete(),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_forged_emergency_row_is_found_and_names_nobody(approved, what):
    assert breaks(verification.check_emergency_rows) == []
    ROWS[what](PlanSummary.objects.get())
    (found,) = breaks(verification.check_emergency_rows)
    assert found.startswith(f"Emergency row of person {approved.patient.public_id}: not what was approved: ")
    assert "Nobody" not in found and approved.patient.family_name not in found


def forge_answers_of_no_shape():
    forge(version(3), answers=["Thistles"])


def forge_a_trail_of_no_shape():
    told = AuditEvent.objects.filter(action="plan.approved").first()
    forge(AuditEvent.objects.filter(id=told.id), detail={"version": None, "chain": ["x"]})


@pytest.mark.parametrize("forged", [forge_answers_of_no_shape, forge_a_trail_of_no_shape])
def test_what_cannot_be_read_is_a_break_and_hides_no_other(approved, forged, capsys):
    guards.run(connection, guards.removals(connection.vendor))
    forged()
    PlanSummary.objects.update(readable=False)
    FlowCase.objects.filter(pk=FlowCase.objects.first().pk).update(state="returned")
    with pytest.raises(CommandError):
        call_command("verify_history")
    said = capsys.readouterr().out
    assert f"Plan {approved.public_id}: " in said and "where its history left it" in said
    assert "Emergency row of person" in said or "emergency rows one could not be read" in said


def test_a_plan_that_is_approved_while_it_is_read_is_not_called_broken(approved, monkeypatch):
    """The trail was read before the approval, the versions after it."""
    told = verification._told
    answers = [lambda plans: {reference: rows[:2] for reference, rows in told(plans).items()}, told]
    monkeypatch.setattr(verification, "_told", lambda plans: answers.pop(0)(plans))
    assert breaks() == []
    assert not answers


def test_a_forged_case_breaks_the_history(approved, capsys):
    FlowCase.objects.update(state="returned")
    with pytest.raises(CommandError):
        call_command("verify_history", "--seal")
    assert "does not stand where its history left it" in capsys.readouterr().out
