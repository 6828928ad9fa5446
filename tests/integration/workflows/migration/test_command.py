import json

import pytest
from django.core.management import CommandError, call_command

from governance.models import User
from tests.factories import workflows as flows
from tests.integration.workflows.migration.conftest import make_live, second_spec, states
from workflows.models import FlowMigration

pytestmark = pytest.mark.django_db


@pytest.fixture
def email(clinical_lead):
    return User.objects.get(pk=clinical_lead.user_id).email


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


def test_a_map_and_a_confirmation_move_them(behind, email, capsys):
    call_command("migrate_cases", "letter", "--to", "2", "--map", "waiting=queue")
    assert "2 open cases: 2 move, 0 stay" in capsys.readouterr().out
    assert states() == [(1, "waiting")] * 2
    arguments = ["--confirm", "--by", email, "--reason", "The queue has a name", "--batch", "1", "--report", "json"]
    call_command("migrate_cases", "letter", "--to", "2", *arguments)
    report = json.loads(capsys.readouterr().out)
    assert report["moved"] is True and report["migrations"][0]["moved"] == 2
    assert states() == [(2, "queue")] * 2
    assert FlowMigration.objects.get().reason == "The queue has a name"
    call_command("migrate_cases", "letter", "--to", "2", "--confirm", "--by", email)
    assert "Every open case stands on version 2." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "--to", "2"], "There is no flow"),
        (["letter", "--to", "1"], "version 2 is"),
        (["letter", "--to", "2", "--map", "waiting"], "--map takes"),
        (["letter", "--to", "2", "--map", "waiting=approved"], "choose a state"),
        (["letter", "--to", "2", "--map", "elsewhere=queue"], "no state “elsewhere”"),
        (["letter", "--to", "2", "--batch", "0"], "--batch"),
        (["letter", "--to", "2", "--confirm"], "--by"),
        (["letter", "--to", "2", "--confirm", "--by", "nobody@example.org"], "There is no account"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_a_sentence(behind, arguments, said):
    with pytest.raises(CommandError, match=said) as ended:
        call_command("migrate_cases", *arguments)
    assert ended.value.returncode == 2
    assert states() == [(1, "waiting")] * 2


def test_a_reason_is_asked_for_before_anything_moves(behind, email):
    with pytest.raises(CommandError, match="Enter the reason"):
        call_command("migrate_cases", "letter", "--to", "2", "--map", "waiting=queue", "--confirm", "--by", email)
    assert states() == [(1, "waiting")] * 2
