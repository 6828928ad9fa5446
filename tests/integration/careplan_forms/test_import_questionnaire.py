"""`manage.py import_questionnaire`: a stranger's form becomes a draft, or a sentence."""

import json

import pytest
from django.core.management import call_command

from careplan_forms import seeds
from careplan_forms.models import FormDefinition
from careplan_forms.schema.document import normalise
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.selectors.form_drafts import document_of
from careplan_forms.services import definitions
from governance.actors import Actor
from governance.models import AuditEvent
from tests.unit.careplan_forms.fhir.making import control, form, options, question

pytestmark = pytest.mark.django_db

RICH = form(
    question("yes", "boolean", required=True),
    question(
        "g",
        "group",
        prefix="1.",
        enableWhen=[{"question": "yes", "operator": "!=", "answerBoolean": False}],
        item=[
            question("a", "choice", repeats=True, answerOption=options("x", "y")),
            question("b", "open-choice", answerValueSet="#v"),
            question("c", "decimal", maxLength=3, initial=[{"valueDecimal": 1}]),
            question("d", "string", repeats=True, item=[question("e", "date")]),
            question("f", "string", item=[question("help", "display", extension=[control("help")])]),
        ],
    ),
    *[question(f"q{number}", "quantity") for number in range(50)],
    contained=[
        {
            "resourceType": "ValueSet",
            "id": "v",
            "compose": {"include": [{"system": "https://s", "concept": [{"code": "1", "display": "One"}]}]},
        }
    ],
    publisher="Somebody",
    name="Rich",
)


@pytest.fixture
def run(tmp_path, capsys):
    def run(content: object, *options: str) -> tuple[int, str]:
        path = tmp_path / "form.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        try:
            call_command("import_questionnaire", str(path), *options)
        except SystemExit as stop:
            return int(stop.code or 0), capsys.readouterr().out
        return 0, capsys.readouterr().out

    return run


def test_a_questionnaire_becomes_a_draft_that_says_the_same(run):
    code, printed = run(RICH)

    definition = FormDefinition.objects.get(key="rich")
    assert code == 0
    assert "Kept as the draft of the form “rich”." in printed
    assert definition.live_version is None
    assert document_of(definition) == normalise(read_questionnaire(RICH).document)
    assert AuditEvent.objects.filter(action="form.created").count() == 1


def test_a_dry_run_keeps_nothing(run):
    code, printed = run(RICH, "--dry-run")

    assert code == 0
    assert printed.startswith("Imported “A form”: 59 items")
    assert not FormDefinition.objects.exists()


def test_the_report_as_data_names_every_item(run):
    code, printed = run(RICH, "--report", "json")

    report = json.loads(printed)
    assert code == 0
    assert report["imported"] is True
    assert report["form"] == "rich"
    assert len(report["items"]) == 59
    assert sum(report["counts"].values()) == 59


@pytest.mark.parametrize("content", [b"{", b"", {"resourceType": "Patient"}, form()])
def test_a_refused_file_ends_with_one_and_keeps_nothing(run, content):
    code, printed = run(content)

    assert code == 1
    assert printed.startswith("Not imported. ")
    assert not FormDefinition.objects.exists()


def test_a_file_that_is_not_there_is_a_sentence(capsys, tmp_path):
    with pytest.raises(SystemExit) as stop:
        call_command("import_questionnaire", str(tmp_path / "missing.json"))

    assert stop.value.code == 1
    assert "could not be read" in capsys.readouterr().out


def test_the_same_form_a_second_time_is_refused(run):
    run(RICH)
    code, printed = run(RICH)

    assert code == 1
    assert "already a form called rich. Give this one another key." in printed
    assert FormDefinition.objects.count() == 1


def test_the_same_form_a_second_time_is_kept_under_another_key(run):
    run(RICH)
    code, printed = run(RICH, "--key", "rich-2")

    assert code == 0
    assert "Kept as the draft of the form “rich-2”." in printed
    assert {row.key for row in FormDefinition.objects.all()} == {"rich", "rich-2"}


def test_a_file_too_large_is_not_called_as_large_as_is_allowed(run):
    code, printed = run(b"{" + b" " * 6_000_000 + b"}")

    assert code == 1
    assert "larger than 5 MB" in printed


@pytest.mark.parametrize("key", ["a b", "../x", "<x>", "x" * 101])
@pytest.mark.parametrize("place", ["form", "section", "value_set"])
def test_a_key_that_no_address_can_hold_is_refused(run, key, place):
    document = normalise(read_questionnaire(RICH).document)
    [listed] = document["value_sets"].values()
    {"form": document, "section": document["sections"][0], "value_set": listed}[place]["key"] = key
    code, printed = run(document)

    assert code == 1
    assert any(said in printed for said in ("wrong shape at key", "longer than 100", "letters, numbers and hyphens"))
    assert not FormDefinition.objects.exists()


def test_a_page_that_cannot_be_divided_is_refused_whole(run):
    code, printed = run(form(question("r", "group", repeats=True, item=[question(f"q{n}") for n in range(60)])))

    assert code == 1
    assert "40 is the most" in printed
    assert not FormDefinition.objects.exists()


def test_the_seeded_plan_comes_back_from_the_designer_unchanged():
    document = seeds.form("urgent-care-plan")

    definition = definitions.create_from_document(by=Actor.job("seed"), document=document)

    assert document_of(definition) == normalise(document)


def test_weights_and_words_of_options_stay_with_them_in_the_designer():
    told = {"extension": [{"url": "lang", "valueCode": "cy"}, {"url": "content", "valueString": "Da"}]}
    translated = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", **told}]}
    weight = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 3}]}
    good = {"code": "g", "display": "Good", "_display": translated, **weight}
    source = form(
        question("own", "choice", answerOption=[{"valueCoding": good | {"system": "https://s"}}]),
        question("shared", "choice", answerValueSet="#v"),
        contained=[
            {
                "resourceType": "ValueSet",
                "id": "v",
                "compose": {"include": [{"system": "https://s", "concept": [good]}]},
            }
        ],
    )
    definition = definitions.create_from_document(by=Actor.job("import"), document=read_questionnaire(source).document)

    document = document_of(definition)

    [own] = document["sections"][0]["items"][0]["options"]
    [shared] = next(iter(document["value_sets"].values()))["options"]
    for option in (own, shared):
        assert (option["score"], option["translations"]) == (3, {"cy": {"display": "Da"}})


def test_a_record_standard_is_read_by_its_shape(run):
    code, printed = run({"dataset": [{"name": "Visits", "concept": [{"type": "item", "name": "When"}]}]}, "--dry-run")

    assert code == 0
    assert printed.startswith("Imported “Visits”: 1 item (")


def test_a_format_that_does_not_fit_is_refused(run):
    code, printed = run(RICH, "--format", "foreword")

    assert code == 1
    assert "not a Foreword form document" in printed
