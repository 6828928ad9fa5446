import json

import pytest
from django.core.management import CommandError, call_command

from careplan_forms.models import CarePlan, FormMigrationDraft
from tests.factories import careplan_forms as make
from tests.integration.careplan_forms.migration.conftest import left_behind

pytestmark = pytest.mark.django_db
FORM = "urgent-care-plan"


def email_of(actor):
    from governance.models import User

    return User.objects.get(pk=actor.user_id).email


def test_a_dry_run_reports_what_it_found_and_says_so_by_its_exit_code(approved, second, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("migrate_plans", FORM, "--dry-run", "--report", "json")
    assert ended.value.code == 1
    out, err = capsys.readouterr()
    [row] = json.loads(out)["migrations"]
    assert (row["from"], row["to"], row["total"], row["loses_answer"]) == (1, 2, 1, 1)
    assert "1 of 1 plans counted" in err
    assert not FormMigrationDraft.objects.exists()


def test_plans_that_all_carry_over_end_well(nurse, form, capsys):
    left_behind(nurse, form)
    document = make.document()
    document["sections"][0]["items"].append({"uid": "more", "type": "text", "label": "More"})
    make.form_version(document)
    call_command("migrate_plans", FORM, "--dry-run")
    assert "1 open plan: 1 carries over" in capsys.readouterr().out
    CarePlan.objects.update(form_version=form.definition.versions.get(number=2))
    call_command("migrate_plans", FORM, "--dry-run")
    assert "Every open plan stands on version 2." in capsys.readouterr().out


def test_a_lead_moves_the_plans(approved, second, lead, capsys):
    call_command("migrate_plans", FORM, "--by", email_of(lead), "--batch", "1")
    assert "Prepared 1 plans" in capsys.readouterr().out
    assert FormMigrationDraft.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "There is no form"),
        ([FORM, "--to", "9"], "has no version 9"),
        ([FORM], "--by"),
        ([FORM, "--by", "nobody@example.org"], "There is no account"),
        ([FORM, "--dry-run", "--batch", "0"], "--batch"),
        ([FORM, "--dry-run", "--until", "soon"], "--until must be a date"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_a_sentence(approved, second, arguments, said):
    with pytest.raises(CommandError, match=said) as refused:
        call_command("migrate_plans", *arguments)
    assert refused.value.returncode == 2
    assert not FormMigrationDraft.objects.exists()


def test_somebody_who_is_no_lead_moves_nothing(approved, second, nurse):
    with pytest.raises(CommandError, match="clinical lead"):
        call_command("migrate_plans", FORM, "--by", email_of(nurse))
