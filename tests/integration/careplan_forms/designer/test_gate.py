"""What stands between a draft and sign-off: test cases, the emergency view, and what open plans would go through."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careplan_forms import seeds
from careplan_forms.models import FormCandidate
from careplan_forms.presenters.sign_off import impact_in_words, report_page
from careplan_forms.schema.document import normalise
from careplan_forms.schema.emergency import MANDATORY_SLOTS
from careplan_forms.selectors.impact import impact_of
from careplan_forms.services import checking, definitions, plans
from careplan_forms.services.checking import report_on
from core.exceptions import Refused
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.integration.careplan_forms.designer.conftest import document
from tests.worlds import shared


@pytest.fixture
def case_results(monkeypatch):
    """What the test cases of every form come out as."""
    rows = []
    monkeypatch.setattr(checking, "test_runs", [lambda definition, document: rows])
    return rows


def test_a_failing_test_case_stops_a_form(definition, lead, case_results):
    case_results += [
        {"name": "Warm home", "passed": True, "messages": []},
        {"name": "Cold home", "passed": False, "messages": ["“Why not?” was not shown"]},
    ]
    with pytest.raises(Refused, match="Cold home"):
        definitions.create_candidate(definition=definition, by=lead)
    assert not FormCandidate.objects.exists()
    case_results.pop()
    assert definitions.create_candidate(definition=definition, by=lead).tests == case_results


def test_a_place_of_the_emergency_view_may_not_be_emptied(lead, safety_officer, ig_officer):
    officers = (safety_officer, ig_officer)
    definition = definitions.seed(by=lead, signed_off_by=officers, only=["urgent-care-plan"])[0].definition
    newer = normalise(seeds.form("urgent-care-plan"))
    needed = {slot for slots in MANDATORY_SLOTS.values() for slot in slots}
    items = {item["slot"]: item for section in newer["sections"] for item in section["items"] if item["slot"]}
    items[next(slot for slot in items if slot not in needed)].update(slot=None, slot_values={})
    definitions.update_sections_from_document(definition=definition, document=newer, by=lead)
    with pytest.raises(Refused, match="The emergency view would lose"):
        definitions.create_candidate(definition=definition, by=lead)
    report = report_on(definition, definitions.compile_definition(definition=definition), definition.live_version)
    (row,) = report_page(report, definition, may_edit=True).errors
    assert row.place and "/sections/edit/" in row.link


def test_a_finding_leads_to_the_item_for_who_may_edit_and_only_names_the_place_for_others(definition, lead):
    faulty = document()
    faulty["sections"][0]["items"][1]["show_if"] = {"item": "nowhere", "op": "=", "value": "C"}
    definitions.update_sections_from_document(definition=definition, document=faulty, by=lead)
    report = report_on(definition, definitions.compile_definition(definition=definition), None)
    row = report_page(report, definition, may_edit=True).errors[0]
    assert row.place == "The home" and row.link.endswith("#block-u-why-section") and row.how_to_mend
    assert report_page(report, definition, may_edit=False).errors[0].link == ""


def test_changes_stand_under_their_section_in_the_order_of_the_form(definition, live, lead):
    newer = document(title="Winter plan at home")
    newer["sections"][0]["items"][1]["show_if"] = {"item": "u-warm", "op": "=", "value": "W"}
    newer["sections"][1]["items"][0]["items"].append(
        {"uid": "u-when", "link_id": "when", "type": "text", "label": "When?"}
    )
    definitions.update_sections_from_document(definition=definition, document=newer, by=lead)
    candidate = definitions.create_candidate(definition=definition, by=lead)
    groups = report_page(candidate, definition, may_edit=False).changes
    assert [group.title for group in groups] == ["", "The home", "People"]
    assert "“Is it warm?” is “Warm enough”" in groups[1].sentences[0]


# Impact


@shared
def doctor(practice):
    return people.staff(practice, role="doctor")


@shared
def open_plans(nurse, doctor):
    """Four open plans on one form: two decided on CPR, one with a talk as well, one being written; one withdrawn."""
    make.flows()
    made = [
        make.approved_plan(nurse, doctor, cpr=make.CPR_ATTEMPT),
        make.approved_plan(nurse, doctor, cpr=make.CPR_DO_NOT),
        make.approved_plan(nurse, doctor, cpr=make.CPR_DO_NOT),
        make.plan(nurse),
    ]
    make.save(nurse, made[2], "about", matters="The garden")
    gone = make.approved_plan(nurse, doctor, cpr=make.CPR_DO_NOT)
    plans.withdraw_plan(by=doctor, plan=gone, reason="Moved away", now=make.clock.now())
    return made


def newer_form(definition, change):
    newer = copy.deepcopy(definition.live_version.document)
    change(
        newer["value_sets"], {item["uid"]: item for section in newer["sections"] for item in section["items"]}, newer
    )
    return normalise(newer)


def impact(open_plans, change):
    definition = open_plans[0].form_version.definition
    return impact_of(definition, newer_form(definition, change))


def numbers(found):
    return tuple(found[key] for key in ("open_plans", "carry_over", "need_clinician", "lose_answer"))


def test_new_words_carry_every_plan_over(open_plans):
    found = impact(open_plans, lambda sets, items, form: items["cpr"].update(label="CPR, in other words"))
    assert numbers(found) == (4, 4, 0, 0) and found["doubtful"] == found["removed"] == []


def test_an_option_that_goes_needs_a_clinician_where_it_was_chosen(open_plans):
    found = impact(open_plans, lambda sets, items, form: sets["cpr"]["options"].pop())
    assert numbers(found) == (4, 2, 2, 0)
    assert found["doubtful"] == [{"uid": "cpr", "label": "CPR decision", "plans": 2}]


def test_a_question_that_goes_loses_the_answers_drafts_hold_too(open_plans):
    def change(sets, items, form):
        form["sections"][0]["items"] = [item for item in form["sections"][0]["items"] if item["uid"] != "matters"]

    found = impact(open_plans, change)
    assert numbers(found) == (4, 3, 0, 1)
    assert found["removed"] == [{"uid": "matters", "label": "What matters most?", "plans": 1}]


def test_a_new_mandatory_question_needs_a_clinician_everywhere(open_plans):
    def change(sets, items, form):
        new = {"uid": "new", "link_id": "new", "type": "text", "label": "New?", "required": "publish"}
        form["sections"][0]["items"].append(new)

    assert numbers(impact(open_plans, change)) == (4, 0, 4, 0)


def test_the_questions_to_the_database_do_not_grow_with_the_plans(open_plans, nurse, django_assert_num_queries):
    definition = open_plans[0].form_version.definition
    newer = newer_form(definition, lambda sets, items, form: sets["cpr"]["options"].pop())
    with CaptureQueriesContext(connection) as few:
        impact_of(definition, newer)
    for _ in range(3):
        make.plan(nurse)
    with django_assert_num_queries(len(few)):
        assert impact_of(definition, newer)["open_plans"] == 7


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((412, 390, 17, 5), "412 open plans: 390 carry over, 17 need a clinician, 5 lose an answer."),
        ((1, 1, 0, 0), "1 open plan: 1 carries over, 0 need a clinician, 0 lose an answer."),
        ((10412, 1, 1, 10410), "10,412 open plans: 1 carries over, 1 needs a clinician, 10,410 lose an answer."),
        ((0, 0, 0, 0), "No plan is open on this form."),
    ],
)
def test_impact_in_words(found, said):
    names = ("open_plans", "carry_over", "need_clinician", "lose_answer")
    assert impact_in_words(dict(zip(names, found, strict=True))) == said
