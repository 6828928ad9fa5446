"""Deciding on a plan for a colleague who is away, and with the list a step asks to tick."""

import copy
import datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from careplan_forms.models import CarePlan, CarePlanVersion
from careplan_forms.services import approvals, submissions
from core import clock
from core.exceptions import NotAllowed, Refused
from governance.models import AuditEvent, User
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories.workflows import version as flow_version
from tests.worlds import shared
from workflows.models import FlowDecision, FlowDefinition
from workflows.selectors import delegations as seen
from workflows.services import delegations

pytestmark = pytest.mark.django_db

LIST = ("I have spoken to the person", "I know who holds the paper form")
NO_MORE = "You no longer decide for this colleague"


def away(absent, colleague):
    return delegations.delegate(
        by=absent,
        absent=User.objects.get(pk=absent.user_id),
        colleague=User.objects.get(pk=colleague.user_id),
        starts_on=clock.today(),
        ends_on=clock.today() + datetime.timedelta(days=3),
        now=clock.now(),
    )


def name_of(actor):
    return User.objects.get(pk=actor.user_id).display_name


def standing_in(colleague):
    (row,) = seen.standing_in(colleague)
    return seen.acting_for(colleague, str(row.public_id))


def asks_ticks(key, step="approve"):
    """Have the live version of a flow ask for the list at one of its steps."""
    version = FlowDefinition.objects.get(key=key).live_version
    document = copy.deepcopy(version.spec)
    next(each for each in document["transitions"] if each["key"] == step)["checklist"] = list(LIST)
    FlowDefinition.objects.filter(key=key).update(live_version=flow_version(version.definition, document))


@shared
def named(doctor, other_doctor):
    """Two names that can be told apart."""
    User.objects.filter(pk=doctor.user_id).update(first_name="Amina", last_name="Okafor")
    User.objects.filter(pk=other_doctor.user_id).update(first_name="Bertram", last_name="Fotheringay")


@shared
def sent(plan, nurse, flows):
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    return make.submission(nurse, plan)


@shared
def listed(sent, nurse, plan):
    """A text that waits on a flow whose approval asks for ticks."""
    asks_ticks("plan-nurse-or-patient")
    make.save(nurse, plan, "about", matters="Roses")
    return make.submission(nurse, CarePlan.objects.get(pk=plan.pk))


def page_of(sent):
    return reverse("careplan_forms:approve", args=[sent.plan.public_id, sent.public_id])


def posted(sent, step="approve", **fields):
    state = submissions.open_case_of(sent).state
    said = {"shown": sent.content_sha256, "state": state, "decision": step, "cpr_confirmed": "on"}
    return said | fields


def soup_of(answer):
    return BeautifulSoup(answer.content, "html.parser")


def words(answer):
    return " ".join(soup_of(answer).get_text(" ").split())


def test_a_stand_in_sees_for_whom_and_both_names_stand_in_the_record(sent, named, doctor, other_doctor, nurse):
    row = away(doctor, other_doctor)
    browser = people.client_of(other_doctor)
    choice = soup_of(browser.get(page_of(sent))).select_one("#approve-acting").find_parent("fieldset")
    assert choice.legend.get_text(strip=True) == "For whom do you decide?"
    labels = [label.get_text(strip=True) for label in choice.select("label")]
    assert labels == ["In my own name", f"For {name_of(doctor)}, who is away"]
    done = browser.post(page_of(sent), posted(sent, acting=str(row.public_id), reason="As we agreed"))
    assert done["Location"] == reverse("careplan_forms:plan-approved", args=[sent.plan.public_id, 1])
    decision = FlowDecision.objects.get(transition="approve")
    assert (decision.user_id_text, decision.on_behalf_of) == (str(other_doctor.user_id), str(doctor.user_id))
    assert decision.reason == "As we agreed"
    assert AuditEvent.objects.get(action="plan.approved").on_behalf_of == str(doctor.user_id)


