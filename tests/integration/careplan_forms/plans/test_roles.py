"""Answers that are not for everybody: in no page of those they are kept from, and beyond their reach when they save."""

import datetime
import json

import pytest
from django.urls import reverse

from careplan_forms.models import CarePlan, PlanSummary, WithheldAnswer
from careplan_forms.selectors import audience, worklist
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import approvals, drafts, emergency, withholding
from core import clock
from core.exceptions import Absent, NotAllowed, Refused
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories import portal
from tests.worlds import shared

pytestmark = pytest.mark.django_db

SECRET, RISK = "Zanzibar-secret", "Quagga-risk"
DOCTORS = ["doctor"]


def limited_form():
    """The small form with a question, a group and a part of each contact for doctors, and one only they change."""
    document = make.document()
    about, emergency_section = document["sections"]
    about["items"] += [
        {
            "uid": "secret",
            "type": "long_text",
            "label": "Private note",
            "roles": {"see": DOCTORS},
            "slot": "limits.focus",
        },
        {"uid": "ceiling", "type": "text", "label": "Ceiling of treatment", "roles": {"edit": DOCTORS}},
        {
            "uid": "after",
            "type": "text",
            "label": "What follows",
            "show_if": {"item": "secret", "op": "exists", "value": True},
        },
    ]
    emergency_section["items"][2]["items"].append(
        {"uid": "contact-risk", "type": "text", "label": "Risk", "roles": {"see": DOCTORS}}
    )
    document["sections"].append(
        {
            "key": "hidden",
            "title": "For doctors",
            "items": [{"uid": "hidden-note", "type": "text", "label": "Hidden note", "roles": {"see": DOCTORS}}],
        }
    )
    return document


@shared
def flows():
    make.flows()


@shared
def plan(nurse, doctor, other_doctor, flows):
    """Two approved versions and work in hand, with planted text in everything the nurse may not see."""
    make.form_version(limited_form())
    found = make.plan(nurse)
    make.save(nurse, found, cpr=make.CPR_ATTEMPT)
    contact = {"id": "c1", "contact-name": "Joan", "contact-risk": RISK}
    make.save(doctor, found, "about", secret=f"{SECRET} one", ceiling="Ward", contacts=[contact], hidden_note=SECRET)
    make.approve(other_doctor, make.submission(nurse, found))
    found = CarePlan.objects.get(pk=found.pk)
    make.save(doctor, found, "about", secret=f"{SECRET} two", contacts=[contact | {"contact-risk": f"{RISK} more"}])
    make.approve(other_doctor, make.submission(doctor, found))
    found = CarePlan.objects.get(pk=found.pk)
    make.save(doctor, found, "about", secret=f"{SECRET} three")
    return found


def addresses(plan, sent=None):
    """Every page of a plan."""
    at = lambda name, *more: reverse(f"careplan_forms:{name}", args=[plan.public_id, *more])  # noqa: E731
    pages = [at(name) for name in ("plan", "plan-tasks", "plan-check", "plan-versions", "plan-viewers", "plan-clashes")]
    pages += [at("plan-section", "about"), at("plan-section", "emergency"), at("plan-section", "hidden")]
    pages += [at("plan-version", 1), at("plan-version", 2), at("plan-approved", 1), at("plan-withheld")]
    pages += [at("plan-care-team"), at("plan-marks"), at("plan-withdraw"), at("plan-access")]
    pages += [f"{at('plan-compare')}?from=1&to=2", reverse("careplan_forms:worklist")]
    return pages + ([at("approve", sent.public_id), at("plan-sent")] if sent else [])


def test_the_planted_text_is_in_no_page_of_somebody_it_is_not_for(plan, nurse, doctor):
    sent = make.submission(nurse, plan)
    plan.refresh_from_db()
    browser, seen = people.client_of(nurse), 0
    for address in addresses(plan, sent):
        answer = browser.get(address, follow=True)
        text = answer.content.decode()
        assert SECRET not in text and RISK not in text, address
        seen += answer.status_code == 200
    assert seen > 12
    doctors = people.client_of(doctor)
    for name, args in (("plan", []), ("plan-version", [1]), ("approve", [sent.public_id])):
        page = doctors.get(reverse(f"careplan_forms:{name}", args=[plan.public_id, *args])).content.decode()
        assert SECRET in page and RISK in page, name


