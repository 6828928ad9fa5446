"""Editing a flow by rows in the administration: nothing is lost, and what is wrong is said where it is."""

import json

import pytest
from django.urls import reverse
from wagtail.blocks.struct_block import BlockGroup

from tests.factories import careplan_forms as careplans
from tests.factories import governance as make
from tests.factories import workflows as flows
from tests.integration.workflows.designer.conftest import edit_address, posted
from workflows.blocks.states import StateStreamBlock
from workflows.flow_checks import check
from workflows.models import DraftAuthor, FlowCandidate, FlowDefinition
from workflows.routing_facts import Fact
from workflows.selectors import flow_drafts
from workflows.services.seeds import read_seeds

pytestmark = pytest.mark.django_db


def spec_now(flow):
    return flow_drafts.spec_in(flow_drafts.in_work(FlowDefinition.objects.get(pk=flow.pk)))


@pytest.fixture
def lead(clinical_lead):
    return make.admin_client_of(clinical_lead)


def test_a_flow_without_a_draft_opens_as_its_newest_version_says(flow, lead):
    page = lead.get(edit_address(flow))
    assert page.status_code == 200 and "Waiting for a doctor" in page.content.decode()
    assert 'data-w-autosave-interval-value="3000"' in page.content.decode()


def test_saving_untouched_changes_nothing(flow, lead, clinical_lead):
    assert lead.post(edit_address(flow), posted(flow)).status_code == 302
    assert spec_now(flow) == flow.live_version.spec
    assert DraftAuthor.objects.get(kind="flowdefinition").user_id == clinical_lead.user_id


def test_a_draft_changes_neither_the_routing_nor_the_version_in_use(edited, flow):
    assert spec_now(flow)["states"][1]["label"] == "With a doctor"
    row = FlowDefinition.objects.get(pk=flow.pk)
    assert row.live_version.spec["states"][1]["label"] == "Waiting for a doctor"
    assert (row.subject_kind, row.is_default, row.applies_when) == (flows.KIND, True, {})


WRONG = {
    "an unknown state": ({"states-0-value-steps-0-value-to": "Nowhere"}, "There is no state called"),
    "a state's name in records twice": ({"states-2-value-key": "waiting"}, "is called"),
    "a bad name in records": ({"states-1-value-key": "Not good"}, "small letters, digits and _ only"),
    "no role": ({"states-1-value-waits_for-0-value-role": ""}, "Choose: role"),
    "too many hours": ({"states-1-value-due_hours": "99999"}, "less than or equal to 8784"),
    "letters for hours": ({"states-1-value-due_hours": "soon"}, "Enter a whole number"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_bad_input_is_said_in_a_sentence_and_nothing_is_saved(flow, lead, wrong):
    changes, sentence = WRONG[wrong]
    answer = lead.post(edit_address(flow), posted(flow, **changes))
    assert answer.status_code == 200
    assert sentence in answer.content.decode().replace("\\u201c", "“").replace("\\u201d", "”")
    assert spec_now(flow) == flow.live_version.spec


UNFINISHED = {
    "a step without a name": ({"states-1-value-steps-0-value-label": ""}, "Step 2, name: this is missing"),
    "no title": ({"title": ""}, "The flow, title: this is missing"),
    "no beginning": ({"states-0-value-kind": "work"}, "exactly one state must be of kind start"),
}


@pytest.mark.parametrize("missing", UNFINISHED)
def test_an_unfinished_draft_is_kept_and_what_is_missing_is_said(flow, lead, missing):
    changes, sentence = UNFINISHED[missing]
    assert lead.post(edit_address(flow), posted(flow, **changes)).status_code == 302
    where = reverse("flows_propose", args=[flow.public_id])
    assert sentence in lead.get(where).content.decode()
    assert sentence in lead.post(where, {"change_note": "Anyway"}).content.decode()
    assert not FlowCandidate.objects.exists()


def test_what_is_routed_and_signed_stays(flow, lead):
    changes = {"priority": "9", "is_default": "", "subject_kind": "plan_submission"}
    assert lead.post(edit_address(flow), posted(flow, **changes)).status_code == 302
    draft = flow_drafts.in_work(FlowDefinition.objects.get(pk=flow.pk))
    assert (draft.priority, draft.is_default, draft.subject_kind) == (0, True, flows.KIND)


def new(**changes):
    data = {"name": "Second", "key": "second", "title": "Second", "note": "", "subject_kind": "plan_submission"}
    return data | {"priority": "3", "exemption": "", "states-count": "0"} | changes


def test_a_new_flow_keeps_the_conditions_chosen_from_the_facts_of_its_kind(letters, lead):
    facts = {"applies_when-plan_submission-origin": '"doctor"', "applies_when-plan_submission-first": "true"}
    assert lead.post(reverse("wagtailsnippets_workflows_flowdefinition:add"), new(**facts)).status_code == 302
    made = FlowDefinition.objects.get(key="second")
    assert made.applies_when == {"origin": "doctor", "first": True}
    page = lead.get(edit_address(made)).content.decode()
    assert "How it came to be" in page and '&quot;doctor&quot;" selected' in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Either say when the flow applies, or make it the default"),
        ({"subject_kind": flows.KIND, "is_default": "on"}, "has a default flow already"),
        ({"subject_kind": "nothing"}, "not one of the available choices"),
        ({"key": "no good"}, "Enter a valid “slug”"),
        ({"applies_when-plan_submission-origin": "{broken"}, "Choose the conditions from the lists"),
    ],
)
def test_routing_that_cannot_stand_is_refused_at_its_field(flow, lead, changes, sentence):
    answer = lead.post(reverse("wagtailsnippets_workflows_flowdefinition:add"), new(**changes))
    assert answer.status_code == 200 and sentence in answer.content.decode()
    assert not FlowDefinition.objects.filter(key="second").exists()


