"""Editors of one form: given by a clinical lead until a day, let in at the door, shown that form and nothing else."""

import datetime
import re

import pytest
from django.urls import reverse

from careplan_forms.models import FormDefinitionUserPermission, FormSection
from careplan_forms.selectors import form_drafts
from careplan_forms.services import definitions
from core import clock
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import AuditEvent, StaffListEntry, TemporaryGrant, User
from governance.services import grants, groups
from tests.factories import governance as make
from tests.integration.careplan_forms.designer.conftest import document
from tests.integration.careplan_forms.designer.posting import section_form
from tests.integration.careplan_forms.designer.test_doors import address, first_label
from tests.worlds import shared

pytestmark = pytest.mark.django_db
JOB = Actor.job("test")
MONTH = datetime.timedelta(days=30)


@shared
def nurse():
    """Somebody of a practice, whose own role has no place in the administration."""
    return make.staff(make.organisation())


@shared
def granted(nurse, lead, definition):
    user = User.objects.get(pk=nurse.user_id)
    return grants.grant(user=user, subject=definition, until=clock.now() + MONTH, reason="Winter group", by=lead)


@shared
def other(lead):
    return definitions.create_from_document(document=document(key="summer-plan", value_sets={}), by=lead)


@pytest.fixture
def editor(nurse, granted):
    """The nurse's browser, once she may edit the winter plan."""
    return make.client_of(nurse)


def page(definition):
    return reverse("forms_editors", args=[definition.public_id])


def listed(client, kind):
    return client.get(f"/admin/forms/{kind}/").content.decode()


# At the door


def test_an_editor_by_grant_works_on_the_form_and_its_sections(editor, definition, other):
    home, theirs = form_drafts.sections_of(definition)[0], form_drafts.sections_of(other)[0]
    assert editor.get("/admin/")["Location"] == "/admin/forms/definitions/"
    assert editor.get(address(definition)).status_code == 200
    saved = editor.post(address(home), section_form(home, **{"items-0-value-label": "Warm enough?"}))
    assert saved.status_code == 302 and first_label(home) == "Warm enough?"
    forms, sections = listed(editor, "definitions"), listed(editor, "sections")
    assert address(definition) in forms and address(other) not in forms
    assert address(home) in sections and address(theirs) not in sections
    for refused in (address(other), address(theirs), page(definition), "/admin/forms/sections/add/"):
        assert editor.get(refused).status_code == 403, refused


def test_an_editor_by_grant_sends_the_form_for_sign_off_and_never_signs(editor, definition):
    sent = editor.post(reverse("forms_propose", args=[definition.public_id]), {"change_note": "Warmer"})
    assert sent.status_code == 302 and editor.get(sent["Location"]).status_code == 200
    candidate = definition.candidates.get()
    decided = editor.post(sent["Location"], {"sha256": candidate.sha256, "decision": "approve", "comment": ""})
    assert decided.status_code == 403 and not candidate.approvals.exists()
    assert editor.get(reverse("forms_sign_off")).status_code == 403


def test_the_menu_of_an_editor_by_grant_holds_the_designer_alone(editor, definition):
    menu = editor.get("/admin/", follow=True).content.decode()
    links = set(re.findall(r'"url": "(/admin/[^"]*)"', menu))
    assert links == {"/admin/forms/definitions/", "/admin/forms/sections/", "/admin/account/"}


def test_a_chooser_names_only_the_sections_one_may_edit(editor, definition, other):
    chooser = "wagtailsnippetchoosers_careplan_forms_formsection"
    mine, theirs = form_drafts.sections_of(definition)[0], form_drafts.sections_of(other)[0]
    chosen = editor.get(reverse(f"{chooser}:chosen", args=[mine.pk]))
    assert chosen.status_code == 200
    assert editor.get(reverse(f"{chooser}:chosen", args=[theirs.pk])).status_code == 404
    offered = editor.get(reverse(f"{chooser}:choose_results")).content.decode()
    assert f"/{mine.pk}/" in offered and f"/{theirs.pk}/" not in offered


def expired(granted):
    TemporaryGrant.objects.filter(pk=granted.pk).update(expires_at=clock.now())


def revoked(granted):
    TemporaryGrant.objects.filter(pk=granted.pk).update(revoked_at=clock.now())


def without_guardian_row(granted):
    FormDefinitionUserPermission.objects.all().delete()


def without_grant(granted):
    TemporaryGrant.objects.all().delete()


def off_the_list(granted):
    StaffListEntry.objects.filter(user=granted.user).update(ends_on=clock.today() - datetime.timedelta(days=1))


def closed_account(granted):
    User.objects.filter(pk=granted.user_id).update(is_active=False)