def test_what_urgent_care_may_not_see_is_in_no_row_page_or_paper_of_it(plan, paramedic):
    from careplan_forms.documents import emergency_page

    summary = PlanSummary.objects.get()
    assert SECRET not in json.dumps(summary.facts)
    by = paramedic.for_purpose("caring_now")
    _, sections = emergency.read_full_plan(by=by, plan_id=plan.public_id)
    assert SECRET not in json.dumps(sections) and RISK not in json.dumps(sections)
    assert SECRET not in emergency_page(str(plan.public_id)).html


def test_no_event_of_the_trail_holds_an_answer(plan, nurse):
    for event in AuditEvent.objects.all():
        assert SECRET not in json.dumps(event.detail) and RISK not in json.dumps(event.detail)


def test_a_save_cannot_change_or_wipe_what_its_author_may_not(plan, nurse):
    before = selectors.working_view(plan).answers
    forged = {"secret": "forged", "ceiling": None, "hidden-note": None, "matters": "Her roses"}
    forged["contacts"] = [{"id": "c1", "contact-name": "Joan B", "contact-risk": "forged"}]
    shown = drafts.shown_fingerprints(before, list(forged))
    drafts.save_section(by=nurse, plan=plan, section="about", answers=forged, shown=shown, now=clock.now())
    after = selectors.working_view(plan).answers
    assert after["matters"] == "Her roses"
    for uid in ("secret", "ceiling", "hidden-note"):
        assert after[uid] == before[uid]
    assert after["contacts"] == [{"id": "c1", "contact-name": "Joan B", "contact-risk": f"{RISK} more"}]


def test_a_forged_posting_of_a_page_cannot_either(plan, nurse):
    before = selectors.working_view(plan).answers
    whole = selectors.form_for_work(plan)
    names = {uid: whole.items[uid].name for uid in ("secret", "ceiling", "matters")}
    page = reverse("careplan_forms:plan-section", args=[plan.public_id, "about"])
    posted = {names["secret"]: "forged", names["ceiling"]: "forged", names["matters"]: "Roses", "_then": "tasks"}
    posted["_shown"] = " ".join(names.values())
    browser = people.client_of(nurse)
    assert browser.post(page, posted).status_code == 302
    keep = reverse("careplan_forms:plan-keep", args=[plan.public_id, "about"])
    browser.post(keep, {names["secret"]: "forged", "_fields": [names["secret"]]})
    assert SECRET not in browser.get(page).content.decode()
    browser.post(page, {names["secret"]: "", "_shown": names["secret"], "_then": "tasks"})
    after = selectors.working_view(plan).answers
    assert (after["secret"], after["ceiling"], after["matters"]) == (before["secret"], before["ceiling"], "Roses")


def test_removing_an_entry_leaves_what_its_remover_does_not_see(plan, nurse):
    repeat = audience.form_for_work(nurse, plan).items["contacts"]
    base = selectors.working_view(plan).answers
    shown = {"contacts": audience.seen_fingerprint(repeat, base["contacts"])}
    drafts.save_section(
        by=nurse, plan=plan, section="emergency", answers={"contacts": None}, shown=shown, now=clock.now()
    )
    merged = selectors.working_view(plan)
    assert merged.answers["contacts"] == [{"id": "c1", "contact-risk": f"{RISK} more"}]
    assert not merged.clashes


def test_a_clash_of_unseen_answers_is_settled_by_somebody_who_sees_them(plan, nurse, doctor, other_doctor):
    make.save(other_doctor, plan, "about", shown={}, secret=f"{SECRET} four")
    clash = selectors.working_view(plan).clashes["secret"]
    with pytest.raises(Refused):
        drafts.settle_clash(by=nurse, plan=plan, uid="secret", chosen=clash[0].fingerprint, now=clock.now())
    with pytest.raises(Refused) as refused:
        make.submission(nurse, plan)
    assert "not shown to you" in refused.value.message and "Private" not in refused.value.message
    drafts.settle_clash(by=doctor, plan=plan, uid="secret", chosen=clash[0].fingerprint, now=clock.now())
    assert not selectors.working_view(plan).clashes


