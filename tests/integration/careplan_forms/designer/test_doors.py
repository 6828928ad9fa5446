"""The designer's pages, and every way round sign-off that a browser has."""

import datetime
import json
import re

import pytest
from django.urls import reverse
from wagtail.models import Revision, Workflow, WorkflowContentType
from wagtail.permissions import policy_registry

from careplan_forms.models import (
    FormCandidate,
    FormCandidateApproval,
    FormDefinition,
    FormSection,
    FormVersion,
    ValueSet,
)
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts
from careplan_forms.services import definitions
from careplan_forms.viewsets import DefinitionViewSet, SectionViewSet, ValueSetViewSet
from core import clock
from governance.models import AuditEvent, User
from governance.services import grants
from tests.factories import governance as make
from tests.integration.careplan_forms.designer.conftest import document
from tests.integration.careplan_forms.designer.posting import section_form
from tests.worlds import shared

pytestmark = pytest.mark.django_db
KINDS = {FormDefinition: DefinitionViewSet(), FormSection: SectionViewSet(), ValueSet: ValueSetViewSet()}


def address(row, view="edit", *more):
    return reverse(KINDS[type(row)].get_url_name(view), args=[row.pk, *more])


def approval(candidate):
    """What an officer sends who has ticked every warning."""
    return {"sha256": candidate.sha256, "decision": "approve", "warnings": candidate.warnings}


@pytest.fixture
def browser():
    """A browser of somebody who may enter the administration, second factor given."""

    return make.admin_client_of


@shared
def home(definition):
    return FormSection.objects.get(key="home")


def first_label(section):
    fresh = FormSection.objects.select_related("latest_revision").get(pk=section.pk)
    return form_drafts.stream_in(form_drafts.draft_of(fresh), "items")[0]["value"]["label"]


# Editing


def test_a_lead_opens_and_saves_every_kind(browser, lead, definition, home):
    client = browser(lead)
    for row in (definition, home, ValueSet.objects.get()):
        assert client.get(address(row)).status_code == 200
    answer = client.post(address(home), section_form(home, **{"items-0-value-label": "Warm enough?"}))
    assert answer.status_code == 302
    assert first_label(home) == "Warm enough?"


def test_saving_untouched_changes_nothing_in_the_document(browser, lead, definition):
    before = definitions.compile_definition(definition=definition)
    client = browser(lead)
    for section in FormSection.objects.all():
        assert client.post(address(section), section_form(section)).status_code == 302
    assert definitions.compile_definition(definition=definition) == before


def test_a_condition_is_posted_and_kept_word_for_word(browser, lead, home):
    rule = {"any": [{"item": "u-warm", "op": "=", "value": "W"}, {"not": {"item": "u-warm", "op": "=", "value": "C"}}]}
    form = section_form(home, **{"items-1-value-show_if": json.dumps(rule)})
    assert browser(lead).post(address(home), form).status_code == 302
    document = form_drafts.document_of_section(form_drafts.draft_of(FormSection.objects.get(pk=home.pk)))
    assert document["sections"][0]["items"][1]["show_if"] == rule


def test_two_items_of_one_name_are_refused_at_the_second(browser, lead, home):
    form = section_form(home, **{"items-1-value-link_id": "warm"})
    answer = browser(lead).post(address(home), form)
    assert answer.status_code == 200
    assert "Another item of this section is already called “warm”" in answer.content.decode().replace(
        "\\u201c", "“"
    ).replace("\\u201d", "”")
    assert form_drafts.stream_in(form_drafts.draft_of(home), "items")[1]["value"]["link_id"] == "why"


def test_a_published_name_is_refused_at_its_field(browser, lead, live, home):
    answer = browser(lead).post(address(home), section_form(home, **{"items-0-value-link_id": "other"}))
    assert answer.status_code == 200 and "This was published as" in answer.content.decode()


def test_forty_one_items_are_refused_in_a_sentence(browser, lead, home):
    form = section_form(home)
    copies = {}
    for number in range(2, 41):
        for name, each in form.items():
            if name.startswith("items-1-"):
                copies[name.replace("items-1-", f"items-{number}-", 1)] = each
        copies |= {f"items-{number}-id": f"u{number}", f"items-{number}-value-link_id": f"q{number}"}
        copies[f"items-{number}-order"] = str(number)
    answer = browser(lead).post(address(home), form | copies | {"items-count": "41"})
    assert answer.status_code == 200 and "A section can hold 40 items" in answer.content.decode()


