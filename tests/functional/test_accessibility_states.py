"""States of a screen that its address alone does not show: held to the same rules as every screen."""

import datetime
from typing import Any

import pytest

from careplan_forms.enums import Verification
from careplan_forms.models import CarePlan, FormDefinition
from careplan_forms.services import consents, patients, plans
from core import clock
from governance.models import Organisation
from tests.factories import careplan_forms as make_plans
from tests.factories import governance as make
from tests.functional import journeys, practice_world
from tests.functional.driving.visitor import Visitor
from tests.functional.emergency_plans import LONGEST_FACTS, readable
from tests.functional.test_accessibility import STOCK, WCAG, Inspector, inspect, make_unknown_number

__all__ = ["inspect"]
WHY = "Why are you opening this plan?"


@pytest.fixture(scope="module")
def worked(world):
    """An approved plan with a newer text sent for approval, and a draft: of nobody another test knows."""
    return practice_world.worked_plan(world, world.person(20), world.person(21))


def search(visitor: Visitor, path: str, **details: str) -> None:
    """Search by the details below the number; `path` is the search page."""
    visitor.open(path)
    closed = visitor.page.locator("main details:not([open]) summary")
    if closed.count():
        closed.first.click()
    visitor.fill("Surname", details["family_name"])
    if "born" in details:
        visitor.date("Date of birth", *[int(part) for part in reversed(details["born"].split("-"))])
    if "postcode" in details:
        visitor.fill("Postcode", details["postcode"])
    visitor.press_last()


@pytest.mark.parametrize("path", ["/people/", "/urgent/"])
def test_a_number_that_is_none(inspect, world, path):
    inspector = inspect(world.actor("nurse" if path == "/people/" else "paramedic"))
    for typed in ("943 476 5918", "12", "letters"):
        inspector.visitor.resize(1280, 800)
        inspector.visitor.open(path)
        inspector.visitor.fill("NHS number", typed)
        inspector.visitor.press("Find by NHS number")
        inspector.look_at_errors(f"{path} {typed}")
    inspector.done()


def test_results_of_a_search_for_a_person(inspect, world, national_service):
    practice = Organisation.objects.get(ods_code="ZZP01")
    for given in ("Ada", "Bess"):
        make_plans.patient(practice, family_name="Merriweather", given_names=given)
    alone = make_plans.patient(practice, family_name="Unverified", verification=Verification.NOT_TRACED)
    inspector = inspect(world.actor("nurse"))
    visitor = inspector.visitor
    search(visitor, "/people/", family_name="Merriweather", born="1938-03-12")
    assert visitor.heading == "People found"
    inspector.inspect("two of one name")
    search(visitor, "/people/", family_name="Nobodywhatever", born="1938-03-12")
    assert visitor.heading == "Nobody found"
    inspector.inspect("nobody found")
    search(visitor, "/people/", family_name="")
    inspector.look_at_errors("details left out")
    inspector.look(f"/people/{alone.public_id}/")
    visitor.open("/people/")
    visitor.fill("NHS number", make_unknown_number())
    visitor.press("Find by NHS number")
    visitor.press_last()
    inspector.look_at_errors("registering without details")
    visitor.fill("First names", "Ada")
    visitor.fill("Surname", "Merriweather")
    visitor.date("Date of birth", 12, 3, 1938)
    visitor.press_last()
    inspector.inspect("is it one of these")
    inspector.done()


def test_a_person_and_a_plan_when_something_has_happened(inspect, world):
    gp = world.actor("gp")
    now, today = clock.now(), clock.today()
    done = [practice_world.approved_plan(world, world.person(22 + 2 * n), world.person(23 + 2 * n)) for n in range(2)]
    withdrawn, died = (each.plan for each in done)
    plans.withdraw_plan(by=gp, plan=withdrawn, reason="Recovered", now=now)
    patients.record_death(by=gp, patient=died.patient, died_on=today, place="", now=now, today=today)
    refused = done[0].draft
    consents.record_consent(by=gp, patient=refused.patient, now=now, **refusal())
    inspector = inspect(gp)
    for plan in (withdrawn, died):
        inspector.look(f"/people/{plan.patient.public_id}/")
        for page in ("", "versions/"):
            inspector.look(f"/plans/{plan.public_id}/{page}")
    inspector.look(f"/people/{refused.patient.public_id}/")
    inspector.titles.clear()  # the same page of different people has one title: no name stands in a title
    inspector.done()


def refusal() -> dict[str, Any]:
    return {"decision": "refused", "basis": "person", "decided_on": clock.today()}


