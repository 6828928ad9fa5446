import json

import pytest
from django.core.management import CommandError, call_command

from core.exceptions import Refused
from tests.factories import workflows as flows
from tests.integration.workflows.migration.conftest import asked, confirmed, make_live, second_spec, states
from workflows.models import FlowMigration

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind(post, doctor, first):
    """Two cases on the first version, whose state has another name in the live one."""
    post(2)
    return make_live(flows.version(first.definition, second_spec(waiting="queue")))


def test_without_confirmation_it_says_what_would_stay_and_moves_nothing(behind, practice, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("migrate_cases", "letter", "--to", "2")
    assert ended.value.code == 1
    out, err = capsys.readouterr()
    assert "Version 1 to 2. 2 open cases: 0 move, 2 stay." in out
    assert f"{practice.ods_code}: 0 move, no_mapped_state 2" in out
    assert "2 of 2 cases counted" in err
    assert states() == [(1, "waiting")] * 2


def test_no_command_moves_what_nobody_has_confirmed(behind, clinical_lead, safety_officer, capsys):
    call_command("migrate_cases", "letter", "--to", "2", "--map", "waiting=queue")
    assert "2 open cases: 2 move, 0 stay" in capsys.readouterr().out
    made = FlowMigration.objects.get()
    for prepare in (lambda: None, lambda: asked(made, clinical_lead)):
        prepare()
        with pytest.raises(CommandError, match="No move that was confirmed") as ended:
            call_command("migrate_cases", "letter", "--to", "2", "--carry-out")
        assert ended.value.returncode == 2 and states() == [(1, "waiting")] * 2
    confirmed(made, safety_officer)
    call_command("migrate_cases", "letter", "--to", "2", "--carry-out", "--batch", "1", "--report", "json")
    report = json.loads(capsys.readouterr().out)
    assert report["carry_out"] is True and report["migrations"][0]["moved"] == 2
    assert states() == [(2, "queue")] * 2
    call_command("migrate_cases", "letter", "--to", "2", "--carry-out")
    assert "Every open case stands on version 2." in capsys.readouterr().out


def test_a_map_that_a_command_changes_has_to_be_confirmed_anew(behind, clinical_lead, safety_officer, capsys):
    call_command("migrate_cases", "letter", "--to", "2", "--map", "waiting=queue")
    made = FlowMigration.objects.get()
    asked(made, clinical_lead)
    call_command("migrate_cases", "letter", "--to", "2")
    assert FlowMigration.objects.get().state == "waiting"
    with pytest.raises(SystemExit):
        call_command("migrate_cases", "letter", "--to", "2", "--map", "waiting=")
    assert FlowMigration.objects.get().state == "ready"
    with pytest.raises(Refused, match="Nobody has asked"):
        confirmed(made, safety_officer)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "--to", "2"], "There is no flow"),
        (["letter", "--to", "1"], "version 2 is"),
        (["letter", "--to", "2", "--map", "waiting"], "--map takes"),
        (["letter", "--to", "2", "--map", "waiting=approved"], "choose a state"),
        (["letter", "--to", "2", "--map", "elsewhere=queue"], "no state “elsewhere”"),
        (["letter", "--to", "2", "--batch", "0"], "--batch"),
        (["letter", "--to", "2", "--carry-out"], "No move that was confirmed"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_a_sentence(behind, arguments, said):
    with pytest.raises(CommandError, match=said) as ended:
        call_command("migrate_cases", *arguments)
    assert ended.value.returncode == 2
    assert states() == [(1, "waiting")] * 2