def test_the_version_is_the_stand_in_s_own_and_every_page_names_both(sent, named, doctor, other_doctor, nurse):
    row = away(doctor, other_doctor)
    people.client_of(other_doctor).post(page_of(sent), posted(sent, acting=str(row.public_id)))
    version = CarePlanVersion.objects.get()
    assert version.approved_by_id == other_doctor.user_id
    assert version.approver_label == name_of(other_doctor) and not version.written_and_approved_by_one
    browser, plan = people.client_of(nurse), version.plan.public_id
    for name, args in (("plan", []), ("plan-version", [1]), ("plan-approved", [1])):
        said = words(browser.get(reverse(f"careplan_forms:{name}", args=[plan, *args])))
        assert f"approved by {version.approver_label} ({version.approver_registration})" in said, name
        assert f"for {name_of(doctor)}, who was away" in said, name
    said = words(browser.get(reverse("careplan_forms:plan-versions", args=[plan])))
    assert f"For {name_of(doctor)}, who was away" in said
    assert f"for {name_of(doctor)}, who was away" in words(browser.get(page_of(sent)))


def test_each_form_of_the_page_takes_its_own_step(sent, doctor, nurse):
    drawn = [
        {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
        for form in soup_of(people.client_of(doctor).get(page_of(sent))).select("main form")
    ]
    assert [(each["decision"], each["state"], each["shown"]) for each in drawn] == [
        (step, "awaiting_approval", sent.content_sha256) for step in ("approve", "return")
    ]


def test_who_decides_in_their_own_name_is_said_to_stand_in_for_nobody(sent, doctor, other_doctor, nurse):
    away(doctor, other_doctor)
    people.client_of(other_doctor).post(page_of(sent), posted(sent, acting=""))
    assert FlowDecision.objects.get(transition="approve").on_behalf_of == ""
    page = people.client_of(nurse).get(reverse("careplan_forms:plan", args=[sent.plan.public_id]))
    assert "who was away" not in words(page)


def test_nobody_uses_the_delegation_to_another(sent, practice, doctor, other_doctor):
    row = away(doctor, other_doctor)
    third = people.staff(practice, role="doctor")
    browser = people.client_of(third)
    assert "For whom do you decide" not in words(browser.get(page_of(sent)))
    answer = browser.post(page_of(sent), posted(sent, acting=str(row.public_id)))
    assert answer.status_code == 200 and NO_MORE in words(answer)
    assert not CarePlanVersion.objects.exists()


def test_one_that_ended_meanwhile_decides_nothing_in_anybody_s_name(sent, doctor, other_doctor):
    row = away(doctor, other_doctor)
    delegations.end(by=doctor, delegation=row, now=clock.now())
    answer = people.client_of(other_doctor).post(
        page_of(sent), posted(sent, acting=str(row.public_id), reason="As we agreed")
    )
    page = soup_of(answer)
    assert NO_MORE in page.select_one(".nhsuk-error-summary").get_text() and page.title.string.startswith("Error: ")
    assert page.select_one("#approve-reason").string.strip() == "As we agreed"
    assert not FlowDecision.objects.filter(transition="approve").exists()


def test_no_nurse_stands_in_for_a_doctor(sent, doctor, practice):
    colleague = people.staff(practice, role="clinician")
    row = away(doctor, colleague)
    browser = people.client_of(colleague)
    page = browser.get(page_of(sent))
    assert "You cannot approve this" in words(page) and not soup_of(page).select_one("#approve-acting")
    assert NO_MORE in words(browser.post(page_of(sent), posted(sent, acting=str(row.public_id))))
    with pytest.raises(NotAllowed):
        make.approve(standing_in(colleague), sent)
    assert not CarePlanVersion.objects.exists()


def test_an_author_stands_in_for_nobody(plan, nurse, doctor, other_doctor, flows):
    make.save(other_doctor, plan, "about", matters="Roses")
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    sent = make.submission(nurse, plan)
    row = away(doctor, other_doctor)
    page = people.client_of(other_doctor).get(page_of(sent))
    assert "You wrote this, or part of it" in words(page) and not soup_of(page).select_one("#approve-acting")
    assert NO_MORE in words(people.client_of(other_doctor).post(page_of(sent), posted(sent, acting=str(row.public_id))))
    with pytest.raises(NotAllowed) as refused:
        make.approve(standing_in(other_doctor), sent)
    assert "author" in {reason.code for reason in refused.value.decision.reasons}


@pytest.mark.parametrize("author", ["doctor", "other_doctor"])
def test_no_exemption_reaches_through_a_colleague(request, plan, doctor, other_doctor, flows, author):
    writer = request.getfixturevalue(author)
    make.save(writer, plan, cpr=make.CPR_ATTEMPT)
    sent = make.submission(writer, plan)
    away(doctor, other_doctor)
    assert not soup_of(people.client_of(other_doctor).get(page_of(sent))).select_one("#approve-acting")
    with pytest.raises(NotAllowed):
        make.approve(standing_in(other_doctor), sent)
    with pytest.raises(NotAllowed):
        approvals.publish_version(
            by=standing_in(other_doctor), submission=sent, alone=True, exemption="Signed", now=clock.now()
        )
    assert make.approve(other_doctor, sent).written_and_approved_by_one is (author == "other_doctor")


def test_a_list_not_ticked_is_refused_at_the_list_and_keeps_what_was_typed(listed, doctor):
    browser = people.client_of(doctor)
    answer = browser.post(page_of(listed), posted(listed, ticked=[LIST[0]], reason="Spoken on Monday"))
    page = soup_of(answer)
    summary = page.select_one(".nhsuk-error-summary a")
    assert summary.get_text(strip=True) == "Tick everything in the list before you decide"
    box = page.select_one(summary["href"])
    assert box["value"] == LIST[0] and box.has_attr("checked")
    assert page.select_one("#approve-reason").string.strip() == "Spoken on Monday"
    assert page.select_one("#return-reason").get_text(strip=True) == ""
    assert not CarePlanVersion.objects.exists()
    assert browser.post(page_of(listed), posted(listed, ticked=LIST)).status_code == 302
    assert FlowDecision.objects.get(transition="approve").evidence["ticked"] == list(LIST)


def test_a_list_that_is_not_ticked_is_refused_by_the_service_too(listed, doctor):
    with pytest.raises(Refused) as refused:
        make.approve(doctor, listed)
    assert refused.value.field == "ticked"
    assert not CarePlanVersion.objects.exists()


def test_the_same_decision_posted_twice_is_taken_once(sent, doctor, other_doctor):
    row = away(doctor, other_doctor)
    browser, said = people.client_of(other_doctor), posted(sent, acting=str(row.public_id))
    assert [browser.post(page_of(sent), said).status_code for _ in range(2)] == [302, 409]
    assert CarePlanVersion.objects.count() == FlowDecision.objects.filter(transition="approve").count() == 1


@shared
def cpr_change(sent, doctor, nurse, plan):
    make.approve(doctor, sent)
    asks_ticks("plan-cpr-change", "agree")
    fresh = CarePlan.objects.get(pk=plan.pk)
    make.save(nurse, fresh, cpr=make.CPR_DO_NOT)
    return make.submission(nurse, fresh)


def test_the_second_question_about_cpr_carries_everything_along(cpr_change, named, doctor, other_doctor):
    sent, row = cpr_change, away(doctor, other_doctor)
    browser = people.client_of(other_doctor)
    said = posted(sent, "agree", ticked=LIST, reason="Talked\nto her son", acting=str(row.public_id), cpr_confirmed="")
    asked = browser.post(page_of(sent), said)
    assert f"You decide for {name_of(doctor)}, who is away" in words(asked)
    carried = [(field["name"], field["value"]) for field in soup_of(asked).select("main form input")]
    again = {name: [value for key, value in carried if key == name] for name, _ in carried}
    kept = soup_of(browser.post(page_of(sent), again | {"back": "on"}))
    assert kept.select_one("#agree-reason").string.strip() == "Talked\nto her son"
    assert len(kept.select("main form input[name=ticked][checked]")) == 2
    assert kept.select_one(f"main form input[value='{row.public_id}']").has_attr("checked")
    assert not kept.select(".nhsuk-error-summary") and not FlowDecision.objects.filter(transition="agree").exists()
    answer = browser.post(page_of(sent), again | {"cpr_confirmed": "on"}, follow=True)
    assert "Your decision is recorded" in words(answer)
    decision = FlowDecision.objects.get(transition="agree")
    assert (decision.on_behalf_of, decision.evidence["ticked"]) == (str(doctor.user_id), list(LIST))
    assert decision.reason.split() == ["Talked", "to", "her", "son"]


def test_the_first_step_posted_twice_is_taken_once(cpr_change, doctor):
    said = posted(cpr_change, "agree", ticked=LIST, cpr_confirmed="on")
    browser = people.client_of(doctor)
    assert [browser.post(page_of(cpr_change), said).status_code for _ in range(2)] == [302, 409]
    assert FlowDecision.objects.filter(transition="agree").count() == 1


def test_the_doctor_who_agreed_through_a_colleague_does_not_approve_too(cpr_change, doctor, other_doctor, practice):
    away(doctor, other_doctor)
    said = {"submission": cpr_change, "shown_sha256": cpr_change.content_sha256, "now": clock.now()}
    approvals.decide(by=standing_in(other_doctor), step="agree", ticked=LIST, **said)
    for actor in (doctor, other_doctor, standing_in(other_doctor)):
        with pytest.raises(NotAllowed) as refused:
            approvals.decide(by=actor, step="approve", **said)
        assert "earlier-decider" in {reason.code for reason in refused.value.decision.reasons}
    second = people.staff(practice, role="doctor")
    page = people.client_of(second).get(page_of(cpr_change))
    assert "Agree to the change :" in words(page) and f", for {name_of(doctor)}, who was away" in words(page)
    assert approvals.decide(by=second, step="approve", **said).number == 2


def test_a_stand_in_returns_it_with_what_has_to_change(sent, named, doctor, other_doctor, nurse):
    row = away(doctor, other_doctor)
    browser = people.client_of(other_doctor)
    empty = soup_of(browser.post(page_of(sent), posted(sent, "return", acting=str(row.public_id), reason=" ")))
    assert empty.select_one(".nhsuk-error-summary a")["href"] == "#return-reason"
    assert (
        empty.select_one("form #return-reason")
        .find_parent("form")
        .select_one(f"input[value='{row.public_id}']")
        .has_attr("checked")
    )
    done = browser.post(page_of(sent), posted(sent, "return", acting=str(row.public_id), reason="Ask her son"))
    assert done["Location"] == reverse("careplan_forms:plan", args=[sent.plan.public_id])
    assert FlowDecision.objects.get(transition="return").on_behalf_of == str(doctor.user_id)
    assert f"for {name_of(doctor)}, who was away" in words(people.client_of(nurse).get(page_of(sent)))


def test_what_changed_since_one_s_last_decision_stands_beside_what_changes(sent, plan, nurse, doctor, other_doctor):
    make.approve(doctor, sent)
    fresh = CarePlan.objects.get(pk=plan.pk)
    make.save(nurse, fresh, "about", matters="Tulips")
    second = make.submission(nurse, fresh)
    assert "What changes since the version you approved" in words(people.client_of(doctor).get(page_of(second)))
    approvals.return_to_author(
        by=doctor, submission=second, shown_sha256=second.content_sha256, reason="Which?", now=clock.now()
    )
    make.save(nurse, CarePlan.objects.get(pk=plan.pk), "about", matters="Red tulips")
    third = make.submission(nurse, CarePlan.objects.get(pk=plan.pk))
    said = words(people.client_of(doctor).get(page_of(third)))
    assert "What changed since you decided on it" in said and "Was: Tulips Now: Red tulips" in said
    assert "What changed since you decided" not in words(people.client_of(other_doctor).get(page_of(third)))