def test_a_clash_a_mark_and_what_is_refused_on_a_plan(inspect, world, worked):
    nurse, gp = inspect(world.actor("nurse")), inspect(world.actor("gp"))
    draft = f"/plans/{worked.draft.public_id}"
    for each, words in ((nurse, "By the blue door"), (gp, "By the red door")):
        each.visitor.open(f"{draft}/sections/at-home/")
        each.visitor.fill("How does a crew get in?", words)
    nurse.visitor.press("Save section")
    gp.visitor.press("Save section")
    assert gp.visitor.page.url.endswith("/clashes/")
    gp.inspect("a clash")
    gp.visitor.go(gp.visitor.page.locator("main form[method=post] button").first)
    gp.look_at_errors("a clash without a choice")
    here = f"/plans/{worked.plan.public_id}"
    gp.visitor.open(f"{here}/submissions/{worked.submission.public_id}/")
    gp.visitor.press_last()
    gp.look_at_errors("returning without a reason")
    gp.visitor.open(f"{here}/stop-marks/")
    gp.visitor.page.locator("main input[type=radio]").first.check()
    gp.visitor.press_last()
    gp.inspect("a plan with a mark")
    gp.look(f"{here}/stop-marks/")
    gp.send_empty(f"{here}/care-team/")
    gp.visitor.recorder.expected_statuses.add(409)
    gp.visitor.open(f"{here}/submissions/{worked.submission.public_id}/")
    gp.visitor.page.evaluate("() => document.querySelectorAll('[name=shown]').forEach(e => e.value = 'f'.repeat(64))")
    gp.visitor.press("Approve this plan")
    gp.inspect("409")
    nurse.done()
    gp.done()


def test_lists_that_are_empty_and_an_inbox_that_is_not(inspect, world, worked):
    gp = inspect(world.actor("gp"))
    for path in ("/tasks/", "/tasks/?show=free&due=week", "/organisations/mine/"):
        gp.look(path)
    gp.send_empty("/tasks/views/new/?show=free", "Save")
    gp.done()
    organisation = make.organisation(care_setting="gp_practice")
    newcomer = inspect(make.staff(organisation, "doctor"))
    for path in ("/tasks/", "/worklist/", "/worklist/?show=to-approve"):
        newcomer.visitor.open(path)
        newcomer.inspect(f"{path} empty")
    newcomer.done()
    reader = inspect(make.staff(make.organisation(care_setting="commissioner"), "commissioner"))
    for path in ("/reports/", "/reports/plans/", "/reports/place-of-death/"):
        reader.visitor.open(path)
        reader.inspect(f"{path} empty")
    reader.done()


def test_work_that_nobody_at_a_place_can_do_and_why_somebody_cannot(inspect, world):
    worked = practice_world.worked_plan(world, world.person(32), world.person(33))
    place, leader = practice_world.short_of_people(worked.submission)
    lead = inspect(leader)
    for path in ("/tasks/", f"/organisations/{place.public_id}/", "/organisations/who-helps/"):
        lead.look(path)
        if "who-helps" not in path:
            assert lead.visitor.page.locator("[aria-labelledby=vacancies] li").count() == 3, path
    lead.visitor.resize(1280, 800)
    lead.visitor.open("/tasks/")
    lead.visitor.follow("Put another doctor on the staff list")
    assert lead.visitor.page.locator("main [value=doctor]").last.evaluate("e => e.checked || e.selected")
    lead.done()
    nurse = inspect(make.staff(worked.plan.owner, "clinician"))
    nurse.look(f"/plans/{worked.plan.public_id}/submissions/{worked.submission.public_id}/")
    nurse.visitor.resize(1280, 800)
    nurse.visitor.follow("Whom to ask")
    nurse.inspect("whom a nurse asks")
    nurse.done()


def test_an_agreement_and_a_staff_list_with_errors(inspect, world):
    agreement, guardian = practice_world.agreement_to_sign()
    signing = inspect(guardian)
    path = f"/organisations/agreements/{agreement.public_id}/sign/"
    signing.look(path)
    signing.send_empty(path, "Sign")
    signing.done()
    officer = inspect(world.actor("ig"))
    here = f"/organisations/{agreement.organisation.public_id}"
    for page in ("staff/new/", "posts/new/", "agreements/new/", "suspend/"):
        officer.send_empty(f"{here}/{page}")
    officer.done()


def test_a_quiz_failed_and_passed(inspect, world):
    inspector = inspect(make.staff(Organisation.objects.get(ods_code="ZZP01"), trained=False))
    visitor = inspector.visitor
    journeys.read_lessons(visitor)
    for right in (False, True):
        visitor.resize(1280, 800)
        visitor.open("/learning/using-foreword/quiz/")
        journeys.take_quiz(visitor, right=right)
        assert visitor.heading == ("You passed" if right else "Not passed yet")
        inspector.inspect(visitor.heading)
    visitor.open("/learning/")
    inspector.inspect("my learning, passed")
    inspector.done()