def test_a_key_cannot_change_once_chosen(browser, lead, home):
    browser(lead).post(address(home), section_form(home, key="elsewhere"))
    assert form_drafts.draft_of(FormSection.objects.get(pk=home.pk)).key == "home"


def test_autosave_is_quiet_enough(browser, lead, home):
    page = browser(lead).get(address(home)).content.decode()
    assert 'data-w-autosave-interval-value="3000"' in page


def test_previews_draw_what_is_in_the_editor(browser, lead, home):
    client = browser(lead)
    where = address(home, "preview_on_edit")
    assert client.post(where, section_form(home, **{"items-0-value-label": "Not saved yet?"})).json()["is_valid"]
    answer = client.get(where, {"mode": "clinician"})
    assert answer.status_code == 200 and "Not saved yet?" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


# Who may come in


@pytest.mark.parametrize("role", ["clinical_safety_officer", "ig_officer", "content_editor", "operator"])
def test_nobody_but_leads_edits(browser, host, home, definition, role):
    client = browser(make.staff(host, role=role))
    views = ["edit", "history", "usage", "delete"]
    doors = [address(row, view) for row in (home, definition, ValueSet.objects.get()) for view in views]
    doors += [address(row, view) for row in (home, definition) for view in ("lock", "unlock", "preview_on_edit")]
    for door in doors:
        assert client.get(door).status_code == 403, door
        assert client.post(door, {"title": "Taken"}).status_code == 403, door
    form = section_form(home, **{"items-0-value-label": "Taken"})
    assert client.post(address(home), form).status_code == 403
    assert first_label(home) == "Is it warm?"
    assert AuditEvent.objects.filter(action="form.design", result="refused").exists()


def test_a_clinician_does_not_enter_at_all(nurse, home):
    assert make.client_of(nurse).get(address(home)).status_code in (302, 403)


def test_an_editor_by_grant_edits_one_form_until_the_grant_ends(browser, lead, host, definition, home):
    editor = make.staff(host, role="content_editor")
    other = definitions.create_from_document(document=document(key="summer-plan", value_sets={}), by=lead)
    until = clock.now() + datetime.timedelta(days=30)
    user = User.objects.get(pk=editor.user_id)
    granted = grants.grant(user=user, subject=definition, until=until, reason="Winter group", by=lead)
    client = browser(editor)
    assert client.post(address(home), section_form(home, **{"items-0-value-label": "Mine"})).status_code == 302
    assert client.get(address(definition)).status_code == 200
    assert client.get(address(other)).status_code == 403
    theirs = form_drafts.sections_of(other)[0]
    assert client.post(address(theirs), section_form(theirs)).status_code == 403
    listing = client.get(reverse(KINDS[FormDefinition].get_url_name("list"))).content.decode()
    assert definition.title in listing and address(other) not in listing
    type(granted).objects.filter(pk=granted.pk).update(expires_at=clock.now())
    assert client.get(address(home)).status_code == 403


def test_an_editor_by_grant_cannot_take_a_section_by_linking_it(lead, host, definition):
    editor = make.staff(host, role="content_editor")
    until = clock.now() + datetime.timedelta(days=30)
    user = User.objects.get(pk=editor.user_id)
    other = definitions.create_from_document(document=document(key="summer-plan", value_sets={}), by=lead)
    grants.grant(user=user, subject=definition, until=until, reason="Winter group", by=lead)
    theirs = form_drafts.sections_of(other)[0]
    draft = form_drafts.draft_of(definition)
    draft.section_links.add(type(draft.section_links.first())(section=theirs))
    draft.save_revision(user=user, clean=False)
    from careplan_forms.design_permissions import user_can_edit

    assert user_can_edit(editor, definition) and not user_can_edit(editor, theirs)


# Ways round sign-off


@shared
def superlead(lead):
    """A clinical lead whose account is a superuser too."""
    User.objects.filter(pk=lead.user_id).update(is_superuser=True)
    return lead


