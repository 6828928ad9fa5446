"""Lists of answers in the administration: codes checked, published answers kept, use counted, files brought."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError

from careplan_forms.block_options import AnswerStreamBlock, options_of
from careplan_forms.forms.value_sets import lost_in
from careplan_forms.models import AnswerFact, FormDefinition, ValueSet
from careplan_forms.selectors.form_drafts import draft_of, value_set_in
from careplan_forms.selectors.value_set_use import options_in_use, places_using, published_options
from careplan_forms.services import definitions, value_sets
from core.exceptions import NotAllowed, Refused
from tests.factories import careplan_forms as care
from tests.factories import governance as make
from tests.integration.careplan_forms.designer.conftest import document
from workflows.models import DraftAuthor

pytestmark = pytest.mark.django_db
SCT = "http://snomed.info/sct"
CONCEPTS = [{"code": "450475007", "display": "Attempt CPR"}, {"code": "450476008", "display": "Do not attempt CPR"}]


def fhir(*concepts, **more):
    include = [{"system": SCT, "concept": list(concepts or CONCEPTS)}]
    return {"resourceType": "ValueSet", "id": "cpr-list", "title": "CPR list", "compose": {"include": include}, **more}


@pytest.fixture
def browser(lead):
    return make.admin_client_of(lead)


def bring(client, content, **more):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(
        reverse("forms_value_set_bring"), {"file": SimpleUploadedFile("v.json", raw), "text": "", **more}
    )


def answers(*options):
    stream = [
        {
            "type": "option",
            "id": each.pop("id"),
            "value": {"display": "A", "code": "a", "system": "", "status": "active"} | each,
        }
        for each in options
    ]
    block = AnswerStreamBlock()
    return options_of(block.get_prep_value(block.clean(block.to_python(stream))))


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"code": "450475008", "system": SCT}, "check digit is wrong"),
        ({"code": "8480-5", "system": "http://loinc.org"}, "It reads like 8480-6"),
        ({"code": "I5", "system": "http://hl7.org/fhir/sid/icd-10"}, "like I50.0"),
        ({"code": "323509005", "system": "https://dmd.nhs.uk"}, "dm+d"),
        ({"retired_on": "2027-02-30", "status": "retired"}, "Enter a real day"),
        ({"retired_on": "2027-02-20"}, "No longer offered"),
        ({"replaced_by": "zzz", "status": "retired"}, "Enter the code of another answer"),
        ({"replaced_by": "a", "status": "retired"}, "in a circle"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_at_its_field(option, sentence):
    with pytest.raises(StreamBlockValidationError) as raised:
        answers({"id": "1"} | option)
    assert sentence in str(raised.value.as_json_data())


def test_a_chain_of_replacements_may_be_typed_by_codes():
    found = answers(
        {"id": "1", "code": "a", "status": "retired", "replaced_by": "b", "retired_on": "2026-01-01"},
        {"id": "2", "code": "b", "status": "retired", "replaced_by": "c"},
        {"id": "3", "code": "c"},
    )
    assert [each["replaced_by"] for each in found] == ["2", "3", None]


def test_the_report_comes_first_and_a_new_edition_retires(browser, lead):
    first = bring(browser, fhir())
    assert "Nothing is kept yet" in first.content.decode() and not ValueSet.objects.exists()
    token = first.context["form"]["token"].initial
    kept = browser.post(reverse("forms_value_set_keep"), {"token": token, "key": "cpr-list", "shown": "cpr-list"})
    assert kept.status_code == 302
    assert DraftAuthor.objects.filter(kind="valueset", user_id=lead.user_id).exists()

    again = bring(browser, fhir(CONCEPTS[0], {"code": "304253006", "display": "Not for CPR"}), key="cpr-list")
    page = again.content.decode()
    assert "Added: “Not for CPR”" in page and "still readable: “Do not attempt CPR”" in page
    assert [each["status"] for each in value_set_in(draft_of(ValueSet.objects.get()))["options"]] == ["active"] * 2


def test_another_key_is_shown_before_it_is_kept(browser):
    token = bring(browser, fhir()).context["form"]["token"].initial
    shown = browser.post(reverse("forms_value_set_keep"), {"token": token, "key": "other", "shown": "cpr-list"})
    assert shown.status_code == 200 and not ValueSet.objects.exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"{", b'{"resourceType": "ValueSet"}', b"[]"])
def test_what_cannot_be_brought_is_refused_and_nothing_kept(browser, content):
    response = bring(browser, content)
    assert response.status_code == 400
    assert "Nothing was kept" in response.content.decode()
    assert not ValueSet.objects.exists()


def test_only_leads_bring_lists(safety_officer):
    with pytest.raises(NotAllowed):
        value_sets.take_over_edition(brought={"options": []}, key="a", by=safety_officer)


@pytest.mark.parametrize("key", ["", "Two Words", "x" * 101, "../up"])
def test_a_key_is_a_key(lead, key):
    with pytest.raises(Refused):
        value_sets.take_over_edition(brought={"options": []}, key=key, by=lead)


def test_a_published_answer_is_neither_deleted_nor_recoded():
    published = {"id": "1", "code": "a", "system": "s", "display": "A"}
    assert "cannot be deleted" in lost_in(published, None)
    assert "Put that code back" in lost_in(published, published | {"code": "b"})
    assert lost_in(published, published | {"display": "B", "status": "retired"}) == ""


def test_use_is_counted_over_approved_answers_and_places_are_named(lead, sign_off, browser):
    form = definitions.create_from_document(document=document(), by=lead)
    sign_off(definitions.create_candidate(definition=form, by=lead))
    key, options = next(iter(document()["value_sets"].items()))
    row = ValueSet.objects.get(key=key)
    version = FormDefinition.objects.get().versions.get()
    uid = next(
        each["uid"] for section in version.document["sections"] for each in section["items"] if each["value_set"] == key
    )
    code = options["options"][0]["code"]
    nurse = make.staff(make.organisation(), role="clinician")
    plans = [care.plan(nurse), care.plan(nurse)]
    for plan, asked in ((plans[0], uid), (plans[0], uid), (plans[1], uid), (plans[1], "another")):
        AnswerFact.objects.create(plan=plan, version_number=1, item_uid=asked, code=code)

    assert options_in_use(row)[0].plans == 2
    assert options_in_use(row)[0].published
    assert set(published_options(key)) == {each["id"] for each in version.document["value_sets"][key]["options"]}
    assert places_using(row)[0].forms == ("Winter plan",)
    page = browser.get(reverse("forms_value_set_use", args=[key])).content.decode()
    assert "2 plans" in page and "Winter plan" in page


def test_an_unknown_list_is_absent(browser):
    assert browser.get(reverse("forms_value_set_use", args=["nothing"])).status_code == 404


def test_the_command_says_and_keeps(tmp_path, capsys):
    path = tmp_path / "list.json"
    path.write_text(json.dumps(fhir()))
    call_command("import_value_set", path, dry_run=True)
    assert not ValueSet.objects.exists()
    capsys.readouterr()
    call_command("import_value_set", path, key="mine", report="json")
    assert json.loads(capsys.readouterr().out)["changes"]["added"] == ["Attempt CPR", "Do not attempt CPR"]
    assert ValueSet.objects.get().key == "mine"


def test_the_command_tells_what_it_left_out_and_what_it_cannot_read(tmp_path):
    path = tmp_path / "list.json"
    path.write_text(json.dumps(fhir(*CONCEPTS, {"code": "1"})))
    with pytest.raises(SystemExit) as left_out:
        call_command("import_value_set", path)
    with pytest.raises(CommandError) as unread:
        call_command("import_value_set", tmp_path / "nothing.json")
    assert (left_out.value.code, unread.value.returncode) == (1, 2)