def test_pages_of_errors(inspect, world):
    inspector = inspect(world.actor("clinical-lead"))
    visitor = inspector.visitor
    inspector.look("/people/", 403)
    inspector.look("/nothing/at/all/", 404)
    inspector.look("/admin/failwhale/", 500)
    visitor.open("/learning/certificates/")
    visitor.recorder.expected_statuses.add(403)
    visitor.page.evaluate("() => document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(e => e.remove())")
    visitor.fill("Certificate code", "A")
    visitor.press("Check")
    inspector.inspect("a form that was open too long")
    visitor.context.clear_cookies()
    visitor.open("/worklist/")
    inspector.inspect("a session that has ended")
    inspector.done()


RESTRICTED = {"restricted": True, "address_lines": [], "postcode": ""}
SUMMARIES: dict[str, dict[str, Any]] = {
    "longest texts": {"facts": LONGEST_FACTS},
    "withdrawn": {"withdrawn_at": datetime.datetime(2026, 3, 4, 10, 30, tzinfo=datetime.UTC)},
    "deceased": {"died_on": datetime.date(2026, 3, 4)},
    "restricted": {"person": RESTRICTED},
    "unverified": {"person": {"verification": Verification.NOT_TRACED}},
}


@pytest.mark.parametrize("state", SUMMARIES)
def test_an_emergency_view_and_its_paper(inspect, world, state):
    crew = world.actor("paramedic")
    fields = dict(SUMMARIES[state])
    inspector = inspect(crew)
    here = f"/urgent/{readable(crew, **fields).plan_public_id}"
    inspector.look(f"{here}/reason/")
    inspector.visitor.choose(WHY, "I am caring for this person now")
    inspector.visitor.press("Open the plan")
    inspector.inspect(f"{state}: view")
    inspector.look(f"{here}/paper/")
    inspector.done()


def test_an_emergency_search_without_a_plan_and_a_plan_in_full(inspect, world, worked):
    crew = world.actor("paramedic")
    inspector = inspect(crew)
    visitor = inspector.visitor
    visitor.open("/urgent/")
    visitor.fill("NHS number", make_unknown_number())
    visitor.press("Find by NHS number")
    assert visitor.heading == "No plan found"
    inspector.inspect("no plan found")
    search(visitor, "/urgent/", family_name="Nobodywhatever", postcode="ZZ99 8ZZ")
    inspector.inspect("no match")
    for given in ("Ada", "Bess"):
        readable(crew, person={"family_name": "Thistledown", "given_names": given, "postcode": "ZZ99 8XX"})
    search(visitor, "/urgent/", family_name="Thistledown", postcode="ZZ99 8XX")
    assert visitor.heading == "2 people found"
    inspector.inspect("two of one name")
    search(visitor, "/urgent/", family_name="")
    inspector.look_at_errors("details left out")
    plan = CarePlan.objects.get(pk=worked.plan.pk)
    visitor.open(f"/urgent/{plan.public_id}/reason/")
    visitor.choose(WHY, "I am caring for this person now")
    visitor.press("Open the plan")
    inspector.look(f"/urgent/{plan.public_id}/full/")
    inspector.done()


def test_the_designer_s_own_pages_with_errors(inspect, world):
    definition = FormDefinition.objects.get(key="urgent-care-plan")
    inspector: Inspector = inspect(world.actor("clinical-lead"))
    visitor = inspector.visitor
    moved = definition.live_version.document["sections"][1]["items"][0]["uid"]
    for page in ("editors/", "propose/", f"move/?uid={moved}"):
        visitor.open(f"/admin/forms/{definition.public_id}/{page}")
        for step in ("as it opens", "sent empty"):
            for width in (1280, 320):
                visitor.resize(width, 800)
                faults = visitor.faults(STOCK, runOnly={"type": "tag", "values": WCAG})
                inspector.found += [f"{page} {step} at {width}: {fault}" for fault in faults]
            visitor.resize(1280, 800)
            visitor.recorder.expected_statuses.add(400)
            visitor.press_last()
    inspector.done()


def test_deciding_on_a_plan_for_a_colleague_with_a_list_to_tick(inspect, world):
    worked = practice_world.worked_plan(world, world.person(30), world.person(31))
    partner = practice_world.listed_and_stood_in_for(worked)
    here = f"/plans/{worked.plan.public_id}/submissions/{worked.submission.public_id}/"
    inspector = inspect(partner)
    visitor = inspector.visitor
    inspector.look(here)
    visitor.resize(1280, 800)
    visitor.press("Approve this plan")
    inspector.look_at_errors("approving without the list")
    visitor.resize(1280, 800)
    form = visitor.page.locator("form:has(#approve-reason)")
    for box in form.locator("[name=ticked]").all():
        box.check()
    form.locator("[name=acting]").last.check()
    visitor.press("Approve this plan")
    inspector.inspect("the interruption for a colleague")
    visitor.resize(1280, 800)
    visitor.press("Approve, with this CPR decision")
    inspector.inspect("approved for a colleague")
    for path in ("", "versions/", "versions/2/"):
        inspector.look(f"/plans/{worked.plan.public_id}/{path}")
    inspector.look(here)
    inspector.done()
