"""Conditions, needs, warnings and calculated values over a plan's life: draft, check, submission, version."""

import datetime
import re

import pytest
from django.urls import reverse

from careplan_forms.models import CarePlan, PlanDraft, PlanSubmission
from careplan_forms.selectors import plans as selectors
from core import clock
from core.exceptions import Refused
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db

MORE = [
    {"uid": "alone", "type": "yes_no", "label": "Lives alone"},
    {"uid": "neighbour", "label": "Neighbour", "show_if": {"item": "alone", "op": "=", "value": True}},
    {
        "uid": "key",
        "label": "Where is the key?",
        "show_if": {"item": "neighbour", "op": "exists", "value": True},
        "recommended": True,
    },
    {
        "uid": "why",
        "label": "Why alone?",
        "required_if": {"item": "alone", "op": "=", "value": True},
        "warnings": [
            {"uid": "unsafe", "rule": {"item": "alone", "op": "=", "value": True}, "text": "Nobody can open the door."}
        ],
    },
    {"uid": "birth", "type": "date", "label": "Born on"},
    {"uid": "age", "type": "calculated", "label": "Age", "unit": "years", "calculation": {"age": {"item": "birth"}}},
]


@shared
def with_rules(plan):
    document = make.document()
    document["key"], document["url"] = "with-rules", "https://foreword.example/forms/with-rules"
    document["sections"][0]["items"] += MORE
    version = make.form_version(document)
    CarePlan.objects.filter(pk=plan.pk).update(form_version=version)
    return CarePlan.objects.select_related("form_version", "current_version", "patient").get(pk=plan.pk)


def complete(nurse, plan, **more):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT, **more)


def address(name, plan, *args):
    return reverse(f"careplan_forms:{name}", args=[plan.public_id, *args])


def sent_with(browser, plan, **more):
    on = clock.today() + datetime.timedelta(days=90)
    fields = {"discussed_with": "The person", "review_on_day": on.day, "review_on_month": on.month}
    fields["review_on_year"] = on.year
    return browser.post(address("plan-check", plan), fields | more)


def test_hidden_answers_stay_in_the_draft_and_go_no_further(nurse, with_rules, flows):
    complete(nurse, with_rules, alone=True, neighbour="Mrs Ash", key="Under the pot", why="Her choice")
    make.save(nurse, with_rules, alone=False)
    assert PlanDraft.objects.get(plan=with_rules).items["key"]["value"] == "Under the pot"
    sent = make.submission(nurse, with_rules)
    assert not {"neighbour", "key"} & sent.answers.keys(), "what depends on a hidden answer goes with it"
    assert sent.answers["alone"] is False


def test_shown_again_they_are_as_they_were(nurse, with_rules):
    make.save(nurse, with_rules, alone=True, neighbour="Mrs Ash")
    make.save(nurse, with_rules, alone=False)
    form, merged = selectors.form_for_work(with_rules), selectors.working_view(with_rules, nurse)
    assert form.suppressed(merged.answers) == {"neighbour": "Mrs Ash"}
    make.save(nurse, with_rules, alone=True)
    assert form.complete(selectors.working_view(with_rules, nurse).answers)["neighbour"] == "Mrs Ash"


def test_what_a_rule_needs_keeps_a_plan_from_being_sent_only_while_it_holds(nurse, with_rules, flows):
    complete(nurse, with_rules, alone=True)
    with pytest.raises(Refused, match="Why alone"):
        make.submission(nurse, with_rules)
    make.save(nurse, with_rules, alone=False)
    assert make.submission(nurse, with_rules)


def test_a_warning_has_to_be_on_the_page_that_sends_the_plan(nurse, with_rules, flows):
    browser = people.client_of(nurse)
    complete(nurse, with_rules, alone=True, neighbour="Mrs Ash", why="Her choice")
    unseen = sent_with(browser, with_rules)
    text = unseen.content.decode()
    assert unseen.status_code == 200 and "Read the warnings about this plan, then send it" in text
    assert "Nobody can open the door." in text
    assert "1 recommended question without an answer" in text and "Where is the key?" in text
    assert not PlanSubmission.objects.exists()
    seen = re.findall(r'name="_seen" value="([^"]*)"', text)
    assert sent_with(browser, with_rules, _seen=seen).status_code == 302
    assert PlanSubmission.objects.count() == 1


def test_whoever_approves_sees_the_warnings(nurse, doctor, with_rules, flows):
    complete(nurse, with_rules, alone=True, why="Her choice")
    sent = make.submission(nurse, with_rules)
    page = people.client_of(doctor).get(address("approve", with_rules, sent.public_id))
    assert "Nobody can open the door." in page.content.decode()


def test_a_calculated_value_is_worked_out_at_reading_and_frozen_with_the_submission(nurse, with_rules, flows):
    complete(nurse, with_rules, birth="1938-03-12", age={"value": "7", "unit": "years"})
    years = selectors.working_view(with_rules, nurse).answers["age"]
    assert years["unit"] == "years" and int(years["value"]) > 80
    assert make.submission(nurse, with_rules).answers["age"] == years


def test_a_posted_value_is_not_taken_for_a_calculated_one(nurse, with_rules):
    browser, key = people.client_of(nurse), selectors.form_for_work(with_rules).sections[0].key
    browser.post(address("plan-section", with_rules, key), {"q-age": "7", "q-why": "Her choice"})
    draft = PlanDraft.objects.get(plan=with_rules)
    assert "why" in draft.items and "age" not in draft.items
