"""A clinician looks at a changed form, confirms it, and sends the plan through the ordinary approval."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from careplan_forms.models import CarePlan, FormMigrationDraft, FormMigrationPlan, PlanDraft
from careplan_forms.selectors import migrations as read
from careplan_forms.selectors import plans as selectors
from careplan_forms.selectors import worklist
from careplan_forms.services import drafts, migration_confirming, migrations, sharing
from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.actors import Actor
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.integration.careplan_forms.migration.conftest import carried_out, second_form

pytestmark = pytest.mark.django_db


def fresh(plan):
    return CarePlan.objects.select_related("patient", "form_version").get(pk=plan.pk)


def address(name, plan, *args):
    return reverse(f"careplan_forms:{name}", args=[plan.public_id, *args])


def waiting(plan, viewer):
    return read.waiting_move(viewer=viewer, plan=fresh(plan), today=clock.today())


def confirm(plan, by, **more):
    shown = more.pop("shown", None) or waiting(plan, by).sha256
    return migration_confirming.confirm_move(
        by=by, plan=fresh(plan), shown=shown, read_losses=more.pop("read_losses", True), now=clock.now()
    )


def past_the_deadline(migration):
    type(migration).objects.filter(pk=migration.pk).update(deadline=clock.today() - datetime.timedelta(days=1))


def test_the_plan_says_that_its_form_changed_and_how_much_to_look_at(browser, moved, approved):
    for name in ("plan", "plan-tasks"):
        page = browser.get(address(name, approved)).content.decode()
        assert "This form has changed." in page and "Look at 2 answers" in page
    page = browser.get(address("plan-form-change", approved)).content.decode()
    assert "Answers that have no place on the new form" in page
    assert "05-Jan-2026" in page and "Her garden" in page
    assert "“Was it talked about?” must be answered" in page


def test_confirming_moves_the_plan_and_the_rest_is_the_ordinary_way(browser, moved, approved, nurse, doctor, second):
    page = browser.get(address("plan-form-change", approved)).content.decode()
    shown = html.unescape(re.search(r'name="shown" value="([^"]+)"', page).group(1))
    refused = browser.post(address("plan-form-change", approved), {"shown": shown})
    assert refused.status_code == 200 and "Confirm that you have read" in refused.content.decode()
    done = browser.post(address("plan-form-change", approved), {"shown": shown, "read_losses": "on"})
    assert done["Location"] == address("plan-tasks", approved)
    plan = fresh(approved)
    assert plan.form_version == second
    assert selectors.working_view(plan, nurse).answers["matters-2"] == "Her garden"
    with pytest.raises(Refused):
        make.submission(nurse, plan)
    make.save(nurse, fresh(plan), "about", talked=True)
    make.approve(doctor, make.submission(nurse, fresh(plan)))
    versions = list(plan.versions.order_by("number"))
    assert [each.form_version for each in versions] == [moved.from_version, second]
    assert versions[0].answers["born"] == "2026-01-05"
    assert versions[1].answers == {"matters-2": "Her garden", "cpr": make.CPR_ATTEMPT, "talked": True}
    assert "This form has changed" not in browser.get(address("plan", approved)).content.decode()


def test_what_was_changed_while_the_page_was_open_is_not_moved_unseen(moved, approved, nurse, other_doctor):
    shown = waiting(approved, nurse).sha256
    make.save(nurse, approved, "about", matters="Her roses")
    with pytest.raises(Conflict):
        confirm(approved, nurse, shown=shown)
    confirm(approved, nurse)
    assert selectors.working_view(fresh(approved)).answers["matters-2"] == "Her roses"
    with pytest.raises(Conflict):
        confirm(approved, nurse, shown=shown)


def test_a_colleagues_draft_finishes_until_the_date_and_keeps_its_author(moved, approved, nurse, doctor, second):
    make.save(doctor, approved, "about", matters="Her roses", family="Zephyrine-Smith")
    with pytest.raises(Refused, match="A colleague is writing"):
        confirm(approved, nurse)
    past_the_deadline(moved)
    confirm(approved, nurse)
    mine, theirs = (PlanDraft.objects.filter(plan=approved, author=who.user_id).last() for who in (nurse, doctor))
    assert theirs.form_version == second
    assert theirs.items["matters-2"]["value"] == "Her roses" and theirs.items["family"]["value"] == "Zephyrine-Smith"
    assert mine is None or "matters-2" not in mine.items
    merged = selectors.working_view(fresh(approved))
    assert not merged.clashes
    assert merged.authors == [doctor.user_id]


def test_words_joined_from_two_authors_have_both_for_authors(form, nurse, doctor, lead, flows):
    plan = make.plan(nurse)
    make.save(nurse, plan, "about", family="One")
    make.save(doctor, plan, "about", matters="Two")
    document = second_form()
    document["sections"][0]["items"] = [{"uid": "all", "type": "long_text", "label": "All"}]
    second = make.form_version(document)
    [migration] = migrations.propose_migrations(version=second, by=Actor.job("test"))
    mapping = migration.mapping | {
        "items": [
            row | {"action": "merge", "to": ["all"]} if row["uid"] in ("family", "matters") else row
            for row in migration.mapping["items"]
        ]
    }
    migrations.edit_mapping(migration=migration, mapping=mapping, shown_sha256=migration.sha256, by=lead)
    migration.refresh_from_db()
    past_the_deadline(carried_out(migration, lead))
    confirm(plan, nurse)
    merged = selectors.working_view(fresh(plan))
    assert merged.answers["all"] == "Family name: One\nWhat matters most?: Two"
    assert merged.authors == sorted([nurse.user_id, doctor.user_id])
    make.save(doctor, fresh(plan), "about", all="Three")
    assert nurse.user_id in selectors.working_view(fresh(plan)).authors


def test_a_clash_or_text_waiting_for_approval_comes_first(moved, approved, nurse, doctor):
    make.save(nurse, approved, cpr=make.CPR_DO_NOT)
    sent = make.submission(nurse, fresh(approved))
    with pytest.raises(Refused, match="waits for approval"):
        confirm(approved, nurse)
    make.agree(nurse, sent)
    make.approve(doctor, sent)
    make.save(nurse, fresh(approved), cpr=make.CPR_ATTEMPT)
    make.save(doctor, fresh(approved), cpr={"absent": "not-discussed", "reason": "r"}, shown={})
    with pytest.raises(Refused, match="Two people answered"):
        confirm(approved, nurse)


def test_only_the_organisation_that_holds_the_plan_confirms_and_nobody_is_kept_from_writing(moved, approved, nurse):
    elsewhere = people.organisation(name="Hospice", agreement="in_force")
    guest = people.staff(elsewhere, role="clinician")
    sharing.add_organisation(by=nurse, plan=approved, organisation=elsewhere, now=clock.now())
    past_the_deadline(moved)
    with pytest.raises(NotAllowed):
        confirm(approved, guest)
    browser = people.client_of(guest)
    assert "A clinician there confirms" in browser.get(address("plan-form-change", approved)).content.decode()
    assert browser.get(address("plan-tasks", approved)).status_code == 200
    make.save(guest, fresh(approved), cpr=make.CPR_DO_NOT)


def test_after_the_date_the_next_opening_leads_to_the_change(browser, moved, approved, nurse):
    assert browser.get(address("plan-tasks", approved)).status_code == 200
    past_the_deadline(moved)
    change = address("plan-form-change", approved)
    assert browser.get(address("plan-tasks", approved))["Location"] == change
    assert browser.get(address("plan-check", approved))["Location"] == change
    assert browser.get(address("plan-section", approved, "about"))["Location"] == change
    assert "The time to finish on the old form is over" in browser.get(change).content.decode()
    with pytest.raises(Refused, match="The form of this plan has changed"):
        make.submission(nurse, fresh(approved))


def test_text_typed_and_not_saved_is_put_away_first(browser, moved, approved, nurse):
    drafts.keep_unsaved(
        by=nurse, plan=approved, section="about", typed={"q-matters": ["Half a"]}, whole=False, now=clock.now()
    )
    past_the_deadline(moved)
    page = browser.get(address("plan-form-change", approved)).content.decode()
    assert "You typed text in this plan" in page and address("plan-section", approved, "about") in page
    assert "Half a" in browser.get(address("plan-section", approved, "about")).content.decode()
    with pytest.raises(Refused, match="did not save"):
        confirm(approved, nurse)


def test_a_page_opened_before_the_move_and_sent_after_it_shows_what_was_typed(browser, moved, approved, nurse):
    where = address("plan-section", approved, "about")
    page = browser.get(where).content.decode()
    found = re.findall(r'<input type="hidden" name="(_base|_page|_shown|_form)" value="([^"]*)"', page)
    hidden = {name: html.unescape(value) for name, value in found}
    assert len(hidden["_form"]) == 16
    confirm(approved, nurse)
    answer = browser.post(where, hidden | {"q-matters": "Typed on the old page", "_then": "tasks"})
    assert answer.status_code == 409
    assert "Typed on the old page" in answer.content.decode()
    assert selectors.working_view(fresh(approved)).answers["matters-2"] == "Her garden"


def test_a_save_that_meets_the_move_in_flight_is_refused_whole(moved, approved, nurse):
    opened = fresh(approved)
    confirm(approved, nurse)
    with pytest.raises(Conflict):
        make.save(nurse, opened, "about", matters="Too late")


def test_the_worklist_counts_and_shows_plans_whose_form_changed(browser, moved, approved, nurse, outsider):
    assert worklist.counts(viewer=nurse, today=clock.today())["form_changed"] == 1
    page = browser.get(reverse("careplan_forms:worklist") + "?show=form_changed").content.decode()
    assert address("plan", approved) in page and "Form has changed" in page
    assert worklist.counts(viewer=outsider, today=clock.today())["form_changed"] == 0
    confirm(approved, nurse)
    assert worklist.counts(viewer=nurse, today=clock.today())["form_changed"] == 0


def test_a_plan_whose_answers_all_carry_over_moves_by_one_press_and_needs_no_approval(nurse, doctor, lead, flows, form):
    plan = make.approved_plan(nurse, doctor)
    document = make.document()
    document["sections"][0]["items"].append({"uid": "more", "type": "text", "label": "More"})
    second = make.form_version(document)
    [migration] = migrations.propose_migrations(version=second, by=Actor.job("test"))
    carried_out(migration, lead)
    assert FormMigrationPlan.objects.get().outcome == "carries_over"
    assert confirm(plan, nurse, read_losses=False) == ()
    assert fresh(plan).form_version == second and not PlanDraft.objects.filter(closed_at=None).exclude(items={})
    draft = FormMigrationDraft.objects.get()
    assert (draft.result, draft.confirmed_by_id) == ("confirmed", nurse.user_id)


def test_a_later_migration_takes_the_place_of_what_nobody_confirmed(moved, approved, nurse, lead):
    third = make.form_version(second_form(label="The decision about CPR"))
    [later] = migrations.propose_migrations(version=third, by=Actor.job("test"))
    carried_out(later, lead)
    assert waiting(approved, nurse).migration == later
    confirm(approved, nurse)
    assert fresh(approved).form_version == third
