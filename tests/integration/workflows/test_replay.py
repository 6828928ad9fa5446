"""Asking another version about the decisions there were: from the rows, on a page and by command."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from core import clock
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from tests.integration.workflows.migration.conftest import carried_out, make_live, second_spec
from tests.integration.workflows.test_views import soup_of, words
from workflows import catalogue
from workflows.engine.loading import load_spec
from workflows.models import FlowDecision
from workflows.selectors import replays
from workflows.services import migrations, tasks

pytestmark = pytest.mark.django_db


def strict():
    """A draft that asks for a reason, and has no way to return a letter."""
    document = flows.spec(reason="required")
    document["transitions"] = document["transitions"][:2]
    return document


def flow_file(document):
    return json.dumps({"key": "letter", "name": "Letter", "subject_kind": flows.KIND, "spec": document}).encode()


@pytest.fixture
def decided(letters, practice, nurse, doctor):
    """Two letters approved without a reason, one returned."""
    live = flows.live_flow()
    for step, reason in (("approve", ""), ("approve", "Read it"), ("return", "A word is missing")):
        flows.fire(flows.open_case(letters.write(practice, nurse), nurse), step, doctor, reason=reason)
    return live.definition


def ask(definition, document, days=90, now=None):
    since = (now or clock.now()) - datetime.timedelta(days=days)
    return replays.replayed(definition, catalogue.rules_of(load_spec(document)), since=since)


def test_the_version_they_were_taken_on_stands_by_all_of_them(decided):
    report = ask(decided, flows.spec())
    assert (report.cases, report.decisions, report.sure, report.refused_decisions) == (3, 6, 6, 0)
    assert report.finds_nothing


def test_what_a_draft_would_refuse_or_does_not_have_is_found(decided):
    report = ask(decided, strict())
    assert report.refused == {(("waiting", "approve"), "reason-missing"): 1}
    assert report.lost == {("waiting", "return"): 1}


def scoped(scope, role="any"):
    """The letter flow with its decisions open to whoever stands in that scope."""
    document = flows.spec()
    for step in document["transitions"][1:]:
        step["actors"] = [{"role": role, "scope": scope}]
    return document


def test_who_had_the_task_is_answered_by_the_tasks_as_they_were_put_away(letters, practice, nurse, doctor):
    live = flows.live_flow()
    for takes in (True, False):
        case = flows.open_case(letters.write(practice, nurse), nurse)
        if takes:
            tasks.claim(by=doctor, task=case.tasks.get(), now=clock.now())
        flows.fire(case, "approve", doctor)
    report = ask(live.definition, scoped("named_user"))
    assert (report.sure, report.refused_decisions, report.unasked) == (3, 1, {})


def test_whether_somebody_was_at_the_host_is_answered_by_its_history(decided, practice):
    assert ask(decided, scoped("host")).refused_decisions == 3
    practice.care_setting = "host"
    practice.save()
    assert ask(decided, scoped("host")).refused_decisions == 3, "it became the host afterwards"
    practice.history.update(care_setting="host")
    assert ask(decided, scoped("host")).sure == 6
    practice.history.update(history_date=clock.now() + datetime.timedelta(days=1))
    report = ask(decided, scoped("host"))
    assert (report.refused_decisions, report.unasked.total()) == (0, 3), "of before its history nothing is said"


def test_decisions_before_the_period_are_not_asked(decided):
    assert ask(decided, strict(), now=clock.now() + datetime.timedelta(days=91)).cases == 0


def test_decisions_of_a_moved_case_are_read_by_the_version_they_were_taken_on(
    letters, practice, nurse, doctor, clinical_lead
):
    first = flows.live_flow(flows.spec(reason="none"))
    case = flows.open_case(letters.write(practice, nurse), nurse)
    make_live(flows.version(first.definition, second_spec(waiting="queue")))
    made = migrations.propose_migration(old=first, by=clinical_lead)
    made = migrations.edit_map(
        migration=made, state_map={"waiting": "queue"}, shown_sha256=made.sha256, by=clinical_lead
    )
    carried_out(made, clinical_lead)
    case.refresh_from_db()
    flows.fire(case, "approve", doctor)
    draft = second_spec(waiting="queue")
    draft["transitions"][0]["to"] = "queue"
    report = ask(first.definition, draft)
    assert (report.decisions, report.lost, report.refused_decisions) == (2, {}, 0)


def test_reading_takes_few_queries_however_many_cases(
    decided, letters, practice, nurse, doctor, django_assert_max_num_queries
):
    for _ in range(5):
        flows.fire(flows.open_case(letters.write(practice, nurse), nurse), "approve", doctor)
    with django_assert_max_num_queries(8):
        assert ask(decided, flows.spec()).cases == 8


def test_the_command_lists_what_would_be_refused_and_writes_nothing(decided, tmp_path, capsys):
    draft = tmp_path / "draft.json"
    draft.write_bytes(flow_file(strict()))
    before = FlowDecision.objects.count()
    with pytest.raises(SystemExit) as ended:
        call_command("replay_flow", "letter", "--against", str(draft))
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert "3 cases, 5 decisions: 1 would be refused, 4 would stand" in out
    assert "Approve, from “Waiting for a doctor”: They gave no reason (1)" in out
    assert "Return, from “Waiting for a doctor”: There is no such step where the case would be (1)" in out
    call_command("replay_flow", "letter", "--against", "1", "--report", "json")
    assert json.loads(capsys.readouterr().out)["would_stand"] == 6
    assert FlowDecision.objects.count() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "--against", "1"], "There is no flow"),
        (["letter", "--against", "9"], "has no version 9"),
        (["letter", "--against", "/nowhere.json"], "no file"),
        (["letter", "--against", "1", "--days", "0"], "--days"),
    ],
)
def test_what_cannot_be_asked_ends_with_two_and_a_sentence(decided, arguments, said):
    with pytest.raises(CommandError, match=said) as ended:
        call_command("replay_flow", *arguments)
    assert ended.value.returncode == 2


def test_a_lead_asks_a_draft_on_the_page(decided, clinical_lead):
    client, address = client_of(clinical_lead), reverse("workflows:replay", args=["letter"])
    assert "Nothing changes." in words(soup_of(client.get(address)))
    draft = SimpleUploadedFile("draft.json", flow_file(strict()))
    page = words(soup_of(client.post(address, {"days": "90", "file": draft})))
    assert "1 would be refused" in page and "They gave no reason" in page
    assert "The case would be in “Waiting for a doctor”, where there is no such step" in page
    assert "6 would stand" in words(soup_of(client.post(address, {"days": "90", "version": "1"})))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"days": "90"}, "Choose a version or a file, one of the two"),
        ({"days": "soon", "version": "1"}, "Enter a whole number of days"),
        ({"days": "900", "version": "1"}, "at most 366"),
        ({"days": "90", "file": b"{}"}, "this is missing"),
        ({"days": "90", "file": b"\xff\xfe"}, "UTF-8"),
    ],
)
def test_what_is_filled_wrongly_is_said_beside_it(decided, clinical_lead, data, said):
    if "file" in data:
        data = data | {"file": SimpleUploadedFile("draft.json", data["file"])}
    page = words(soup_of(client_of(clinical_lead).post(reverse("workflows:replay", args=["letter"]), data)))
    assert said in page