def test_a_clash_of_lists_that_differ_out_of_sight_is_not_the_nurses_to_settle(plan, nurse, doctor, other_doctor):
    base = selectors.working_view(plan).answers["contacts"][0]
    make.save(doctor, plan, contacts=[base | {"contact-risk": "one"}])
    make.save(other_doctor, plan, shown={}, contacts=[base | {"contact-risk": "two"}])
    clash = selectors.working_view(plan).clashes["contacts"]
    form = audience.form_for_work(nurse, plan)
    mark = audience.seen_fingerprint(form.items["contacts"], clash[0].value)
    with pytest.raises(Refused):
        drafts.settle_clash(by=nurse, plan=plan, uid="contacts", chosen=mark, now=clock.now())
    assert selectors.working_view(plan).clashes


def test_what_only_doctors_answer_stops_the_approval_and_not_the_nurse(nurse, doctor, flows):
    document = limited_form()
    document["sections"][0]["items"][4]["required"] = "publish"
    make.form_version(document)
    found = make.plan(nurse)
    make.save(nurse, found, cpr=make.CPR_ATTEMPT)
    page = people.client_of(nurse).get(reverse("careplan_forms:plan-check", args=[found.public_id])).content.decode()
    assert "Ceiling of treatment: to be answered by doctors" in page
    sent = make.submission(nurse, found)
    with pytest.raises(NotAllowed):
        make.approve(doctor, sent)


def test_nobody_approves_what_they_are_not_shown(nurse, doctor, flows):
    document = make.document()
    document["sections"][0]["items"][1]["roles"] = {"see": ["clinician"]}
    make.form_version(document)
    found = make.plan(nurse)
    make.save(nurse, found, "about", matters="Kept", cpr=make.CPR_ATTEMPT)
    sent = make.submission(nurse, found)
    with pytest.raises(NotAllowed):
        make.approve(doctor, sent)
    with pytest.raises(NotAllowed):
        approvals.publish_version(by=doctor, submission=sent, alone=False, exemption="", now=clock.now())


def test_a_limit_of_the_present_form_holds_for_versions_on_an_older_one(nurse, doctor, flows):
    make.form_version()
    found = make.approved_plan(nurse, doctor, matters="Old words", cpr=make.CPR_ATTEMPT)
    document = make.document()
    document["sections"][0]["items"][1]["roles"] = {"see": DOCTORS}
    newer = make.form_version(document)
    CarePlan.objects.filter(pk=found.pk).update(form_version=newer)
    page = reverse("careplan_forms:plan-version", args=[found.public_id, 1])
    assert "Old words" not in people.client_of(nurse).get(page).content.decode()
    assert "Old words" in people.client_of(doctor).get(page).content.decode()


# Withholding


@shared
def told(nurse, doctor, flows):
    """A plan with an account of its person and somebody who acts for them."""
    document = make.document()
    for item in document["sections"][0]["items"]:
        item["patient_label"] = item["label"]
    make.form_version(document)
    found = make.plan(nurse)
    make.save(nurse, found, "about", matters=SECRET, born="2026-01-02", cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, found))
    return CarePlan.objects.get(pk=found.pk)


def withhold(by, plan, **fields):
    given = {
        "uid": "matters",
        "from_person": True,
        "from_delegates": True,
        "reason": "not_discussed",
        "explanation": "Ocelot explanation",
        "review_on": clock.today() + datetime.timedelta(days=30),
        "now": clock.now(),
    } | fields
    return withholding.withhold_answer(by=by, plan=plan, **given)