def test_the_preview_draws_what_stands_in_the_editor_and_says_what_is_wrong(flow, lead):
    where = edit_address(flow, "preview_on_edit")
    changes = {"states-1-value-escalate_to": ""}
    assert lead.post(where, posted(flow, **changes)).json()["is_valid"]
    page = lead.get(where)
    text = page.content.decode()
    assert page.status_code == 200 and "<svg" in text and "Say who is told when the deadline passes" in text
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]


def test_the_preview_of_what_is_no_flow_yet_says_so(letters, lead):
    lead.post(
        reverse("wagtailsnippets_workflows_flowdefinition:add"),
        new(**{"applies_when-plan_submission-first": "true"}),
    )
    made = FlowDefinition.objects.get(key="second")
    where = edit_address(made, "preview_on_edit")
    lead.post(where, new(**{"applies_when-plan_submission-first": "true"}))
    assert "This is not a whole flow yet" in lead.get(where).content.decode()


@pytest.mark.parametrize("role", ["clinical_safety_officer", "ig_officer", "content_editor", "operator"])
def test_nobody_but_a_clinical_lead_edits_flows(flow, host, role):
    client = make.admin_client_of(make.staff(host, role=role))
    for view in ("edit", "delete", "history", "usage", "preview_on_edit"):
        for answer in (client.get(edit_address(flow, view)), client.post(edit_address(flow, view), posted(flow))):
            assert answer.status_code in (302, 403, 405), f"{view}: {answer.status_code}"
            assert answer.get("Location", "/admin/") == "/admin/"
    assert spec_now(flow) == flow.live_version.spec


@pytest.mark.parametrize("action", ["publish", "submit", "restart-workflow", "workflow-action"])
def test_wagtails_own_ways_of_publishing_are_shut(flow, lead, action):
    assert lead.post(edit_address(flow), posted(flow, **{f"action-{action}": "1"})).status_code in (302, 403)
    assert spec_now(flow) == flow.live_version.spec
    assert FlowDefinition.objects.get(pk=flow.pk).live_version_id == flow.live_version_id


def test_what_was_signed_or_proposed_is_not_deleted(flow, lead):
    lead.post(edit_address(flow, "delete"))
    assert FlowDefinition.objects.filter(pk=flow.pk).exists()


def test_a_file_brought_in_can_be_edited_at_once(flow, clinical_lead):
    from core import clock
    from workflows.services import definitions

    spec = flows.spec(label="Pass")
    content = {"key": flow.key, "name": flow.name, "subject_kind": flows.KIND, "is_default": True, "spec": spec}
    definitions.bring_in(by=clinical_lead, content=json.dumps(content).encode(), change_note="x", now=clock.now())
    assert spec_now(flow) == spec


def test_the_register_and_the_editor_lead_to_each_other(flow, lead):
    assert edit_address(flow) in lead.get(reverse("workflows:flow", args=[flow.key])).content.decode()
    page = lead.get(edit_address(flow)).content.decode()
    assert reverse("workflows:flow", args=[flow.key]) in page
    assert reverse("flows_propose", args=[flow.public_id]) in page


def test_which_flow_applies_when_names_the_flow_and_the_clashes(flow, lead, letters):

    letters.facts = (Fact("kind", "Kind", (("short", "Short"), ("long", "Long"))),)
    flows.live_flow(key="short", name="Short letters", applies_when={"kind": "short"}, priority=5)
    page = lead.get(reverse("workflows:routing")).content.decode()
    assert "Short letters" in page and "to mend" not in page.split("Letter")[1].split("</caption>")[0]
    flows.live_flow(key="brief", name="Brief letters", applies_when={"kind": "short"}, priority=5)
    assert "both claim this" in lead.get(reverse("workflows:routing")).content.decode()


def test_the_page_is_headed_by_the_flows_name_and_speaks_of_time_in_plain_words(flow, lead):
    FlowDefinition.objects.filter(pk=flow.pk).update(name="Letters passed by a doctor")
    page = lead.get(edit_address(flow)).content.decode()
    heading = page.split('id="header-title"')[1].split("</h1>")[0]
    assert "Letters passed by a doctor" in heading and flow.key not in heading.split("<span>")[1]
    for words in ("Deadlines count", "Working days only", "The clock stands still here"):
        assert words in page
    layout = StateStreamBlock().child_blocks["state"].meta.form_layout.children
    folded = [part for part in layout if isinstance(part, BlockGroup)]
    # Beside the heading Wagtail prints a summary, which would be the heading once more or a value out of context.
    assert {(part.heading, part.label_format) for part in folded} == {("When it takes too long", ""), ("More", "")}


@pytest.mark.parametrize("seed", read_seeds(), ids=lambda seed: seed["key"])
def test_the_delivered_flows_name_only_facts_and_items_there_are(seed):
    codes = {finding.code for finding in check(seed["spec"], seed).errors}
    assert codes == set()


def test_a_flow_for_what_nobody_states_or_asks_is_found(letters):
    spec = flows.spec(guards=flows.guards("not_author", "document_unchanged_since_read"), significant=["no-such-item"])
    found = check(spec, {"subject_kind": "plan_submission", "applies_when": {"orgin": "doctor"}})
    assert [finding.code for finding in found.errors] == ["unknown_fact"]
    careplans.form_version()
    found = check(spec, {"subject_kind": "plan_submission", "applies_when": {"origin": "doctor"}})
    assert [finding.code for finding in found.errors] == ["unknown_item"]
