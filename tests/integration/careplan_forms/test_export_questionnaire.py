"""`manage.py export_questionnaire`: a published form as a file, or a sentence."""

import json

import pytest
from django.core.management import call_command

from careplan_forms.schema.bringing import read_form
from careplan_forms.schema.fhir.meaning import same_meaning
from careplan_forms.schema.fhir.writing import export_questionnaire
from tests.integration.careplan_forms.designer.conftest import (  # noqa: F401
    candidate,
    definition,
    host,
    ig_officer,
    lead,
    live,
    safety_officer,
    sign_off,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            call_command("export_questionnaire", *arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        else:
            code = 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_the_live_version_is_written_as_a_questionnaire(run, live):  # noqa: F811
    code, out, _ = run("winter-plan")
    written = json.loads(out)

    assert code == 0
    assert (written["resourceType"], written["version"], written["status"]) == ("Questionnaire", "1", "active")
    assert same_meaning(written, export_questionnaire(live.document).resource) == []


def test_a_version_by_number_as_our_own_document_in_a_file(run, live, tmp_path):  # noqa: F811
    target = tmp_path / "form.json"
    code, out, _ = run("winter-plan", "--version", "1", "--format", "foreword", "--output", str(target))

    assert (code, out) == (0, "")
    assert read_form(target.read_bytes(), "foreword").report.imported
    assert json.loads(target.read_bytes()) == live.document


def test_the_report_goes_to_the_error_stream(run, live):  # noqa: F811
    _, _, told = run("winter-plan", "--report", "json")

    assert json.loads(told)["exported"] is True


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["winter-plan", "--version", "9"], ["winter-plan", "--version", "-1"]]
)
def test_what_is_not_there_is_a_sentence(run, live, arguments):  # noqa: F811
    code, out, told = run(*arguments)

    assert (code, out) == (1, "")
    assert told.startswith("There is no")


def test_a_file_that_cannot_be_written_is_a_sentence(run, live, tmp_path):  # noqa: F811
    code, _, told = run("winter-plan", "--output", str(tmp_path / "no" / "where.json"))

    assert code == 1 and "could not be written" in told