@pytest.mark.parametrize(
    "extra",
    [
        {"action-publish": "Publish"},
        {"action-submit": "Submit"},
        {"action-workflow-action": "true", "workflow-action-name": "approve"},
        {"action-restart-workflow": "true"},
        {"action-cancel-workflow": "true"},
        {"go_live_at": "2026-01-01 00:00"},
        {"expire_at": "2026-01-01 00:00"},
    ],
)
def test_posting_a_publishing_action_saves_nothing_and_publishes_nothing(browser, superlead, home, extra):
    before = Revision.objects.count()
    answer = browser(superlead).post(address(home), section_form(home, **{"items-0-value-label": "Now live"}) | extra)
    assert answer.status_code in (302, 403)
    home.refresh_from_db()
    assert not home.live and Revision.objects.count() == before and first_label(home) == "Is it warm?"


@pytest.mark.parametrize("kind", [FormDefinition, FormSection, ValueSet])
def test_the_publish_button_is_not_offered(browser, superlead, definition, kind):
    page = browser(superlead).get(address(kind.objects.first())).content.decode()
    assert "action-publish" not in page and "action-submit" not in page and "go_live_at" not in page


def test_nobody_holds_publish_not_even_a_superuser_who_is_a_lead(superlead, definition):
    user = User.objects.get(pk=superlead.user_id)
    for kind in KINDS:
        policy = policy_registry.get_by_type(kind)
        assert policy.user_has_permission(user, "change") and not policy.user_has_permission(user, "publish")
        assert not policy.users_with_permission("publish").exists()


def test_unpublishing_and_unscheduling_are_shut(browser, superlead, live, definition):
    client = browser(superlead)
    revision = definition.get_latest_revision()
    for where in (address(definition, "unpublish"), address(definition, "revisions_unschedule", revision.pk)):
        client.post(where)
    definition.refresh_from_db()
    assert definition.live and definition.live_version == live


def test_a_workflow_put_on_forms_by_an_operator_moves_nothing(browser, superlead, definition):
    workflow = Workflow.objects.create(name="Rush")
    content_type = FormDefinition.get_content_type()
    WorkflowContentType.objects.create(workflow=workflow, content_type=content_type)
    client = browser(superlead)
    client.post(address(definition), {"action-submit": "Submit"})
    assert not definition.workflow_states.exists()
    page = client.get(address(definition)).content.decode()
    assert "action-submit" not in page


def test_edit_and_approve_in_one_post_edits_nothing_and_approves_only_what_was_proposed(
    browser, safety_officer, ig_officer, candidate
):
    definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=ig_officer)
    where = reverse("forms_candidate", args=[candidate.public_id])
    said = approval(candidate) | {"comment": "", "document": "{}", "title": "Mine"}
    assert browser(safety_officer).post(where, said).status_code == 302
    version = FormVersion.objects.get()
    assert version.document == candidate.document and version.sha256 == candidate.sha256


def test_bulk_deleting_what_is_in_use_deletes_nothing(browser, superlead, live, home):
    where = reverse("wagtail_bulk_action", args=["careplan_forms", "formsection", "delete"])
    browser(superlead).post(f"{where}?id={home.pk}")
    assert FormSection.objects.filter(pk=home.pk).exists()


def test_deleting_what_is_in_use_is_refused_in_a_sentence(browser, lead, home):
    answer = browser(lead).post(address(home, "delete"))
    assert answer.status_code == 400 and "cannot be deleted" in answer.content.decode()
    assert FormSection.objects.filter(pk=home.pk).exists()


def test_what_nothing_uses_may_be_deleted(browser, lead):
    loose = FormSection.objects.create(key="loose", title="Loose", live=False)
    assert browser(lead).post(address(loose, "delete")).status_code == 302
    assert not FormSection.objects.filter(pk=loose.pk).exists()


# Sign-off pages


