"""The pages of organisations, agreements, staff lists, histories and the audit look-up."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from governance.models import (
    Agreement,
    AgreementEvent,
    Area,
    AuditEvent,
    Organisation,
    OrgContact,
    StaffListEntry,
    User,
)
from governance.services import groups, organisations
from tests.factories import governance as make
from tests.worlds import shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client_of, host_officer):
    return client_of(host_officer)


def page(name, *args):
    return reverse(f"governance:{name}", args=args)


def test_the_register_lists_filters_and_exports(officer, practice, ambulance_service):
    make.organisation(name="=cmd()", agreement="lapsed")
    everything = officer.get(page("register")).content.decode()
    assert practice.name in everything
    assert ambulance_service.name in everything
    urgent = officer.get(page("register"), {"care_setting": "ambulance"}).content.decode()
    assert ambulance_service.ods_code in urgent
    assert practice.ods_code not in urgent
    ended = officer.get(page("register"), {"agreement": "lapsed"}).content.decode()
    assert "=cmd()" in ended
    assert practice.ods_code not in ended
    by_code = officer.get(page("register"), {"q": practice.ods_code}).content.decode()
    assert practice.name in by_code
    csv = officer.get(page("export")).content.decode("utf-8-sig")
    assert "'=cmd()" in csv
    assert AuditEvent.objects.filter(action="organisation.exported").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "x" * 101}, "Name or ODS code must be 100 characters or fewer"),
        ({"q": "\0"}, "Remove the characters that cannot be shown"),
        ({"agreement": "gone"}, "Select one of the answers in the list"),
    ],
)
def test_what_the_register_cannot_filter_by_is_said_at_the_field(officer, practice, asked, said):
    answer = officer.get(page("register"), asked).content.decode()
    assert said in answer
    assert practice.name in answer


@pytest.mark.parametrize("address", ["/organisations/", "/admin/forms/definitions/results/"])
def test_an_address_too_long_for_any_search_is_refused_in_words(officer, address):
    answer = officer.get(address, {"q": "x" * 60_000})
    assert answer.status_code == 400
    assert "The address of this page is too long." in answer.content.decode()


def test_a_day_that_never_was_is_no_day_to_look_back_to(officer, practice):
    address = page("organisation_history", practice.public_id)
    answer = officer.get(address, {"on_day": "31", "on_month": "2", "on_year": "2026"}).content.decode()
    assert "The date must be a real date" in answer


def test_the_register_asks_a_fixed_number_of_queries(officer, django_assert_max_num_queries):
    for _ in range(5):
        make.organisation()
    officer.get(page("register"))
    with django_assert_max_num_queries(12):
        officer.get(page("register"))


def test_a_lead_sees_his_own_organisation_only(client_of, lead, practice, ambulance_service):
    client = client_of(lead)
    register = client.get(page("register")).content.decode()
    assert practice.ods_code in register
    assert ambulance_service.ods_code not in register
    assert client.get(page("organisation", practice.public_id)).status_code == 200
    hidden = client.get(page("organisation", ambulance_service.public_id))
    absent = client.get(page("organisation", "00000000-0000-4000-8000-000000000000"))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content


def test_a_clinician_is_told_why_the_register_is_closed(client_of, nurse):
    answer = client_of(nurse).get(page("register"))
    assert answer.status_code == 403
    assert "Your role does not do this" in answer.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_led_back():
    answer = Client().get(page("register"))
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={page('register')}"


def test_an_officer_brings_an_organisation_in(officer):
    fields = {"ods_code": "a83000", "name": "New practice", "care_setting": "gp_practice"}
    answer = officer.post(page("new"), fields)
    org = Organisation.objects.get(ods_code="A83000")
    assert answer["Location"] == page("organisation", org.public_id)
    again = officer.post(page("new"), fields)
    assert again.status_code == 200
    assert "already in the register" in again.content.decode()
    wrong = officer.post(page("new"), fields | {"ods_code": "a 8"})
    assert "Enter the ODS code in capitals and digits" in wrong.content.decode()


def test_an_officer_corrects_an_organisation_s_details_and_says_why(officer, practice):
    address = page("organisation_amend", practice.public_id)
    shown = officer.get(address).content.decode()
    assert f'value="{practice.name}"' in shown
    fields = {"name": practice.name, "postcode": "NW1 2DB", "phone": "", "dspt_status": "Standards met"}
    assert "Enter the reason" in officer.post(address, fields | {"reason": ""}).content.decode()
    answer = officer.post(address, fields | {"reason": "They moved"})
    assert answer["Location"] == page("organisation", practice.public_id)
    practice.refresh_from_db()
    assert (practice.postcode, practice.dspt_status) == ("NW1 2DB", "Standards met")
    change = practice.history.first()
    assert change.history_change_reason == "They moved"
    event = AuditEvent.objects.get(action="organisation.amended")
    assert event.detail == {"fields": ["dspt_status", "postcode"]}
    again = officer.post(address, fields | {"reason": "They moved"}).content.decode()
    assert "You have not changed anything" in again


@shared
def waiting(host_officer):
    """An organisation whose agreement waits for the signature of its Guardian (an Actor)."""
    org = make.organisation(agreement="none", name="Hospice of the town", care_setting="hospice")
    guardian = make.staff(org, role="caldicott_guardian")
    OrgContact.objects.create(
        organisation=org, user_id=guardian.user_id, post="caldicott_guardian", starts_on=clock.today()
    )
    agreement = Agreement.objects.create(
        organisation=org, template_version=make.template_version(), starts_on=clock.today()
    )
    AgreementEvent.objects.create(agreement=agreement, kind="sent", at=clock.now(), by_id=host_officer.user_id)
    return org, guardian, agreement


def declaration(actor, agreement, **changes):
    name = User.objects.get(pk=actor.user_id).get_full_name()
    fields = {"shown_sha256": agreement.template_version.sha256, "declaration": "on", "typed_name": name}
    return fields | changes


def test_a_guardian_reads_declares_and_signs_and_the_host_countersigns(client_of, waiting, officer, host_officer):
    _, guardian, agreement = waiting
    signer = client_of(guardian)
    shown = signer.get(page("agreement_sign", agreement.public_id)).content.decode()
    assert "To share plans for direct care." in shown
    assert agreement.template_version.sha256 in shown
    answer = signer.post(page("agreement_sign", agreement.public_id), declaration(guardian, agreement))
    assert answer["Location"] == page("agreement", agreement.public_id)
    signature = agreement.signatures.get()
    assert (signature.signed_by_id, signature.ip_address) == (guardian.user_id, "127.0.0.1")
    officer.post(page("agreement_countersign", agreement.public_id), declaration(host_officer, agreement))
    body = officer.get(page("agreement", agreement.public_id)).content.decode()
    assert "In force" in body


def test_a_declaration_that_is_not_ticked_signs_nothing(client_of, waiting):
    _, guardian, agreement = waiting
    fields = declaration(guardian, agreement)
    del fields["declaration"]
    answer = client_of(guardian).post(page("agreement_sign", agreement.public_id), fields)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not agreement.signatures.exists()


def test_a_text_that_changed_since_it_was_shown_is_a_conflict(client_of, waiting):
    _, guardian, agreement = waiting
    answer = client_of(guardian).post(
        page("agreement_sign", agreement.public_id), declaration(guardian, agreement, shown_sha256="0" * 64)
    )
    assert answer.status_code == 409
    assert not agreement.signatures.exists()


def test_a_lead_puts_somebody_on_the_list_and_takes_them_off(client_of, lead, practice):
    client = client_of(lead)
    fields = {"email": "new@example.org", "first_name": "New", "last_name": "Person", "role": "clinician"}
    client.post(page("staff_new", practice.public_id), fields)
    entry = StaffListEntry.objects.get(user__email="new@example.org")
    assert "New Person" in client.get(page("organisation", practice.public_id)).content.decode()
    client.post(page("staff_suspend", entry.public_id), {"reason": "Under review"})
    assert "Suspended" in client.get(page("staff_entry", entry.public_id)).content.decode()
    client.post(page("staff_reinstate", entry.public_id), {"reason": "Resolved"})
    client.post(page("staff_end", entry.public_id), {"reason": "Left"})
    assert "Ended" in client.get(page("staff_entry", entry.public_id)).content.decode()


def test_a_doctor_without_a_registration_number_is_not_listed_and_nothing_typed_is_lost(client_of, lead, practice):
    fields = {"email": "doctor@example.org", "first_name": "A", "last_name": "Doctor", "role": "doctor"}
    answer = client_of(lead).post(page("staff_new", practice.public_id), fields)
    body = answer.content.decode()
    assert "Enter the doctor&#39;s registration number" in body
    assert "doctor@example.org" in body
    assert not User.objects.filter(email="doctor@example.org").exists()


def test_history_says_who_when_why_and_what(officer, host_officer, practice):
    old = practice.name
    organisations.amend(organisation=practice, name="A new name", reason="Practices merged", by=host_officer)
    body = officer.get(page("organisation_history", practice.public_id)).content.decode()
    assert "Practices merged" in body
    assert User.objects.get(pk=host_officer.user_id).get_full_name() in body
    assert old in body
    assert "A new name" in body


def test_history_shows_a_record_as_it_was_on_a_day(officer, practice):
    today = clock.today()
    day = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    body = officer.get(page("organisation_history", practice.public_id), day).content.decode()
    assert practice.ods_code in body
    before = {"on_day": "1", "on_month": "1", "on_year": "2001"}
    body = officer.get(page("organisation_history", practice.public_id), before).content.decode()
    assert "It did not exist then." in body
    wrong = officer.get(page("organisation_history", practice.public_id), {"on_year": "2001"}).content.decode()
    assert "There is a problem" in wrong


@pytest.mark.parametrize("name", ["agreement_history", "staff_history"])
def test_agreements_and_places_have_histories_too(officer, nurse, practice, name):
    target = (
        Agreement.objects.get(organisation=practice)
        if name == "agreement_history"
        else StaffListEntry.objects.get(pk=nurse.entry_id)
    )
    assert "Created" in officer.get(page(name, target.public_id)).content.decode()


def test_looking_at_the_trail_is_in_the_trail(officer, host_officer):
    officer.get(page("audit"))
    body = officer.get(page("audit")).content.decode()
    assert "audit.read" in body
    assert User.objects.get(pk=host_officer.user_id).get_full_name() in body


def test_an_account_is_found_by_post_and_its_reference_stands_in_the_address(officer, nurse):
    user = User.objects.get(pk=nurse.user_id)
    answer = officer.post(page("audit_account"), {"email": user.email})
    assert answer["Location"] == f"{page('audit')}?who={user.public_id}"
    unknown = officer.post(page("audit_account"), {"email": "nobody@example.org"})
    assert "There is no account with this email address" in unknown.content.decode()


def test_another_organisations_privacy_officer_sees_his_own_peoples_acts_only(client_of, officer, practice):
    officer.get(page("audit"))
    client = client_of(make.staff(practice, role="privacy_officer"))
    body = client.get(page("audit")).content.decode()
    assert "audit.read" not in body
    assert "audit.read" in client.get(page("audit")).content.decode()


def test_wrong_filters_are_answered_with_a_sentence(officer):
    answer = officer.get(page("audit"), {"who": "not a reference", "before": "yesterday", "first_day_year": "x"})
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_somebody_with_two_places_chooses_and_acts_under_the_choice(practice, ambulance_service):
    user = make.user(first_name="Two", last_name="Places")
    make.entry(practice, "clinician", user=user)
    second = make.entry(ambulance_service, "urgent_reader", user=user)
    client = make.client_of(make.actor(second))
    session = client.session
    del session["acting_for"]
    session.save()
    refused = client.get(page("register"))
    assert "acting-for" in refused.content.decode()
    choice = client.get(page("acting_for")).content.decode()
    assert practice.name in choice
    answer = client.post(page("acting_for"), {"key": f"entry:{second.public_id}"})
    assert answer.status_code == 302
    assert ambulance_service.name in client.get(page("acting_for")).content.decode()
    assert client.session["acting_for"] == f"entry:{second.public_id}"


def test_a_place_that_is_not_ones_own_cannot_be_chosen(client_of, nurse, doctor):
    client = client_of(nurse)
    other = StaffListEntry.objects.get(pk=doctor.entry_id)
    answer = client.post(page("acting_for"), {"key": f"entry:{other.public_id}"})
    assert answer.status_code == 200
    assert client.session["acting_for"] != f"entry:{other.public_id}"


def test_an_officer_publishes_a_text_which_gets_its_number_and_hash(officer):
    template = make.template_version().template
    fields = {"template": template.pk, "body": "## Purpose\nA newer text.", "resign_required": "on", "grace_days": "30"}
    assert officer.post(page("text_new"), fields).status_code == 302
    newest = template.versions.order_by("-number").first()
    assert (newest.number, newest.body, newest.grace_days) == (2, "## Purpose\nA newer text.\n", 30)


@pytest.fixture
def in_groups(host_officer, job_actor):
    """The officer is in the groups of his role."""
    groups.sync(user=User.objects.get(pk=host_officer.user_id), by=job_actor)


ADMIN_LISTS = ["areas", "area_memberships", "roles", "job_titles", "training_requirements", "agreement_templates"]


@pytest.mark.parametrize("name", ADMIN_LISTS)
def test_information_governance_keeps_reference_data_in_the_administration(officer, in_groups, name):
    assert officer.get(reverse(f"{name}:index")).status_code == 200
    assert officer.get(reverse(f"{name}:add")).status_code == 200


@pytest.mark.parametrize("name", ADMIN_LISTS)
def test_other_roles_of_the_administration_do_not(client_of, host, in_groups, job_actor, name):
    editor = make.staff(host, role="content_editor")
    groups.sync(user=User.objects.get(pk=editor.user_id), by=job_actor)
    answer = client_of(editor).get(reverse(f"{name}:add"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("wagtailadmin_home")


def test_a_place_that_ended_closes_the_administration_before_any_group_is_changed(officer, in_groups, host_officer):
    assert officer.get("/admin/").status_code == 200
    yesterday = clock.today() - datetime.timedelta(days=1)
    StaffListEntry.objects.filter(pk=host_officer.entry_id).update(ends_on=yesterday)
    assert User.objects.get(pk=host_officer.user_id).has_perm("wagtailadmin.access_admin")
    answer = officer.get("/admin/")
    assert answer.status_code == 403
    assert "has ended" in answer.content.decode()


def test_a_change_in_the_administration_is_in_the_history_and_in_the_trail(officer, in_groups, host_officer):
    fields = {"code": "07R", "name": "Camden", "kind": "place"}
    officer.post(reverse("areas:add"), fields)
    area = Area.objects.get(code="07R")
    assert area.history.get().history_user_id == host_officer.user_id
    event = AuditEvent.objects.get(action="admin.wagtail.create")
    assert (event.target_kind, event.target_ref) == ("area", str(area.pk))
    assert event.actor_id == str(host_officer.user_id)


def test_who_cannot_work_learns_whom_to_ask(client_of, practice, nurse):
    lead = make.staff(practice, "org_lead")
    gone = make.staff(practice, "org_lead")
    StaffListEntry.objects.filter(pk=gone.entry_id).update(ends_on=clock.today() - datetime.timedelta(days=1))
    elsewhere = make.staff(make.organisation(), "org_lead")
    StaffListEntry.objects.filter(pk=nurse.entry_id).update(suspended_at=clock.now(), suspended_by=lead.user_id)
    page_shown = client_of(nurse).get(page("mine"), follow=True).content.decode()
    email = {actor: User.objects.get(pk=actor.user_id).email for actor in (lead, gone, elsewhere)}
    assert email[lead] in page_shown and "Suspended" in page_shown
    assert email[gone] not in page_shown and email[elsewhere] not in page_shown


def test_who_may_read_it_is_led_to_their_organisation(client_of, practice):
    answer = client_of(make.staff(practice, "org_lead")).get(page("mine"))
    assert answer["Location"] == page("organisation", practice.public_id)


def test_an_organisation_without_a_lead_says_so(client_of, nurse):
    shown = client_of(nurse).get(page("mine"), follow=True).content.decode()
    assert "Nobody leads your organisation" in shown and "No Caldicott Guardian is recorded" in shown
