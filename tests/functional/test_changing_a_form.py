"""A clinical lead changes a form that people's plans stand on: from a new question to the plans that follow it."""

import datetime
import time

import pytest

from careplan_forms.models import CarePlan, FormCandidate, FormDefinition, FormMigration
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.selectors import form_drafts
from careplan_forms.services import definitions, migration_running
from core import clock
from tests.factories import careplan_forms as make
from tests.functional.test_designer import save, sentence, unfold
from tests.integration.careplan_forms.designer.conftest import document

ASKS, DEPENDS = "Is there a spare heater?", "Where does it stand?"


def go_live(world, definition):
    lead, officers = world.actor("clinical-lead"), (world.actor("safety"), world.actor("ig"))
    candidate = definitions.create_candidate(definition=definition, change_note="First", by=lead)
    made = [
        definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=each)
        for each in officers
    ]
    return made[-1]


@pytest.fixture
def autumn_plan(world):
    """A live form that one open plan of the practice stands on, with an answer."""
    lead, nurse = world.actor("clinical-lead"), world.actor("nurse")
    definition = definitions.create_from_document(document=document(key="autumn-plan"), by=lead)
    first = go_live(world, definition)
    plan = make.plan(nurse)
    CarePlan.objects.filter(pk=plan.pk).update(form_version=first)
    option = {"code": "C", "system": "urn:foreword:warmth", "display": "Too cold"}
    make.save(nurse, CarePlan.objects.get(pk=plan.pk), "home", u_warm=option)
    return FormDefinition.objects.get(pk=definition.pk), plan


def add(page, kind, label):
    """A new item at the end of the section, saved."""
    page.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=ITEM_TYPES[kind].title, exact=True).click()
    page.locator("[data-contentpath=label] :is(input, textarea)").last.fill(label)
    save(page)


def conditional_question(lead, section):
    """Two questions, the second shown only after a yes to the first, by rows."""
    lead.open(f"/admin/forms/sections/edit/{section.pk}/")
    add(lead.page, "yes_no", ASKS)
    add(lead.page, "text", DEPENDS)
    child = unfold(lead.page, 3)
    child.get_by_role("button", name="Change: Shown only if").click()
    child.get_by_role("button", name="Add a condition").click()
    question = child.get_by_label("Question of condition 1")
    question.select_option(question.locator("option", has_text=ASKS).get_attribute("value"))
    child.get_by_label("Answer of condition 1").select_option("yes")
    said = sentence(child, "show_if").element_handle()
    lead.page.wait_for_function("([e, t]) => e.textContent === t", arg=[said, f"Shown if “{ASKS}” is yes."])
    save(lead.page)


def look_four_ways(lead, definition):
    """The new question in the four previews, and why it is shown."""
    lead.open(f"/admin/forms/{definition.public_id}/preview/")
    for mode in ("As urgent care reads it", "On paper (A4)", "As the person fills it in", "As a clinician fills it in"):
        lead.page.get_by_label("Look at it").select_option(label=mode)
        lead.press("Show")
        if "fills" in mode:
            lead.choose(ASKS, "Yes")
            lead.press("Show what these answers do")
            assert f"Shown because “{ASKS}” is yes." in lead.page.content()


def test_a_new_question_reaches_the_plans_by_preview_two_approvals_and_a_dry_run(visit, world, autumn_plan):
    definition, plan = autumn_plan
    lead = visit(world.actor("clinical-lead"))
    section = form_drafts.sections_of(definition)[0]
    started = time.monotonic()
    conditional_question(lead, section)
    look_four_ways(lead, definition)
    assert time.monotonic() - started < 180, "a question is added and looked at in four ways within three minutes"

    lead.open(f"/admin/forms/{definition.public_id}/propose/")
    lead.fill("What changed, and why", "Some homes are cold")
    lead.press("Send for sign-off")
    candidate = FormCandidate.objects.filter(definition=definition).latest("created_at")
    for officer in ("safety", "ig"):
        assert FormDefinition.objects.get(pk=definition.pk).live_version.number == 1
        reader = visit(world.actor(officer))
        reader.open(f"/admin/forms/candidates/{candidate.public_id}/")
        assert ASKS in reader.text and "1 open plan" in reader.text
        for box in reader.page.locator("fieldset.fw-ticks input").all():
            box.check()
        reader.press("Approve")
    assert FormDefinition.objects.get(pk=definition.pk).live_version.number == 2
    assert CarePlan.objects.get(pk=plan.pk).form_version.number == 1, "an open plan keeps its version"

    migration = FormMigration.objects.get(definition=definition)
    lead.open(f"/admin/forms/migrations/{migration.public_id}/")
    lead.press("Try: count what this means for the plans")
    migration_running.dry_run(migration=FormMigration.objects.get(pk=migration.pk))
    lead.open(f"/admin/forms/migrations/{migration.public_id}/")
    assert "1 open plan" in lead.text
    lead.follow("Move the plans")
    in_a_month = clock.today() + datetime.timedelta(days=30)
    lead.fill("Last day on which open drafts finish on the old version", in_a_month.isoformat())
    lead.page.get_by_label("I have read what this means for the plans").check()
    lead.press("Move the plans")
    migration_running.carry_out(migration=FormMigration.objects.get(pk=migration.pk))

    nurse = visit(world.actor("nurse"))
    nurse.open(f"/plans/{plan.public_id}/form-change/")
    nurse.go(nurse.page.locator("main form button").first)
    moved = CarePlan.objects.get(pk=plan.pk)
    assert moved.form_version.number == 2
    nurse.open(f"/plans/{plan.public_id}/sections/home/")
    assert ASKS in nurse.text and nurse.page.get_by_label("Too cold").is_checked()
