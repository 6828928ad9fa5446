"""Sign-off of flows: two people, one hash, the exemption repeated; every way round it is attacked."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.management.commands.purge_revisions import purge_revisions
from wagtail.models import TaskState, Workflow, WorkflowState

from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.models import AuditEvent, Notification, User
from tests.factories import governance as make
from tests.factories import workflows as flows
from tests.integration.workflows.designer.conftest import edit_address, posted
from workflows.models import FlowCandidateApproval, FlowDefinition, FlowVersion
from workflows.selectors import flow_drafts
from workflows.services import definitions, flow_sign_off, sign_off

pytestmark = pytest.mark.django_db


def approve(candidate, by, **changes):
    said = {"candidate": candidate, "sha256": candidate.sha256, "read": candidate.warnings}
    said["exemption"] = candidate.document.get("exemption", "")
    return flow_sign_off.approve_candidate(by=by, **said | changes)


def account(actor):
    return User.objects.get(pk=actor.user_id)


def statuses(candidate):
    return {state.task.specific.role: state.status for state in candidate.task_states.order_by("pk")}


# The way through


def test_two_people_make_a_signed_version_that_a_lead_puts_to_use(
    candidate, flow, safety_officer, ig_officer, clinical_lead
):
    assert approve(candidate, ig_officer) is None
    version = approve(candidate, safety_officer)
    assert (version.number, version.sha256, version.spec) == (2, candidate.sha256, candidate.document)
    signed = version.approvals.order_by("capacity").values_list("capacity", "signed_by", "sha256")
    assert list(signed) == [
        ("clinical_safety", safety_officer.user_id, candidate.sha256),
        ("information_governance", ig_officer.user_id, candidate.sha256),
    ]
    assert FlowDefinition.objects.get(pk=flow.pk).live_version.number == 1
    definitions.activate(by=clinical_lead, version=version, now=clock.now())
    assert FlowDefinition.objects.get(pk=flow.pk).live_version == version
    assert set(statuses(candidate).values()) == {"approved"}
    assert WorkflowState.objects.get().status == "approved"


def test_the_candidate_keeps_what_the_checks_said_and_what_changed(candidate):
    assert [row["sentence"] for row in candidate.diff] == [
        "The state: name: “Waiting for a doctor” becomes “With a doctor”.",
    ] or "With a doctor" in str(candidate.diff)
    assert candidate.impact == {"open_cases": 0, "elsewhere": 0}
    assert all(set(row) == {"code", "severity", "place", "message"} for row in candidate.lint)


def test_both_are_told_and_the_authors_hear_what_came_of_it(
    safety_officer, ig_officer, candidate, clinical_lead, mailoutbox
):
    rows = Notification.objects.filter(topic="flow.sign_off")
    assert {row.user_id for row in rows} == {safety_officer.user_id, ig_officer.user_id}
    assert {row.text for row in rows} == {"The flow “Letter” waits for your sign-off"}
    approve(candidate, ig_officer)
    approve(candidate, safety_officer)
    told = rows.filter(user=clinical_lead.user_id, channel="in_app").get()
    assert told.text == "The flow “Letter” is signed by both as version 2. It can be put to use"
    assert not mailoutbox
    assert AuditEvent.objects.filter(action="flow.signed_off").count() == 1


def test_the_dashboard_leads_to_what_waits(candidate, safety_officer):
    page = make.admin_client_of(safety_officer).get("/admin/").content.decode()
    assert reverse("flows_candidate", args=[candidate.public_id]) in page


def test_while_it_waits_the_draft_is_locked_and_sending_back_opens_it(candidate, flow, clinical_lead, safety_officer):
    client = make.admin_client_of(clinical_lead)
    before = FlowDefinition.objects.get(pk=flow.pk).latest_revision_id
    client.post(edit_address(flow), posted(flow, title="Mine"))
    assert FlowDefinition.objects.get(pk=flow.pk).latest_revision_id == before
    sign_off.reject_candidate(candidate=candidate, sha256=candidate.sha256, comment="No", by=safety_officer)
    assert client.post(edit_address(flow), posted(flow, title="Mine")).status_code == 302
    assert FlowDefinition.objects.get(pk=flow.pk).latest_revision_id != before


# Who may not


@pytest.mark.parametrize("who", ["clinical_lead", "other_lead"])
def test_no_lead_decides(candidate, request, who):
    with pytest.raises(NotAllowed):
        approve(candidate, request.getfixturevalue(who))


def test_an_officer_who_wrote_part_of_it_does_not_decide(edited, clinical_lead, host):
    officer = make.staff(host, role="ig_officer")
    flow_drafts.in_work(edited).save_revision(user=account(officer), clean=False)
    edited.refresh_from_db()
    candidate = flow_sign_off.propose(definition=edited, by=clinical_lead)
    with pytest.raises(Refused, match="You wrote part of this flow"):
        approve(candidate, officer)


def test_one_role_decides_once(candidate, ig_officer, host):
    approve(candidate, ig_officer)
    for officer in (ig_officer, make.staff(host, role="ig_officer")):
        with pytest.raises((Refused, Conflict)):
            approve(candidate, officer)
    assert FlowCandidateApproval.objects.count() == 1 and FlowVersion.objects.count() == 1


def test_another_hash_than_the_one_shown_is_a_conflict(candidate, ig_officer):
    with pytest.raises(Conflict):
        approve(candidate, ig_officer, sha256="0" * 64)


def test_the_exemption_is_repeated_word_for_word(flow, clinical_lead, ig_officer, safety_officer):
    spec = flows.spec(exemption=flows.EXEMPTION, guards=flows.guards("author_only_if_exempt"))
    row = FlowDefinition.objects.get(pk=flow.pk)
    flow_drafts.filled(row, spec).save_revision(user=account(clinical_lead), clean=False)
    candidate = flow_sign_off.propose(definition=row, by=clinical_lead)
    for exemption in ("", "The author may pass."):
        with pytest.raises(Refused, match="Confirm the exemption"):
            approve(candidate, ig_officer, exemption=exemption)
    approve(candidate, ig_officer)
    version = approve(candidate, safety_officer)
    assert set(version.approvals.values_list("exemption", flat=True)) == {flows.EXEMPTION}


def test_what_has_errors_or_is_unchanged_is_not_sent(flow, clinical_lead):
    with pytest.raises(Refused, match="Nothing has changed since version 1"):
        flow_sign_off.propose(definition=flow, by=clinical_lead)
    row = FlowDefinition.objects.get(pk=flow.pk)
    flow_drafts.filled(row, flows.spec(guards=[])).save_revision(user=account(clinical_lead), clean=False)
    with pytest.raises(Refused, match="Mend what the checks found first"):
        flow_sign_off.propose(definition=row, by=clinical_lead)


def test_what_is_written_after_sending_is_not_in_it(candidate, flow, safety_officer, ig_officer, clinical_lead):
    row = FlowDefinition.objects.get(pk=flow.pk)
    flow_drafts.filled(row, flows.spec(label="Slipped in")).save_revision(user=account(clinical_lead), clean=False)
    page = make.admin_client_of(safety_officer).get(reverse("flows_candidate", args=[candidate.public_id]))
    assert "were changed after this was sent" in page.content.decode() and "Slipped in" not in page.content.decode()
    approve(candidate, ig_officer)
    assert approve(candidate, safety_officer).spec == candidate.document


def test_routing_that_moved_meanwhile_stops_the_decision(candidate, flow, ig_officer):
    FlowDefinition.objects.filter(pk=flow.pk).update(priority=9)
    with pytest.raises(Conflict, match="What this flow applies to was changed"):
        approve(candidate, ig_officer)
    assert not FlowCandidateApproval.objects.exists()


# Ways round it

ATTACKS = {
    "task_state.approve": lambda state, user: state.approve(user=user),
    "task_state.reject": lambda state, user: state.reject(user=user),
    "task.on_action": lambda state, user: state.task.specific.on_action(state, user, "approve"),
    "task.delete": lambda state, user: state.task.delete(),
    "workflow_state.finish": lambda state, user: state.workflow_state.finish(user=user),
    "workflow.delete": lambda state, user: state.workflow_state.workflow.delete(),
    "another workflow": lambda state, user: Workflow.objects.create(name="Rush").start(
        state.workflow_state.content_object, user
    ),
    "PublishRevisionAction": lambda state, user: PublishRevisionAction(state.revision, user=user).execute(
        skip_permission_checks=True
    ),
    "definition.publish": lambda state, user: FlowDefinition.objects.get().publish(state.revision),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_code_that_moves_the_workflow_is_refused(candidate, attack):
    superuser = make.user(is_superuser=True, is_staff=True)
    state = TaskState.objects.first()
    with pytest.raises((PermissionDenied, ValidationError)), transaction.atomic():
        ATTACKS[attack](state, superuser)
    assert set(statuses(candidate).values()) == {"in_progress"}
    assert FlowVersion.objects.count() == 1 and not FlowCandidateApproval.objects.exists()


def test_rows_written_past_the_guard_or_purged_decide_nothing(candidate, safety_officer, ig_officer):
    TaskState.objects.update(status="approved")
    WorkflowState.objects.update(status="approved")
    assert FlowVersion.objects.count() == 1
    purge_revisions()
    assert approve(candidate, safety_officer) is None
    assert approve(candidate, ig_officer).number == 2


# From a browser


def test_deciding_on_the_page_is_kept_in_the_name_of_whoever_decides(candidate, ig_officer):
    client = make.admin_client_of(ig_officer)
    where = reverse("flows_candidate", args=[candidate.public_id])
    shown = client.get(where).content.decode()
    assert candidate.sha256 in shown and "With a doctor" in shown
    said = {"sha256": candidate.sha256, "decision": "approve", "comment": ""}
    assert client.post(where, said).status_code == 302
    assert FlowCandidateApproval.objects.get().decided_by_id == ig_officer.user_id


def test_sending_back_without_a_comment_is_refused_on_the_form(candidate, ig_officer):
    client = make.admin_client_of(ig_officer)
    where = reverse("flows_candidate", args=[candidate.public_id])
    answer = client.post(where, {"sha256": candidate.sha256, "decision": "reject", "comment": " "})
    assert answer.status_code == 400 and "Say what has to change" in answer.content.decode()


def test_the_sender_takes_it_back_on_the_page(candidate, clinical_lead):
    client = make.admin_client_of(clinical_lead)
    where = reverse("flows_candidate", args=[candidate.public_id])
    assert client.post(where, {"take-back": "1"}).status_code == 302
    assert "Taken back by" in client.get(where).content.decode()
    assert client.post(where, {"take-back": "1"}).status_code == 409


def test_a_lead_sends_it_from_the_page(edited, clinical_lead):
    client = make.admin_client_of(clinical_lead)
    where = reverse("flows_propose", args=[edited.public_id])
    assert "With a doctor" in client.get(where).content.decode()
    assert client.post(where, {"change_note": ""}).status_code == 400
    assert client.post(where, {"change_note": "Clearer"}).status_code == 302
    waiting = client.get(reverse("flows_sign_off")).content.decode()
    assert "Clearer" in waiting


def test_nothing_is_approved_while_one_of_its_warnings_is_unread(edited, clinical_lead, safety_officer):
    make.staff(make.organisation(), role="clinician")
    candidate = flow_sign_off.propose(definition=edited, change_note="Clearer", by=clinical_lead)
    [warning] = candidate.warnings
    assert warning.startswith("With a doctor: ")
    with pytest.raises(Refused, match="Tick each warning"):
        approve(candidate, safety_officer, read=[])
    assert not candidate.approvals.exists()
