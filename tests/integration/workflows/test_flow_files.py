"""A flow leaves as a file and comes back as the next version, which nobody uses before it is signed."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from governance.models import AuditEvent
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from workflows.models import FlowDefinition, FlowVersion

pytestmark = pytest.mark.usefixtures("letters")


def page_of(answer):
    return BeautifulSoup(answer.content, "html.parser")


@pytest.fixture
def downloaded(db, ig_officer):
    """The live flow as the IG officer downloads it, parsed."""
    flows.live_flow()
    answer = client_of(ig_officer).get(reverse("workflows:flow_file", args=["letter", 1]))
    assert answer["Content-Disposition"] == 'attachment; filename="letter-v1.json"'
    return json.loads(answer.content)


def bring(lead, document, note="Longer deadline"):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    file = SimpleUploadedFile("flow.json", content)
    return client_of(lead).post(reverse("workflows:bring"), {"file": file, "change_note": note})


def test_a_changed_file_becomes_the_next_version_and_the_live_one_stays(downloaded, clinical_lead):
    downloaded["spec"]["states"][1]["due_hours"] = 96
    answer = bring(clinical_lead, downloaded)
    made = FlowVersion.objects.get(number=2)
    assert answer["Location"] == reverse("workflows:version", args=["letter", 2])
    assert (made.change_note, made.created_by_id) == ("Longer deadline", clinical_lead.user_id)
    assert FlowDefinition.objects.get().live_version.number == 1
    assert AuditEvent.objects.filter(action="flow.version_created").exists()


def test_the_same_again_is_refused(downloaded, clinical_lead):
    page = page_of(bring(clinical_lead, downloaded))
    assert "Version 1 of this flow says the same already" in page.select_one(".nhsuk-error-summary").text
    assert FlowVersion.objects.count() == 1


def test_a_file_for_a_new_flow_makes_its_definition(downloaded, clinical_lead):
    downloaded |= {"key": "short-letter", "is_default": False, "applies_when": {"short": True}, "priority": 5}
    assert bring(clinical_lead, downloaded).status_code == 302
    made = FlowDefinition.objects.get(key="short-letter")
    assert made.applies_when == {"short": True} and made.live_version is None


def test_a_signed_flow_is_not_led_elsewhere_by_a_file(downloaded, clinical_lead):
    downloaded |= {"is_default": False, "applies_when": {"short": True}}
    downloaded["spec"]["title"] = "Another"
    assert "has been signed, so what it applies to stays" in page_of(bring(clinical_lead, downloaded)).text
    assert FlowVersion.objects.count() == 1 and FlowDefinition.objects.get().is_default


def test_an_unsound_flow_is_kept_with_what_has_to_be_mended_and_cannot_be_signed(
    downloaded, clinical_lead, safety_officer
):
    downloaded["spec"]["transitions"] = downloaded["spec"]["transitions"][:1]
    answer = bring(clinical_lead, downloaded)
    page = page_of(client_of(safety_officer).get(answer["Location"]))
    assert "A case would stay here for ever: nothing leads on." in page.text
    assert not page.select("main form[method=post] input[name=sha256]")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not json", "This is not JSON: line 1, column 1"),
        (b"", "The file is empty. Choose another"),
        (b" " * (1024 * 1024 + 1), "The file is larger than 1 MB"),
        (b'{"key":"x","name":"<b>","subject_kind":"x","spec":{"spec_version":9}}', "only version 1 is understood"),
    ],
)
def test_what_is_no_flow_is_refused_at_the_field_and_the_note_stays(clinical_lead, content, said):
    page = page_of(bring(clinical_lead, content, note="Why it changes"))
    assert said in page.select_one(".nhsuk-error-summary").text
    assert page.select_one(".nhsuk-error-summary a")["href"] == "#id_file"
    assert page.select_one("[name=change_note]").text.strip() == "Why it changes"
    assert not FlowVersion.objects.exists()


def test_an_unknown_kind_of_subject_makes_nothing(downloaded, clinical_lead):
    downloaded |= {"key": "other", "subject_kind": "nobody"}
    assert "Choose a kind of subject from the list" in page_of(bring(clinical_lead, downloaded)).text
    assert FlowDefinition.objects.count() == 1


@pytest.mark.parametrize("who", ["nurse", "ig_officer", "paramedic"])
def test_only_the_clinical_lead_brings_flows_in(request, downloaded, who):
    downloaded["spec"]["title"] = "Another"
    assert bring(request.getfixturevalue(who), downloaded).status_code == 403
    assert FlowVersion.objects.count() == 1
