import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.management.commands.purge_revisions import purge_revisions

from careplan_forms.block_items import stream_of
from careplan_forms.models import (
    FormActivation,
    FormCandidate,
    FormCandidateApproval,
    FormDefinition,
    FormSection,
    FormVersion,
    ValueSet,
)
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors import definitions as read
from careplan_forms.selectors import form_drafts
from careplan_forms.services import definitions
from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from core.immutability import ImmutableError
from core.models import OutboxEvent
from governance.actors import Actor
from governance.models import AuditEvent, User
from governance.services import audit
from tests.factories import governance as make
from tests.integration.careplan_forms.designer.conftest import document
from tests.worlds import shared
from workflows.services import sign_off


def edit(section_key, by, label="Is it warm enough?"):
    """Change the wording of the first question of a section, as the editor would."""
    section = FormSection.objects.get(key=section_key)
    draft = form_drafts.draft_of(section)
    items = copy.deepcopy(form_drafts.document_of_section(draft)["sections"][0]["items"])
    items[0]["label"] = label
    draft.items = stream_of(items)
    draft.save_revision(user=User.objects.get(pk=by.user_id), clean=False)


def test_sign_off_makes_an_immutable_version_of_the_candidates_bytes(candidate, sign_off):
    version = sign_off(candidate)
    assert version.document == candidate.document
    assert version.sha256 == sha256_of(version.document) == candidate.sha256
    assert read.live_version("winter-plan") == version
    assert FormActivation.objects.get().live and version.number == 1
    assert OutboxEvent.objects.filter(topic="form.published").count() == 1
    with pytest.raises(ImmutableError):
        version.save()


def test_an_approver_sees_faults_differences_and_impact(live, definition, lead):
    edit("home", lead)
    candidate = definitions.create_candidate(definition=definition, by=lead)
    assert any("Is it warm" in row["sentence"] for row in candidate.diff)
    assert {row["code"] for row in candidate.lint} == {"slot-none"}
    assert {row["section"] for row in candidate.diff} == {"The home"}
    assert candidate.impact["open_plans"] == 0 and candidate.tests == []


def test_later_edits_never_change_a_candidate(candidate, definition, lead, safety_officer, sign_off):
    edit("home", lead)
    version = sign_off(candidate)
    assert version.document["sections"][0]["items"][0]["label"] == "Is it warm?"
    again = definitions.compile_definition(definition=definition)
    assert again["sections"][0]["items"][0]["label"] == "Is it warm enough?"


def test_one_approval_puts_nothing_live(candidate, safety_officer, ig_officer):
    said = {"candidate": candidate, "sha256": candidate.sha256, "read": candidate.warnings}
    assert definitions.approve_candidate(by=ig_officer, **said) is None
    assert read.live_version("winter-plan") is None and not FormVersion.objects.exists()
    assert definitions.approve_candidate(by=safety_officer, **said).number == 1
    roles = list(FormCandidateApproval.objects.values_list("role", flat=True))
    assert roles == ["ig_officer", "clinical_safety_officer"]


def test_two_people_of_one_role_do_not_make_two_roles(candidate, host, safety_officer):
    another = make.staff(host, role="clinical_safety_officer")
    said = {"candidate": candidate, "sha256": candidate.sha256, "read": candidate.warnings}
    definitions.approve_candidate(by=safety_officer, **said)
    with pytest.raises(Conflict, match="in your role"):
        definitions.approve_candidate(by=another, **said)
    assert not FormVersion.objects.exists()


def test_somebody_who_holds_both_roles_signs_once(candidate, host, safety_officer):
    account = User.objects.get(pk=safety_officer.user_id)
    also = make.actor(make.entry(host, role="ig_officer", user=account))
    said = {"candidate": candidate, "sha256": candidate.sha256, "read": candidate.warnings}
    definitions.approve_candidate(by=safety_officer, **said)
    with pytest.raises(Refused, match="whatever roles you hold"):
        definitions.approve_candidate(by=also, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        row = FormCandidateApproval.objects.get()
        row.pk, row._state.adding, row.role = None, True, "ig_officer"
        row.save()
    assert not FormVersion.objects.exists()


@pytest.mark.parametrize("first", ["approve", "nothing"])
def test_one_rejection_ends_the_candidate(candidate, safety_officer, ig_officer, first):
    shown = {"candidate": candidate, "sha256": candidate.sha256}
    said = shown | {"read": candidate.warnings}
    if first == "approve":
        definitions.approve_candidate(by=safety_officer, **said)
    sign_off.reject_candidate(comment="Too short", by=ig_officer, **shown)
    with pytest.raises(Conflict, match="already decided"):
        definitions.approve_candidate(by=safety_officer, **said)
    assert not FormVersion.objects.exists()


def test_what_was_taken_back_is_not_decided_on(candidate, lead, safety_officer):
    definitions.withdraw_candidate(candidate=candidate, by=lead)
    with pytest.raises(Conflict, match="already decided"):
        definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=safety_officer
        )
    with pytest.raises(Conflict):
        definitions.withdraw_candidate(candidate=candidate, by=lead)