def page_of(user, plan):
    answer = portal.browser_of(user).get(reverse("careplan_forms:my-plan", args=[plan.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_withheld_answer_and_every_sign_of_it_are_kept_from_the_person_and_who_acts_for_them(told, nurse, paramedic):
    person, other = portal.account(nurse, told).user, portal.delegation(nurse, told).user
    assert SECRET in page_of(person, told)
    row = withhold(nurse, told)
    people.client_of(nurse).get(reverse("careplan_forms:plan-withheld", args=[told.public_id]))
    for text in (page_of(person, told), page_of(other, told)):
        for words in (SECRET, "What matters most", "Ocelot", "ithheld", "Not shown"):
            assert words not in text
        assert "Date of the talk" in text
    nurses = people.client_of(nurse).get(reverse("careplan_forms:plan", args=[told.public_id])).content.decode()
    assert SECRET in nurses and "Not shown to the person, carers and attorneys: not yet discussed. Review by" in nurses
    section = reverse("careplan_forms:plan-section", args=[told.public_id, "about"])
    assert "not yet discussed" in people.client_of(nurse).get(section).content.decode()
    _, read = emergency.read_full_plan(by=paramedic.for_purpose("caring_now"), plan_id=told.public_id)
    assert SECRET in json.dumps(read)
    event = AuditEvent.objects.get(action="plan.answer_withheld")
    assert event.detail["reason"] == "not_discussed" and "Ocelot" not in json.dumps(event.detail)
    withholding.end_withholding(by=nurse, plan=told, withheld_id=row.pk, now=clock.now())
    withholding.end_withholding(by=nurse, plan=told, withheld_id=row.pk, now=clock.now())
    assert SECRET in page_of(person, told)
    assert AuditEvent.objects.filter(action="plan.withholding_ended").count() == 1


def test_what_is_about_somebody_else_never_travels_to_who_acts_for_the_person(told, nurse):
    other = portal.delegation(nurse, told).user
    row = withhold(nurse, told, reason="third_party", from_person=True, from_delegates=False)
    assert row.from_delegates
    assert SECRET not in page_of(other, told)


def test_an_answer_may_be_kept_from_one_of_the_two(told, nurse):
    person, other = portal.account(nurse, told).user, portal.delegation(nurse, told).user
    withhold(nurse, told, from_person=False)
    assert SECRET in page_of(person, told)
    assert SECRET not in page_of(other, told)


@pytest.mark.parametrize(
    "fields",
    [
        {"uid": "nothing"},
        {"reason": "because"},
        {"explanation": "  "},
        {"explanation": "x" * 1001},
        {"review_on": datetime.date(2020, 1, 1)},
        {"review_on": datetime.date(2099, 1, 1)},
        {"from_person": False, "from_delegates": False},
    ],
)
def test_what_is_not_said_right_is_refused_and_nothing_kept(told, nurse, fields):
    with pytest.raises(Refused):
        withhold(nurse, told, **fields)
    assert not WithheldAnswer.objects.exists()


def test_it_is_for_clinicians_of_the_owner_alone_and_once_for_each_answer(told, nurse, practice, outsider):
    for stranger in (outsider, people.staff(practice, role="care_home")):
        with pytest.raises((NotAllowed, Absent)):
            withhold(stranger, told)
    withhold(nurse, told)
    with pytest.raises(Refused):
        withhold(nurse, told)
    assert WithheldAnswer.objects.count() == 1


def test_a_review_that_is_overdue_is_in_the_worklist_and_shows_nothing_by_itself(told, nurse):
    person = portal.account(nurse, told).user
    withhold(nurse, told)
    later = clock.today() + datetime.timedelta(days=31)
    assert not worklist.plans(viewer=nurse, show="withheld", today=clock.today()).exists()
    assert list(worklist.plans(viewer=nurse, show="withheld", today=later)) == [told]
    WithheldAnswer.objects.update(review_on=clock.today() - datetime.timedelta(days=1))
    assert SECRET not in page_of(person, told)
    page = people.client_of(nurse).get(reverse("careplan_forms:plan", args=[told.public_id])).content.decode()
    assert "Review overdue since" in page


def test_the_page_withholds_and_ends_without_scripts(told, nurse):
    browser, page = people.client_of(nurse), reverse("careplan_forms:plan-withheld", args=[told.public_id])
    assert "Select why it is not shown" in browser.post(page, {}).content.decode()
    day = clock.today() + datetime.timedelta(days=20)
    typed = {"question": "matters", "who": "both", "reason": "serious_harm", "explanation": "Because"}
    typed |= {"review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}
    answer = browser.post(page, typed)
    assert answer.status_code == 302
    row = WithheldAnswer.objects.get()
    assert "Because" in browser.get(page).content.decode()
    browser.post(reverse("careplan_forms:plan-end-withholding", args=[told.public_id, row.pk]))
    row.refresh_from_db()
    assert row.ended_at is not None


@shared
def outsider():
    return people.staff(people.organisation(name="Elsewhere Practice"), role="doctor")
