"""Giving files out: to whoever is shown their answer, and to nobody else."""

import datetime
import re
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import storages

from careplan_forms import file_store
from careplan_forms.models import CarePlan, PlanFile
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import drafts, withholding
from core import clock
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import files as brought
from tests.factories import governance as people
from tests.factories import portal
from tests.integration.careplan_forms.files.filing import (
    PAPER,
    address,
    in_version,
    send,
    text_of,
    upload,
)

pytestmark = pytest.mark.django_db


def test_a_file_is_saved_never_shown_and_the_look_is_recorded(browser, approved):
    answer = browser.get(address("plan-file", approved, in_version(approved)))
    assert answer.content == PAPER and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "%C3%A9" in answer["Content-Disposition"] and "<b>" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    event = AuditEvent.objects.get(action="plan.file_read")
    assert event.detail == {"file": in_version(approved)}
    assert "Opened a file of the plan" in text_of(browser.get(address("plan-viewers", approved)))


def test_every_page_that_shows_the_answer_links_to_the_file(browser, approved, nurse):
    link = address("plan-file", approved, in_version(approved))
    for page in (address("plan", approved), address("plan-version", approved, 1), address("plan-check", approved)):
        assert link in text_of(browser.get(page)), page
    section = text_of(browser.get(address("plan-section", approved, "about")))
    assert f'href="../../files/{in_version(approved)}/"' in section


def test_an_old_version_keeps_its_file_when_the_next_one_drops_it(browser, approved, nurse, other_doctor):
    dropped = in_version(approved)
    make.save(nurse, approved, "about", papers=None)
    make.approve(other_doctor, make.submission(nurse, approved))
    newer = CarePlan.objects.get(pk=approved.pk)
    assert "papers" not in newer.current_version.answers
    assert browser.get(address("plan-file", newer, dropped)).status_code == 200
    compared = text_of(browser.get(f"{address('plan-compare', newer)}?from=1&to=2"))
    assert ".pdf (PDF, " in compared


def same_as_absent(browser, plan, file_id, view="plan-file"):
    """Whether the answer is, byte for byte, that for a file that never was."""

    def body(answer):
        assert answer.status_code == 404
        return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", answer.content).replace(str(file_id).encode(), b"")

    never = uuid4()
    left = body(browser.get(address(view, plan, file_id)))
    right = re.sub(str(never).encode(), b"", body(browser.get(address(view, plan, never))))
    return left == right


def test_for_another_organisation_another_plan_or_another_role_there_is_no_such_file(
    approved, browser, outsider, doctor
):
    file_id, private = in_version(approved), in_version(approved, "private")
    assert same_as_absent(people.client_of(outsider), approved, file_id)
    assert same_as_absent(browser, make.plan(doctor), file_id)
    assert same_as_absent(browser, approved, private)
    assert people.client_of(doctor).get(address("plan-file", approved, private)).status_code == 200
    assert not AuditEvent.objects.filter(action="plan.file_read", detail={"file": file_id}).exists()


def test_a_file_in_work_is_for_those_who_work_and_an_unsaved_one_for_its_author(plan, browser, doctor):
    wrong = {"q-born__day": "31", "q-born__month": "2", "q-born__year": "2026"}
    send(browser, plan, **wrong, **{"q-papers__upload": upload()})
    file_id = PlanFile.objects.get().public_id
    assert browser.get(address("plan-file", plan, file_id)).status_code == 200
    assert same_as_absent(people.client_of(doctor), plan, file_id)


def test_urgent_care_opens_the_files_of_the_version_they_read_and_no_others(approved, paramedic):
    crew, file_id = people.client_of(paramedic), in_version(approved)
    at = address("emergency-file", approved, file_id)
    assert crew.get(at).status_code == 302
    crew.post(address("emergency-reason", approved), {"reason": "caring_now"})
    assert at in text_of(crew.get(address("emergency-full", approved)))
    answer = crew.get(at)
    assert answer.content == PAPER and answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.get(action="emergency.read_file").purpose.startswith("caring_now")
    assert same_as_absent(crew, approved, in_version(approved, "private"), "emergency-file")
    assert crew.get(address("plan-file", approved, file_id)).status_code in (403, 404)


def test_the_person_opens_what_stands_on_their_page_until_it_is_withheld(approved, nurse):
    patient, file_id = portal.browser_of(portal.account(nurse, approved).user), in_version(approved)
    at = address("my-plan-file", approved, file_id)
    assert at in text_of(patient.get(address("my-plan", approved)))
    assert patient.get(at).content == PAPER
    assert "opened a file of your plan" in text_of(patient.get(address("my-plan", approved)))
    assert same_as_absent(patient, approved, in_version(approved, "private"), "my-plan-file")
    withholding.withhold_answer(
        by=nurse,
        plan=approved,
        uid="papers",
        from_person=True,
        from_delegates=True,
        reason="not_discussed",
        explanation="Not yet",
        review_on=clock.today() + datetime.timedelta(days=7),
        now=clock.now(),
    )
    assert ".pdf" not in text_of(patient.get(address("my-plan", approved)))
    assert same_as_absent(patient, approved, file_id, "my-plan-file")


@pytest.mark.parametrize("harm", ["changed", "swapped", "gone"])
def test_a_file_that_is_not_what_was_approved_is_never_given_out(browser, approved, harm):
    file_id = in_version(approved)
    path, storage = file_store.path_of(UUID(file_id)), storages["plan-files"]
    with storage.open(path) as stored:
        content = bytearray(stored.read())
    file_store.remove(UUID(file_id))
    if harm == "changed":
        content[len(content) // 2] ^= 1
        with storage.open(path, "wb") as stored:
            stored.write(bytes(content))
    elif harm == "swapped":
        file_store.put(UUID(file_id), brought.paper(9))
    answer = browser.get(address("plan-file", approved, file_id))
    assert answer.status_code == 503 and "changed or lost after it was saved" in text_of(answer)
    assert AuditEvent.objects.filter(action="plan.file_damaged").count() == 1


def test_an_unsaved_file_can_be_forgotten_and_is_in_no_answer(browser, plan):
    wrong = {"q-born__day": "31", "q-born__month": "2", "q-born__year": "2026"}
    send(browser, plan, **wrong, **{"q-papers__upload": upload()})
    browser.post(address("plan-discard", plan, "about"))
    assert "ADRT signed.pdf" not in text_of(browser.get(address("plan-section", plan, "about")))
    assert not drafts.shown_fingerprints(selectors.working_view(plan).answers, ["papers"])["papers"]