@pytest.mark.parametrize("role", ["clinical_safety_officer", "content_editor"])
def test_only_who_may_edit_a_form_takes_it_back(candidate, host, role):
    with pytest.raises(NotAllowed):
        definitions.withdraw_candidate(candidate=candidate, by=make.staff(host, role=role))


@pytest.mark.parametrize(
    "role", ["clinical_lead", "content_editor", "operator", "org_lead", "commissioner", "caldicott_guardian"]
)
def test_other_roles_may_not(candidate, host, role):
    with pytest.raises(NotAllowed):
        definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=make.staff(host, role=role)
        )
    assert not FormVersion.objects.exists()


def test_a_job_may_not_sign_off(candidate):
    with pytest.raises(NotAllowed):
        definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=Actor.job("nightly")
        )


@shared
def signing_lead(host):
    """A clinical lead who is the clinical safety officer too: (shaping, signing)."""
    shaping = make.staff(host, role="clinical_lead")
    account = User.objects.get(pk=shaping.user_id)
    return shaping, make.actor(make.entry(host, role="clinical_safety_officer", user=account))


def test_who_proposed_it_may_not_sign_off(definition, signing_lead):
    shaping, signing = signing_lead
    candidate = definitions.create_candidate(definition=definition, by=shaping)
    with pytest.raises(Refused, match="somebody else"):
        definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=signing)


def test_an_author_of_one_section_alone_may_not_sign_off(live, definition, lead, signing_lead, sign_off):
    shaping, signing = signing_lead
    edit("home", shaping)
    candidate = definitions.create_candidate(definition=definition, by=lead)
    assert shaping.user_id in candidate.author_ids
    with pytest.raises(Refused, match="You wrote part"):
        definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=signing)
    assert sign_off(candidate).number == 2


def test_an_author_of_one_list_of_answers_alone_may_not_sign_off(live, definition, lead, signing_lead):
    shaping, signing = signing_lead
    draft = form_drafts.draft_of(ValueSet.objects.get())
    draft.title = "How warm"
    draft.save_revision(user=User.objects.get(pk=shaping.user_id), clean=False)
    candidate = definitions.create_candidate(definition=definition, by=lead)
    with pytest.raises(Refused, match="You wrote part"):
        definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=signing)


def test_who_wrote_an_earlier_version_may_sign_off_a_later_one(definition, lead, signing_lead, sign_off, ig_officer):
    shaping, signing = signing_lead
    edit("home", shaping)
    sign_off(definitions.create_candidate(definition=definition, by=lead))
    edit("home", lead, "Is it cold?")
    candidate = definitions.create_candidate(definition=definition, by=lead)
    assert candidate.author_ids == [lead.user_id]
    assert sign_off(candidate, signing, ig_officer).number == 2


def test_who_wrote_both_versions_may_not_sign_off_the_later_one(live, definition, signing_lead, lead, sign_off):
    shaping, signing = signing_lead
    edit("home", shaping)
    sign_off(definitions.create_candidate(definition=definition, by=lead))
    edit("home", shaping, "Is it cold?")
    candidate = definitions.create_candidate(definition=definition, by=lead)
    with pytest.raises(Refused, match="You wrote part"):
        definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=signing)


def test_purging_revisions_does_not_make_an_author_a_stranger(live, definition, lead, other_lead):
    edit("home", other_lead, "First thought")
    edit("home", lead, "Second thought")
    purge_revisions()
    candidate = definitions.create_candidate(definition=definition, by=lead)
    assert set(candidate.author_ids) == {lead.user_id, other_lead.user_id}
    assert candidate.document["sections"][0]["items"][0]["label"] == "Second thought"


def test_purging_revisions_leaves_every_version_readable(live, definition, lead):
    edit("home", lead)
    purge_revisions()
    definition.refresh_from_db()
    assert definition.live_version == live
    assert FormVersion.objects.get(pk=live.pk).document == live.document


def test_an_author_of_a_draft_that_went_past_its_candidate_still_counts(live, definition, lead, other_lead, sign_off):
    edit("home", other_lead)
    first = definitions.create_candidate(definition=definition, by=lead)
    edit("home", lead, "And on")
    sign_off(first)
    second = definitions.create_candidate(definition=definition, by=lead)
    edit("people", other_lead, "Who visits?")
    third = definitions.create_candidate(definition=definition, by=lead)
    assert lead.user_id in second.author_ids
    assert set(third.author_ids) >= {lead.user_id, other_lead.user_id}


def test_the_hash_of_what_was_shown_must_be_the_candidates(candidate, safety_officer):
    with pytest.raises(Conflict, match="not the text you were shown"):
        definitions.approve_candidate(candidate=candidate, sha256="0" * 64, read=candidate.warnings, by=safety_officer)
    assert read.live_version("winter-plan") is None


def test_an_older_candidate_is_a_conflict_that_says_what_changed(candidate, definition, lead, safety_officer):
    edit("home", lead)
    definitions.create_candidate(definition=definition, by=lead)
    with pytest.raises(Conflict) as refusal:
        definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=safety_officer
        )
    assert refusal.value.changes == [("Is it warm enough?", "Is it warm?", "Is it warm enough?")]


