"""Forms brought into the administration and sent out of it: the report first, then a draft; files by version."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from careplan_forms.models import FormDefinition
from careplan_forms.schema.document import sha256_of
from careplan_forms.schema.fhir.meaning import same_meaning
from careplan_forms.selectors.form_drafts import document_of
from careplan_forms.services import definitions
from tests.factories import governance as make
from tests.unit.careplan_forms.fhir.making import form, options, question
from tests.unit.careplan_forms.fhir.test_writing import EVERYTHING

pytestmark = pytest.mark.django_db
SMALL = form(question("a", "choice", answerOption=options("x", "y")), question("b", "string"), name="Small")


@pytest.fixture
def enter():
    """A browser of somebody who may enter the administration, second factor given."""

    return make.admin_client_of


def bring(client, content, **more):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(
        reverse("forms_bring"), {"file": SimpleUploadedFile("form.json", raw), "format": "auto", "text": "", **more}
    )


def keep(client, response, key):
    token = response.context["form"]["token"].initial
    return client.post(reverse("forms_bring_keep"), {"token": token, "key": key})


def test_the_report_comes_first_and_nothing_is_kept(enter, lead):
    response = bring(enter(lead), SMALL)

    assert response.status_code == 200
    assert "Nothing is kept yet" in response.content.decode()
    assert not FormDefinition.objects.exists()


def test_what_was_seen_is_kept_as_a_draft_under_the_key_that_was_chosen(enter, lead):
    client = enter(lead)
    response = keep(client, bring(client, SMALL), "my-small-form")

    definition = FormDefinition.objects.get(key="my-small-form")
    assert response.status_code == 302 and definition.live_version is None
    assert document_of(definition)["title"] == "A form"


def test_a_pasted_form_is_read_too(enter, lead):
    client = enter(lead)
    response = client.post(reverse("forms_bring"), {"text": json.dumps(SMALL), "format": "fhir"})

    assert response.context["counts"]["kept"] == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not valid JSON"),
        (b"PK\x03\x04\xff\xfe\x00zip", "not UTF-8"),
        (b" ", "is empty"),
        ({"resourceType": "Patient"}, "Patient"),
        (form(*[question(f"q{number}") for number in range(2001)]), "2,000 items"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"[" * 100_000, "nested too deeply"),
        ({"sections": [{"key": 3}]}, "wrong shape"),
        ({"dataset": 4}, "does not hold a dataset"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_nothing_is_kept(enter, lead, content, said):
    response = bring(enter(lead), content)

    assert response.status_code == 400
    assert said in response.content.decode()
    assert not FormDefinition.objects.exists()


def test_a_key_that_is_taken_is_refused_with_the_report_still_there(enter, lead):
    client = enter(lead)
    keep(client, bring(client, SMALL), "small")
    response = keep(client, bring(client, SMALL), "small")

    assert response.status_code == 400
    assert "already a form called small" in response.content.decode()
    assert FormDefinition.objects.count() == 1


def test_hostile_words_are_shown_as_words(enter, lead):
    hostile = form(question("x", text="<script>alert(1)</script>Hello"), question("<img src=x onerror=alert(1)>"))
    page = bring(enter(lead), hostile).content.decode()

    assert "<img src=x" not in page and "alert(1)</script>" not in page


def test_what_somebody_else_brought_cannot_be_kept(enter, lead, other_lead):
    response = bring(enter(lead), SMALL)
    kept = keep(enter(other_lead), response, "small")

    assert kept.status_code == 400
    assert not FormDefinition.objects.exists()


def test_only_those_who_make_forms_bring_them_in(enter, safety_officer):
    client = enter(safety_officer)

    assert bring(client, SMALL).status_code == 403
    assert client.get(reverse("forms_bring")).status_code == 403
    assert client.post(reverse("forms_bring_keep"), {"token": "x", "key": "y"}).status_code == 403


def test_a_form_goes_in_is_published_and_comes_out_the_same(enter, lead, sign_off):
    client = enter(lead)
    keep(client, bring(client, EVERYTHING), "everything")
    definition = FormDefinition.objects.get(key="everything")
    version = sign_off(definitions.create_candidate(definition=definition, by=lead))
    response = client.get(reverse("forms_export", args=[definition.public_id, "1", "fhir"]))
    out = json.loads(response.content)

    assert same_meaning(EVERYTHING, out) == []
    assert (out["version"], out["status"], out["url"]) == ("1", "active", "https://example.org/form")
    assert response["Content-Disposition"] == 'attachment; filename="everything-v1.questionnaire.json"'

    response = client.get(reverse("forms_export", args=[definition.public_id, "1", "foreword"]))
    assert sha256_of(json.loads(response.content)) == version.sha256


def test_our_own_document_comes_back_in_under_another_key(enter, lead, live):
    client = enter(lead)
    definition = live.definition
    sent = client.get(reverse("forms_export", args=[definition.public_id, "1", "foreword"])).content
    keep(client, bring(client, sent), "second")
    first, second = document_of(definition), document_of(FormDefinition.objects.get(key="second"))

    assert second["title"] == first["title"]
    assert [item["uid"] for item in second["sections"][0]["items"]] == [
        item["uid"] for item in first["sections"][0]["items"]
    ]


@pytest.mark.parametrize(("number", "format"), [("9", "fhir"), ("x", "fhir"), ("9" * 30, "fhir"), ("1", "zip")])
def test_a_version_or_format_that_is_not_there_is_not_found(enter, lead, live, number, format):
    response = enter(lead).get(reverse("forms_export", args=[live.definition.public_id, number, format]))

    assert response.status_code == 404


def test_the_versions_page_offers_both_files(enter, lead, live):
    page = enter(lead).get(reverse("forms_versions", args=[live.definition.public_id])).content.decode()

    assert reverse("forms_export", args=[live.definition.public_id, "1", "fhir"]) in page
    assert reverse("forms_export", args=[live.definition.public_id, "1", "foreword"]) in page