@pytest.mark.parametrize(
    "happened", [expired, revoked, without_guardian_row, without_grant, off_the_list, closed_account]
)
def test_the_door_closes_at_the_next_request(editor, nurse, granted, definition, happened):
    home = FormSection.objects.get(key="home")
    assert editor.get(address(definition)).status_code == 200
    happened(granted)
    for path in ("/admin/", address(definition), address(home)):
        answer = editor.get(path)
        shut = answer.status_code == 403 or answer["Location"].startswith("/account/login/")
        assert shut, path
    posted = editor.post(address(home), section_form(home, **{"items-0-value-label": "Too late"}))
    assert posted.status_code in (302, 403) and first_label(home) == "Is it warm?"
    assert not gate.decide(nurse, Action.ADMIN_ENTER).allowed


def test_a_second_factor_is_asked_of_an_editor_by_grant(editor, nurse):
    session = editor.session
    session.pop("second_factor_set_up_at")
    session.save()
    assert editor.get("/admin/")["Location"].startswith("/account/2fa/")


def test_the_gate_still_asks_one_query(nurse, granted, django_assert_num_queries):
    assert gate.decide(nurse, Action.ADMIN_ENTER).allowed
    with django_assert_num_queries(1):
        gate.decide(nurse, Action.ADMIN_ENTER)


def test_the_group_of_editors_by_grant_follows_the_grant(nurse, granted, definition, lead):
    names = User.objects.get(pk=nurse.user_id).groups.values_list("name", flat=True)
    assert list(names) == [groups.BY_GRANT]
    grants.revoke(user=granted.user, subject=definition, by=lead)
    assert not names.all()


def test_the_header_leads_an_editor_to_the_administration(editor, nurse):
    assert 'href="/admin/"' in editor.get("/worklist/").content.decode()
    assert 'href="/admin/"' not in make.client_of(make.staff(make.organisation())).get("/worklist/").content.decode()


# The page of editors


@pytest.fixture
def desk(lead):
    """The clinical lead's browser."""
    return make.admin_client_of(lead)


def given(nurse, **changes):
    email = User.objects.get(pk=nurse.user_id).email
    return {"email": email, "until": f"{clock.today() + MONTH:%Y-%m-%d}", "reason": "Winter group"} | changes


def test_a_lead_gives_one_form_and_ends_it(desk, lead, nurse, definition):
    assert page(definition) in desk.get(address(definition)).content.decode()
    assert desk.post(page(definition), given(nurse)).status_code == 302
    user = User.objects.get(pk=nurse.user_id)
    shown = desk.get(page(definition)).content.decode()
    assert user.display_name in shown and "Winter group" in shown
    assert f"{clock.today() + MONTH:%-d %B %Y}" in shown
    assert gate.decide(nurse, Action.ADMIN_ENTER).allowed
    assert desk.post(reverse("forms_editor_end", args=[definition.public_id, user.public_id])).status_code == 302
    assert user.display_name not in desk.get(page(definition)).content.decode()
    assert not gate.decide(nurse, Action.ADMIN_ENTER).allowed
    trail = AuditEvent.objects.filter(action__startswith="grant.").order_by("at")
    assert [(event.action, event.actor_id) for event in trail] == [
        ("grant.given", str(lead.user_id)),
        ("grant.revoked", str(lead.user_id)),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "Enter the work email address"),
        ({"email": "nobody@example.org"}, "Nobody on a staff list signs in with this address"),
        ({"email": "not an address"}, "Enter an email address in the correct format"),
        ({"until": ""}, "Enter the last day"),
        ({"until": "2026-13-40"}, "Enter a real date"),
        ({"until": "2020-01-01"}, "must end in the future, within a year"),
        ({"until": "2999-01-01"}, "must end in the future, within a year"),
        ({"until": "9999-12-31"}, "must end in the future, within a year"),
        ({"reason": " "}, "Enter the reason"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_given(desk, nurse, definition, changes, sentence):
    answer = desk.post(page(definition), given(nurse, **changes))
    assert answer.status_code == 400 and sentence in answer.content.decode()
    assert not TemporaryGrant.objects.exists()


def test_a_lead_gives_nothing_to_themselves_nor_to_somebody_off_the_list(desk, lead, nurse, definition):
    assert "Somebody else has to give you" in desk.post(page(definition), given(lead)).content.decode()
    StaffListEntry.objects.filter(user=nurse.user_id).update(suspended_at=clock.now(), suspended_by=lead.user_id)
    assert "Nobody on a staff list" in desk.post(page(definition), given(nurse)).content.decode()
    assert not TemporaryGrant.objects.exists()


@pytest.mark.parametrize("role", ["clinical_safety_officer", "ig_officer", "content_editor", "operator"])
def test_only_leads_choose_editors(host, nurse, definition, role):
    officer = make.staff(host, role=role)
    groups.sync(user=User.objects.get(pk=officer.user_id), by=JOB)
    client = make.client_of(officer)
    assert client.get(page(definition)).status_code == 403
    assert client.post(page(definition), given(nurse)).status_code == 403
    assert not TemporaryGrant.objects.exists()


def test_ending_somebody_who_is_no_editor_finds_nothing(desk, nurse, definition):
    user = User.objects.get(pk=nurse.user_id)
    assert desk.post(reverse("forms_editor_end", args=[definition.public_id, user.public_id])).status_code == 404