def test_a_change_of_the_live_version_meanwhile_is_a_conflict(live, definition, lead, safety_officer):
    edit("home", lead)
    candidate = definitions.create_candidate(definition=definition, by=lead)
    definitions.retire(definition=definition, by=safety_officer)
    with pytest.raises(Conflict, match="out of date"):
        definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=safety_officer
        )


def test_sending_back_needs_a_reason(candidate, safety_officer):
    with pytest.raises(Refused, match="what has to change"):
        sign_off.reject_candidate(candidate=candidate, sha256=candidate.sha256, comment=" ", by=safety_officer)


def test_a_form_with_faults_is_not_proposed(lead):
    faulty = document()
    faulty["sections"][0]["items"][1]["show_if"] = {"item": "nowhere", "op": "=", "value": "C"}
    definition = definitions.create_from_document(document=faulty, by=lead)
    with pytest.raises(Refused, match="not in the form"):
        definitions.create_candidate(definition=definition, by=lead)
    assert not FormCandidate.objects.exists()


def test_nothing_changed_is_not_proposed(live, definition, lead):
    with pytest.raises(Refused, match="Nothing has changed"):
        definitions.create_candidate(definition=definition, by=lead)


def test_a_published_name_cannot_change(live, definition, lead):
    renamed = document()
    renamed["sections"][0]["items"][0]["link_id"] = "warmth"
    definitions.update_sections_from_document(definition=definition, document=renamed, by=lead)
    with pytest.raises(Refused, match="“warm” to “warmth”"):
        definitions.create_candidate(definition=definition, by=lead)


def test_roll_back_and_retire_only_move_the_pointer(live, definition, lead, safety_officer, sign_off):
    edit("home", lead)
    second = sign_off(definitions.create_candidate(definition=definition, by=lead))
    definitions.roll_back(version=live, by=safety_officer)
    assert read.live_version("winter-plan") == live
    definitions.retire(definition=definition, by=safety_officer)
    assert read.live_version("winter-plan") is None
    assert list(definition.versions.order_by("number")) == [live, second]
    assert [row.live for row in FormActivation.objects.order_by("pk")] == [True, True, True, False]


def test_an_author_may_not_roll_back_without_the_role(live, nurse):
    with pytest.raises(NotAllowed):
        definitions.roll_back(version=live, by=nurse)


def test_a_failing_audit_row_undoes_the_sign_off(candidate, safety_officer, ig_officer, monkeypatch):
    definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=ig_officer)

    def fail(**kwargs):
        raise RuntimeError("audit is down")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=safety_officer
        )
    assert not FormVersion.objects.exists() and read.live_version("winter-plan") is None


def test_every_step_leaves_an_audit_row(live):
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"form.created", "value_set.saved", "form.proposed", "form.approved", "form.signed_off"} <= actions


# Side doors of the CMS


@shared
def superuser():
    return make.user(is_superuser=True, is_staff=True)


@pytest.mark.parametrize("model", [FormDefinition, FormSection])
def test_publishing_from_code_is_refused_even_to_a_superuser(definition, superuser, model):
    row = model.objects.first()
    revision = row.save_revision(user=superuser, clean=False)
    with pytest.raises(PermissionDenied):
        revision.publish(user=superuser, skip_permission_checks=True)
    with pytest.raises(PermissionDenied):
        row.publish(revision)
    with pytest.raises(PermissionDenied):
        row.unpublish()
    row.refresh_from_db()
    assert not row.live


def test_scheduled_publishing_puts_nothing_live(definition, superuser):
    definition.go_live_at = clock.now()
    revision = definition.save_revision(user=superuser, clean=False)
    revision.approved_go_live_at = clock.now()
    revision.save(update_fields=["approved_go_live_at"])
    with pytest.raises(PermissionDenied):
        call_command("publish_scheduled", verbosity=0)
    assert read.live_version("winter-plan") is None


def test_wagtails_action_run_by_force_never_touches_what_is_live(live, definition, lead, superuser, sign_off):
    edit("home", lead)
    old_revision = form_drafts.draft_of(definition).save_revision(user=superuser, clean=False)
    second = sign_off(definitions.create_candidate(definition=definition, by=lead))
    PublishRevisionAction(old_revision).execute(skip_permission_checks=True)
    assert read.live_version("winter-plan") == second


def test_overwriting_the_live_revision_in_place_changes_no_version(live, definition, lead):
    section = FormSection.objects.get(key="home")
    user = User.objects.get(pk=lead.user_id)
    section.title = "Rewritten"
    section.save_revision(user=user, clean=False, overwrite_revision=section.latest_revision)
    assert read.live_version("winter-plan").document["sections"][0]["title"] == "The home"


@pytest.mark.parametrize("read", [[], ["Something else"]])
def test_nothing_is_approved_while_one_of_its_warnings_is_unread(candidate, safety_officer, read):
    assert candidate.warnings
    with pytest.raises(Refused, match="Tick each warning"):
        definitions.approve_candidate(candidate=candidate, sha256=candidate.sha256, read=read, by=safety_officer)
    assert not candidate.approvals.exists()
