"""Flows, and the people who shape and sign them in the administration."""

import pytest
from django.urls import reverse

from tests.factories import governance as make
from tests.factories.posting import stream
from tests.worlds import shared
from workflows.selectors import flow_drafts
from workflows.services import flow_sign_off


@shared
def other_lead(host):
    return make.staff(host, role="clinical_lead")


@pytest.fixture
def flow(letters, letter_flow, clinical_lead):
    return letter_flow.definition


PLAIN = ("name", "key", "title", "note", "subject_kind", "priority", "exemption")


def edit_address(flow, view="edit"):
    return reverse(flow.snippet_viewset.get_url_name(view), args=[flow.pk])


def posted(flow, **changes):
    """What saving the flow without touching anything posts; `changes` overwrites fields."""
    draft = flow_drafts.in_work(type(flow).objects.get(pk=flow.pk))
    data = {
        name: getattr(draft, name) for name in ("name", "key", "title", "note", "subject_kind", "priority", "exemption")
    }
    data |= {"is_default": "on"} if draft.is_default else {}
    block = draft._meta.get_field("states").stream_block
    return data | stream("states", block.get_prep_value(draft.states)) | changes


@pytest.fixture
def edited(flow, clinical_lead):
    """The flow, with another name of its waiting state in the draft."""
    client = make.admin_client_of(clinical_lead)
    changes = {"states-1-value-label": "With a doctor", "states-0-value-steps-0-value-to": "With a doctor"}
    assert client.post(edit_address(flow), posted(flow, **changes)).status_code == 302
    flow.refresh_from_db()
    return flow


@pytest.fixture
def candidate(edited, clinical_lead):
    return flow_sign_off.propose(definition=edited, change_note="Clearer", by=clinical_lead)
