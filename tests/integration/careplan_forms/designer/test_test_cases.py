"""Test cases in the administration: kept from a preview, ticked, run, and standing in the way of a proposal."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from careplan_forms import seeds
from careplan_forms.models import FormTestCase
from careplan_forms.schema.cases import read_cases
from careplan_forms.selectors import form_drafts, form_tests
from careplan_forms.services import definitions
from careplan_forms.services import form_tests as services
from core.exceptions import NotAllowed, Refused
from governance.models import AuditEvent
from tests.chance import without_ids
from tests.factories import governance as make
from tests.integration.careplan_forms.designer.conftest import document
from tests.integration.careplan_forms.designer.posting import section_form
from tests.integration.careplan_forms.designer.test_doors import address
from tests.worlds import shared
from workflows.models import DraftAuthor

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 3, 1)
COLD = {"code": "C", "system": "urn:foreword:warmth", "display": "Too cold"}
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'


def client(actor):
    """A browser of somebody whose place in the administration follows their role."""
    return make.admin_client_of(actor)


@pytest.fixture
def browser(lead):
    return client(lead)


def keep(definition, by, title="Somebody cold", answers=None, expects=None):
    row = services.keep_case(definition=definition, title=title, today=DAY, answers=answers or {}, by=by)
    return services.change_case(row=row, expects=expects, by=by) if expects else row


def to(name, definition, *more, query=""):
    return reverse(f"forms_{name}", args=[definition.public_id, *more]) + query


# Keeping a case by filling the form in


def test_answers_typed_into_the_preview_are_kept_and_what_they_show_is_ticked(browser, definition, lead):
    typed = {"q-u-warm": "cold", "q-u-why": "No coal", "_then": "keep", "_title": "Somebody cold"}
    kept = browser.post(to("preview", definition, query="?as=patient&day=2027-03-01"), typed)
    row = definition.test_cases.get()
    assert kept.status_code == 302 and kept["Location"] == to("test", definition, row.public_id)
    assert (row.title, row.key, row.today, row.audience, row.expects) == (
        "Somebody cold", "somebody-cold", DAY, "patient", {},
    )  # fmt: skip
    assert (
        row.answers["u-warm"]["code"] == "C" and row.answers["u-why"] == "No coal" and row.changed_by_id == lead.user_id
    )
    page = browser.get(kept["Location"]).content.decode()
    assert (
        "“Why not?” is shown. Shown because “Is it warm?” is “Too cold”." in page and "urn:foreword:warmth" not in page
    )
    saved = browser.post(kept["Location"], {"title": "Cold", "expect": ["visible:u-why", "complete:", "made:up"]})
    row.refresh_from_db()
    assert saved.status_code == 302 and row.title == "Cold"
    assert row.expects == {"visible": ["u-why"], "complete": True}
    assert AuditEvent.objects.filter(action="form.test_changed").exists() and row.history.count() == 2


def test_showing_what_answers_do_keeps_nothing(browser, definition):
    page = browser.post(to("preview", definition), {"q-u-warm": "cold", "_then": "show"}).content.decode()
    assert "Shown because “Is it warm?” is “Too cold”." in page and not FormTestCase.objects.exists()


def test_a_button_of_a_repeat_works_in_the_preview(browser, definition):
    page = browser.post(
        to("preview", definition), {"q-u-people": "1", "q-u-people__1__u-name": "Ann", "_add": "u-people"}
    )
    assert page.status_code == 200 and page.content.decode().count('name="q-u-people"') == 2


@pytest.mark.parametrize("title", ["", "  ", "somebody COLD"])
def test_a_case_needs_a_name_of_its_own_and_nothing_typed_is_lost(browser, definition, lead, title):
    keep(definition, lead)
    page = browser.post(
        to("preview", definition), {"q-u-warm": "cold", "q-u-why": "Coal", "_then": "keep", "_title": title}
    )
    said = page.content.decode()
    assert page.status_code == 400 and "There is a problem" in said and "Coal" in said and 'href="#_title"' in said
    assert definition.test_cases.count() == 1


def test_the_answers_of_a_case_are_changed_in_the_form(browser, definition, lead):
    row = keep(definition, lead, answers={"u-warm": COLD})
    where = to("preview", definition, query=f"?person={row.key}&as=clinician")
    assert "Save these answers to “Somebody cold”" in browser.get(where).content.decode()
    browser.post(where, {"q-u-warm": "warm", "_then": "update"})
    row.refresh_from_db()
    assert row.answers["u-warm"]["code"] == "W"


def test_an_expectation_that_fails_can_be_dropped_or_turned(browser, definition, lead):
    row = keep(definition, lead, expects={"visible": ["u-why"], "errors": []})
    page = browser.get(to("test", definition, row.public_id)).content.decode()
    assert (
        "This case fails" in page and "“Why not?” must be shown. Hidden because “Is it warm?” is not answered." in page
    )
    browser.post(
        to("test", definition, row.public_id), {"title": row.title, "expect": ["kept-errors:", "hidden:u-why"]}
    )
    row.refresh_from_db()
    assert row.expects == {"errors": [], "hidden": ["u-why"]}


def test_the_list_runs_every_case_against_the_present_drafts(browser, definition, lead):
    keep(definition, lead, expects={"hidden": ["u-why"]})
    keep(definition, lead, title="Wrong", expects={"visible": ["u-why"]})
    page = browser.get(to("tests", definition)).content.decode()
    assert "2 test cases, 1 fails." in page and "must be shown" in page
    home = form_drafts.sections_of(definition)[0]
    browser.post(address(home), section_form(home, **{"items-1-deleted": "1"}))
    page = browser.get(to("tests", definition)).content.decode()
    assert "2 fail." in page and "this form has no such question" in page


def test_deleting_asks_first(browser, definition, lead):
    row = keep(definition, lead)
    where = to("test_delete", definition, row.public_id)
    assert browser.get(where).status_code == 200 and definition.test_cases.exists()
    assert browser.post(where).status_code == 302 and not definition.test_cases.exists()
    assert FormTestCase.history.filter(history_type="-").count() == 1


def test_dates_are_judged_on_the_day_of_the_case(ucp, lead):
    definition, browser = ucp, client(lead)
    where = to("preview", definition, query="?person=at-home-no-cpr")
    date = {"q-cpr-decided-on__day": "20", "q-cpr-decided-on__month": "2", "q-cpr-decided-on__year": "2027"}
    typed = date | {"_then": "update", "_shown": "q-cpr-decided-on"}
    assert browser.post(where, typed).status_code == 302
    assert browser.post(where + "&day=2027-02-19", typed).status_code == 400


# Sign-off


def test_a_failing_case_refuses_the_proposal(browser, definition, lead):
    keep(definition, lead, title="Wrong", expects={"visible": ["u-why"]})
    with pytest.raises(Refused, match="Wrong"):
        definitions.create_candidate(definition=definition, change_note="First", by=lead)
    assert not definition.candidates.exists()
    assert "must be shown" in browser.get(reverse("forms_propose", args=[definition.public_id])).content.decode()


def test_a_candidate_keeps_the_cases_as_they_were(definition, lead):
    row = keep(definition, lead, expects={"hidden": ["u-why"]})
    candidate = definitions.create_candidate(definition=definition, change_note="First", by=lead)
    before = json.dumps(candidate.tests, sort_keys=True)
    assert candidate.tests[0]["name"] == row.title and candidate.tests[0]["passed"]
    assert candidate.tests[0]["case"]["expects"] == {"hidden": ["u-why"]}
    services.change_case(row=row, title="Other", expects={"visible": ["u-why"]}, by=lead)
    services.delete_case(row=row, by=lead)
    candidate.refresh_from_db()
    assert json.dumps(candidate.tests, sort_keys=True) == before


def test_whoever_changes_a_case_is_an_author(definition, other_lead):
    keep(definition, other_lead)
    assert DraftAuthor.objects.filter(kind="formdefinition", object_id=definition.pk, user=other_lead.user_id).exists()
    assert other_lead.user_id in form_drafts.authors_since_live(definition)


# Who may


def test_only_who_may_edit_the_form_changes_cases_and_signers_read_them(definition, lead, safety_officer, host):
    row = keep(definition, lead)
    reader, outsider = client(safety_officer), client(make.staff(host, role="content_editor"))
    for name, more in (("tests", ()), ("test", (row.public_id,)), ("preview", ()), ("tests_export", ())):
        assert reader.get(to(name, definition, *more)).status_code == 200, name
        assert outsider.get(to(name, definition, *more)).status_code == 403, name
    assert "Keep as test case" not in reader.get(to("preview", definition)).content.decode()
    for each in (reader, outsider):
        kept = each.post(to("preview", definition), {"_then": "keep", "_title": "Mine"})
        changed = each.post(to("test", definition, row.public_id), {"title": "Mine"})
        gone = each.post(to("test_delete", definition, row.public_id))
        assert {kept.status_code, changed.status_code, gone.status_code} == {403}
    assert [each.title for each in definition.test_cases.all()] == ["Somebody cold"]
    with pytest.raises(NotAllowed):
        services.bring_cases(definition=definition, cases=[], by=safety_officer)


def test_a_case_of_another_form_is_absent(browser, definition, lead):
    other = definitions.create_from_document(document=document(key="summer-plan", value_sets={}), by=lead)
    row = keep(other, lead)
    for name in ("test", "test_delete"):
        assert browser.get(to(name, definition, row.public_id)).status_code == 404
        assert browser.post(to(name, definition, row.public_id), {"title": "x"}).status_code == 404
    assert "Somebody cold" not in browser.get(to("preview", definition, query=f"?person={row.key}")).content.decode()


@pytest.mark.parametrize(
    "query", ["?as=nobody&role=king&day=yesterday&person=gone", "?as=patient&role=&day=", "?as=paper:x"]
)
def test_a_strange_address_shows_the_plain_preview(browser, definition, query):
    assert browser.get(to("preview", definition, query=query)).status_code == 200


def test_hostile_texts_stay_texts(browser, definition, lead):
    row = keep(
        definition,
        lead,
        title=HOSTILE,
        answers={"u-why": HOSTILE, "u-warm": COLD, HOSTILE: HOSTILE},
        expects={"visible": [HOSTILE]},
    )
    paths = [
        to("tests", definition),
        to("test", definition, row.public_id),
        to("test_delete", definition, row.public_id),
    ]
    paths += [
        to("preview", definition, query=f"?person={row.key}&as={mode}")
        for mode in ("clinician", "patient", "emergency", "paper")
    ]
    for path in paths:
        page = browser.get(path)
        assert (
            page.status_code == 200
            and "<script>alert" not in page.content.decode()
            and ">49<" not in page.content.decode()
        )


# The four previews, and the panel


@shared
def ucp(lead):
    """The urgent care plan in the designer, with its cases."""
    made = definitions.create_from_document(document=seeds.form("urgent-care-plan"), by=lead)
    services.bring_cases(definition=made, cases=read_cases(seeds.test_cases_of(made.key)), by=lead)
    return made


def test_the_four_previews_of_the_urgent_care_plan(ucp, lead):
    definition, browser = ucp, client(lead)
    assert all(row["passed"] for row in form_tests.runs_for_sign_off(definition, form_drafts.document_of(definition)))

    def seen(mode, person="at-home-no-cpr"):
        return browser.get(to("preview", definition, query=f"?as={mode}&person={person}")).content.decode()

    assert "Why is this shown?" in seen("clinician") and "Shown because “What is the CPR decision?” is" in seen(
        "clinician"
    )
    assert "Why is this shown?" in seen("patient")
    for mode in ("emergency", "paper"):
        page = seen(mode)
        assert "Do not attempt CPR" in page and "EXAMPLE, Robin" in page and "This is a preview." in page
        assert "CPR decision not recorded" in seen(mode, "") and "Show key safe code" not in seen(mode, "key-safe")
        assert "0000" not in without_ids(seen(mode, "key-safe"))
    panel = dict(definition.preview_modes)
    assert {"clinician", "patient", "emergency", "paper", "emergency:at-home-no-cpr"} <= panel.keys()
    section = form_drafts.sections_of(definition)[0]
    assert "paper:at-home-no-cpr" in dict(section.preview_modes)


def test_the_panel_draws_every_mode_in_a_frame(ucp, lead, rf):
    section = next(each for each in form_drafts.sections_of(ucp) if each.key == "cpr")
    request = rf.get("/")
    request.actor, request.user = lead, None
    for row in (ucp, section):
        for mode in (
            "clinician",
            "patient",
            "emergency",
            "paper",
            "clinician:at-home-no-cpr",
            "emergency:at-home-no-cpr",
        ):
            page = row.serve_preview(request, mode)
            assert page.status_code == 200 and page._csp_replace == {"frame-ancestors": ["'self'"]}, mode
    said = section.serve_preview(request, "clinician:at-home-no-cpr").content.decode()
    assert "When was the decision made?" in said and "Family name" not in said
    assert "Do not attempt CPR" in section.serve_preview(request, "emergency:at-home-no-cpr").content.decode()


# Commands and files


@pytest.fixture
def form_file(tmp_path):
    data = {
        "document": document(),
        "test_cases": [{"key": "a", "title": "A", "today": "2027-03-01", "expects": {"hidden": ["why"]}}],
    }

    def write(**changes):
        path = tmp_path / "form.json"
        path.write_text(json.dumps(data | changes), encoding="utf-8")
        return str(path)

    return write


def code_of(*arguments):
    try:
        call_command(*arguments)
    except SystemExit as stop:
        return stop.code
    except CommandError as error:
        return error.returncode
    return 0


def test_exported_and_run_again_from_the_file(browser, definition, lead, tmp_path, capsys):
    keep(definition, lead, answers={"u-warm": COLD}, expects={"visible": ["why"]})
    file = tmp_path / "out.json"
    file.write_bytes(browser.get(to("tests_export", definition)).content)
    assert code_of("test_form", str(file)) == 0 and "1 test cases, 0 failed" in capsys.readouterr().out
    assert code_of("test_form", definition.key, "--draft") == 0 and code_of("lint_form", definition.key, "--draft") == 0
    assert code_of("test_form", definition.key) == 2 and code_of("test_form", "no-such-form") == 2


def test_exit_codes_and_formats(form_file, capsys, tmp_path):
    assert code_of("test_form", form_file()) == 0
    red = [
        {
            "key": "a",
            "title": HOSTILE + "\x01",
            "today": "2027-03-01",
            "expects": {"visible": ["why"], "hidden": ["gone"]},
        }
    ]
    assert code_of("test_form", form_file(test_cases=red)) == 1
    capsys.readouterr()
    assert code_of("test_form", form_file(test_cases=red), "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["passed"] is False
    assert code_of("test_form", form_file(test_cases=red), "--format", "junit") == 1
    out = capsys.readouterr().out
    assert 'failures="1"' in out and "<script>" not in out and "\x01" not in out
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps(red))
    assert code_of("test_form", form_file(), "--cases", str(cases)) == 1
    assert code_of("test_form", form_file(test_cases=[])) == 2 and code_of("test_form", form_file(test_cases=[{}])) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sections": 1}', '{"document": {"sections": "x"}}', "[" * 5000])
def test_a_file_that_is_no_form_is_refused(tmp_path, text, capsys):
    path = tmp_path / "broken.json"
    path.write_text(text)
    assert code_of("lint_form", str(path)) == 2 and code_of("test_form", str(path)) == 2


def test_lint_of_a_file(form_file, capsys):
    assert code_of("lint_form", form_file()) == 0
    capsys.readouterr()
    broken = document()
    broken["sections"][0]["items"][1]["show_if"]["item"] = "gone"
    assert code_of("lint_form", form_file(document=broken), "--format", "json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["errors"] >= 1 and report["findings"][0]["how_to_mend"]


def test_bringing_cases_again_updates_and_removes_none(definition, lead):
    keep(definition, lead, title="Mine")
    brought = read_cases([{"key": "a", "title": "A", "today": "2027-03-01"}])
    services.bring_cases(definition=definition, cases=brought, by=lead)
    services.bring_cases(definition=definition, cases=brought, by=lead)
    assert sorted(definition.test_cases.values_list("title", flat=True)) == ["A", "Mine"]