def test_a_lead_proposes_and_two_people_sign_off(browser, lead, safety_officer, ig_officer, definition):
    propose = reverse("forms_propose", args=[definition.public_id])
    page = browser(lead).get(propose)
    assert page.status_code == 200 and "What the checks found" in page.content.decode()
    assert browser(lead).post(propose, {"change_note": ""}).status_code == 400
    browser(lead).post(propose, {"change_note": "For winter"})
    candidate = FormCandidate.objects.get()
    officer = browser(safety_officer)
    assert candidate.document["title"] in officer.get(reverse("forms_sign_off")).content.decode()
    where = reverse("forms_candidate", args=[candidate.public_id])
    shown = officer.get(where).content.decode()
    assert re.search(rf'name="sha256" value="{candidate.sha256}"', shown)
    assert officer.post(where, approval(candidate) | {"warnings": []}).status_code == 400
    assert officer.post(where, approval(candidate)).status_code == 302
    assert read.live_version("winter-plan") is None
    said = re.sub(r"\s+", " ", officer.get(where).content.decode())
    assert "Approved by" in said and "Information governance</dt><dd> Waiting" in said
    assert "You have decided on this" in said and 'value="approve"' not in said
    assert "Clinical safety: approved by" in officer.get(reverse("forms_sign_off")).content.decode()
    browser(ig_officer).post(where, approval(candidate))
    assert read.live_version("winter-plan").number == 1
    sent = browser(lead).get(reverse("forms_sign_off")).content.decode()
    assert "What you sent" in sent and "Version 1" in sent


def test_the_page_of_a_changed_candidate_answers_409_with_what_changed(
    browser, lead, safety_officer, candidate, definition
):
    newer = document()
    newer["sections"][0]["items"][0]["label"] = "Is it warm enough?"
    definitions.update_sections_from_document(definition=definition, document=newer, by=lead)
    definitions.create_candidate(definition=definition, by=lead)
    where = reverse("forms_candidate", args=[candidate.public_id])
    answer = browser(safety_officer).post(where, approval(candidate))
    assert answer.status_code == 409 and "Is it warm enough?" in answer.content.decode()
    assert not FormVersion.objects.exists()


def test_another_hash_than_the_one_shown_answers_409(browser, safety_officer, candidate):
    where = reverse("forms_candidate", args=[candidate.public_id])
    answer = browser(safety_officer).post(where, approval(candidate) | {"sha256": "f" * 64})
    assert answer.status_code == 409 and not FormVersion.objects.exists()


def test_an_author_is_told_that_somebody_else_decides(browser, lead, candidate):
    where = reverse("forms_candidate", args=[candidate.public_id])
    client = browser(lead)
    page = client.get(where).content.decode()
    assert "somebody else has to decide" in page and 'value="approve"' not in page
    answer = client.post(where, approval(candidate))
    assert answer.status_code == 403 and not FormCandidateApproval.objects.exists()


def test_sending_back_without_a_reason_keeps_the_page_and_decides_nothing(browser, safety_officer, candidate):
    where = reverse("forms_candidate", args=[candidate.public_id])
    answer = browser(safety_officer).post(where, {"sha256": candidate.sha256, "decision": "reject", "comment": " "})
    assert answer.status_code == 400 and "Say what has to change" in answer.content.decode()
    assert not FormCandidateApproval.objects.exists()


@pytest.mark.parametrize("role", ["content_editor", "operator"])
@pytest.mark.parametrize("page", ["forms_candidate", "forms_candidate_form", "forms_propose", "forms_versions"])
def test_other_roles_read_no_candidate(browser, host, candidate, role, page):
    key = candidate.public_id if "candidate" in page else candidate.definition.public_id
    client = browser(make.staff(host, role=role))
    assert client.get(reverse(page, args=[key])).status_code == 403
    assert client.get(reverse("forms_sign_off")).status_code == 403


def test_what_is_not_there_is_a_404(browser, safety_officer, host):
    nowhere = "00000000-0000-4000-8000-000000000000"
    client = browser(safety_officer)
    for page in ("forms_candidate", "forms_candidate_form", "forms_propose", "forms_versions"):
        assert client.get(reverse(page, args=[nowhere])).status_code == 404


def test_versions_are_listed_and_moved_by_those_who_sign_off(browser, lead, safety_officer, live, definition):
    where = reverse("forms_versions", args=[definition.public_id])
    assert "Version 1" in browser(lead).get(where).content.decode()
    assert "Retire this form" in browser(safety_officer).get(where).content.decode()
    browser(safety_officer).post(where, {"retire": "1"})
    assert read.live_version("winter-plan") is None
    browser(safety_officer).post(where, {"number": "1"})
    assert read.live_version("winter-plan") == live
    assert browser(safety_officer).post(where, {"number": "abc"}).status_code == 404


def test_the_menu_is_tidy_for_a_lead(browser, lead, definition):
    page = browser(lead).get("/admin/").content.decode()
    assert "Form designer" in page and "Form sign-off" in page
    assert '"name": "help"' not in page and '"name": "reports"' not in page
