"""The whole service in one walk: from somebody who signs up to learn to a figure in a commissioner's report."""

import datetime
import uuid

from careplan_forms.models import CarePlan
from core import clock
from core.nhs_number import spaced
from governance.models import Agreement, AuditEvent, Organisation
from tests.factories import governance as make
from tests.functional import journeys

PRACTICE = "ZZP05"


def test_from_signing_up_to_the_figure_in_a_report(visit, world, national_service):
    person = world.person(1)
    practice = Organisation.objects.get(ods_code=PRACTICE)
    today = clock.today()
    email = f"walker-{uuid.uuid4().hex[:8]}@example.org"

    # Somebody signs up, confirms the address, learns.
    nurse = visit()
    journeys.sign_up(nurse, email)
    nurse.shot("walk-01-confirm-email")
    nurse.press("confirm", exact=False)
    if "/login/" in nurse.page.url:
        journeys.sign_in(nurse, email)
    nurse.open("/learning/")
    nurse.shot("walk-02-my-learning")
    journeys.read_lessons(nurse)
    nurse.shot("walk-03-quiz")
    journeys.take_quiz(nurse, right=True)
    assert nurse.heading == "You passed"
    nurse.shot("walk-04-passed")

    # Information governance puts them on the practice's list.
    officer = visit(world.actor("ig"))
    officer.open(f"/organisations/{practice.public_id}/")
    officer.shot("walk-05-organisation")
    officer.open(f"/organisations/{practice.public_id}/staff/new/")
    officer.fill("Work email address", email)
    officer.fill("First name", "Wanda")
    officer.fill("Last name", "Walker")
    officer.page.get_by_label("Role", exact=True).select_option(label="Clinician")
    officer.press(officer.page.locator("main button").last.inner_text())
    assert "Wanda Walker" in officer.text
    officer.shot("walk-06-on-the-list")

    # The agreement is not signed yet: the nurse is told so, and who can mend it.
    nurse.open("/people/", status=200)
    journeys.set_up_second_factor(nurse)
    assert "recovery codes" in nurse.heading.lower()
    nurse.shot("walk-07-recovery-codes")
    nurse.open("/people/", status=403)
    assert "agreement" in nurse.text.lower()
    nurse.shot("walk-08-not-yet")

    # The Caldicott Guardian signs exactly this text; the host countersigns.
    agreement = Agreement.objects.get(organisation=practice)
    guardian = visit(world.actor("new-guardian"))
    guardian.open(f"/organisations/agreements/{agreement.public_id}/")
    guardian.follow("Read and sign")
    guardian.shot("walk-09-guardian-reads")
    guardian.page.get_by_label("I have read this agreement and I sign it").check()
    guardian.fill("Your full name", "Meera Joshi")
    guardian.press("Sign")
    guardian.shot("walk-10-signed")
    officer.open(f"/organisations/agreements/{agreement.public_id}/")
    officer.follow("Read and countersign")
    officer.page.get_by_label("I have read this agreement and I sign it").check()
    officer.fill("Your full name", "Carol Whitby")
    officer.press("Countersign")
    officer.shot("walk-11-countersigned")

    # Access is open: find the person, record consent, start and fill the plan.
    nurse.open("/people/")
    nurse.shot("walk-12-find-a-person")
    nurse.fill("NHS number", spaced(person.nhs_number))
    nurse.press("Find by NHS number")
    nurse.shot("walk-13-right-person")
    nurse.press("This is the right person")
    nurse.shot("walk-14-person")
    journeys.record_consent(nurse, today)
    nurse.shot("walk-15-consent-recorded")
    nurse.press("Start a plan")
    nurse.shot("walk-16-task-list")
    given = journeys.fill_minimum_plan(nurse)
    nurse.shot("walk-17-task-list-done")
    nurse.follow("Getting in, and what to do")
    nurse.fill("How does a crew get in?", "Side gate, key safe by the meter")
    nurse.choose("Is there a key safe?", "Yes")
    nurse.fill("Key safe code", "C1947Y")
    nurse.shot("walk-18-section")
    nurse.press("Save section")
    plan = CarePlan.objects.get(patient__nhs_number=person.nhs_number)
    nurse.open(f"/plans/{plan.public_id}/check/")
    nurse.shot("walk-19-check")
    nurse.open(f"/plans/{plan.public_id}/tasks/")
    given += journeys.send_for_approval(nurse, today + datetime.timedelta(days=180))
    assert nurse.heading == "Sent for approval"
    assert given <= 18
    nurse.shot("walk-20-sent")

    # Nobody in urgent care sees it yet.
    crew = visit(world.actor("paramedic"), width=360, height=640)
    crew.open("/urgent/")
    crew.fill("NHS number", spaced(person.nhs_number))
    crew.press("Find by NHS number")
    assert crew.heading == "No plan found"
    crew.shot("walk-21-no-plan-yet")

    # The doctor approves what was shown.
    named = make.user(first_name="Olivia", last_name="Grant")
    doctor = visit(make.staff(practice, role="doctor", user=named))
    doctor.open("/worklist/?show=to-approve")
    doctor.shot("walk-22-worklist")
    submission = plan.submissions.get()
    doctor.open(f"/plans/{plan.public_id}/submissions/{submission.public_id}/")
    doctor.shot("walk-23-approve")
    doctor.press("Approve this plan")
    if doctor.heading != "Plan approved":
        doctor.shot("walk-24-cpr-changes")
        doctor.press("approve", exact=False)
    assert doctor.heading.startswith("Plan approved")
    doctor.shot("walk-25-approved")

    # The crew searches with spaces, says why, reads, and asks for the code.
    crew.open("/urgent/")
    crew.fill("NHS number", spaced(person.nhs_number))
    crew.press("Find by NHS number")
    crew.shot("walk-26-reason", whole=False)
    crew.choose("Why are you opening this plan?", "I am caring for this person now")
    crew.press("Open the plan")
    crew.shot("walk-27-emergency", whole=False)
    assert "Do not attempt CPR" in crew.text
    assert "C1947Y" not in crew.page.content()
    crew.press("Show key safe code")
    assert "C1947Y" in crew.text
    crew.page.locator(".fw-em-code").scroll_into_view_if_needed()
    crew.shot("walk-28-code", whole=False)

    # Who looked is on record, for the privacy officer and beside the plan.
    looks = AuditEvent.objects.filter(target_ref=str(plan.public_id), action__startswith="emergency.")
    assert {look.action for look in looks} >= {"emergency.read", "emergency.access_code"}
    assert all(look.purpose == "caring_now" for look in looks.filter(action="emergency.read"))
    privacy = visit(world.actor("privacy"))
    privacy.open(f"/organisations/audit/?what={plan.public_id}")
    assert "Jack Turner" in privacy.text
    privacy.shot("walk-29-audit")
    nurse.open(f"/plans/{plan.public_id}/viewers/")
    assert "Jack Turner" in nurse.text
    nurse.shot("walk-30-viewers")

    # And the commissioner sees one plan more.
    commissioner = visit(world.actor("commissioner"))
    commissioner.open("/reports/")
    commissioner.shot("walk-31-reports")
    start = today.replace(day=1)
    days = [(each.day, each.month, each.year) for each in (start, today)]
    parts = zip(("start", "end"), days, strict=True)
    query = "&".join(f"{n}_day={d}&{n}_month={m}&{n}_year={y}" for n, (d, m, y) in parts)
    commissioner.open(f"/reports/plans/?{query}")
    assert practice.name in commissioner.text
    commissioner.shot("walk-32-report")
