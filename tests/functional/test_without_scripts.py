"""The same journeys with JavaScript off: writing, learning, repeats, and what was typed when a session ended."""

import datetime

from core import clock
from governance.models import Organisation, TrainingRecord
from tests.factories import governance as make
from tests.functional import journeys, practice_world


def test_a_plan_is_written_and_sent(visit, world, national_service):
    nurse = visit(world.actor("nurse"), scripts=False)
    journeys.find_person(nurse, world.person(6))
    journeys.record_consent(nurse, clock.today())
    nurse.press("Start a plan")
    journeys.fill_minimum_plan(nurse)
    journeys.send_for_approval(nurse, clock.today() + datetime.timedelta(days=90))
    assert nurse.heading == "Sent for approval"


def test_another_contact_is_added_moved_and_removed_by_buttons(visit, world):
    worked = practice_world.draft_plan(world, world.person(7))
    nurse = visit(world.actor("nurse"), scripts=False)
    nurse.open(f"/plans/{worked.public_id}/sections/contacts/")
    names = nurse.page.get_by_label("Name or service")
    before = [name.input_value() for name in names.all()]
    nurse.press("Move up", exact=False)
    assert [name.input_value() for name in names.all()] == before[::-1]
    nurse.press("Add another", exact=False)
    assert names.count() == len(before) + 1
    nurse.press("Remove", exact=False)
    assert names.count() == len(before)


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(visit, world):
    plan = practice_world.draft_plan(world, world.person(8))
    nurse = visit(world.actor("nurse"), scripts=False)
    path = f"/plans/{plan.public_id}/sections/at-home/"
    nurse.open(path)
    nurse.fill("How does a crew get in?", "By the blue door behind the bins")
    session = next(cookie for cookie in nurse.context.cookies() if cookie["name"] == "sessionid")
    nurse.context.clear_cookies(name="sessionid")
    nurse.press("Save section")
    assert "/account/login/" in nurse.page.url
    nurse.context.add_cookies([session])
    nurse.open(path)
    assert nurse.field("How does a crew get in?").input_value() == "By the blue door behind the bins"


def test_a_learner_fails_once_and_passes_the_second_time(visit, world):
    learner = make.staff(Organisation.objects.get(ods_code="ZZR01"), role="care_home", trained=False)
    visitor = visit(learner, scripts=False)
    visitor.open("/worklist/", 403)
    journeys.read_lessons(visitor)
    journeys.take_quiz(visitor, right=False)
    assert visitor.heading == "Not passed yet"
    visitor.follow("try the quiz again")
    journeys.take_quiz(visitor, right=True)
    assert visitor.heading == "You passed"
    visitor.open("/worklist/")
    code = TrainingRecord.objects.get(user_id=learner.user_id).certificate_code
    stranger = visit(scripts=False)
    stranger.open("/learning/certificates/")
    stranger.fill("Certificate code", code)
    stranger.press("Check", exact=False)
    assert "This certificate is genuine" in stranger.text
    assert "Tester" not in stranger.text, "whose certificate it is stays private"
