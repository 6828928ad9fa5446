"""The clinical lead's pages: the mapping in words, the dry run, carrying out, and nobody's data in any of them."""

import datetime
import re

import pytest
from django.urls import reverse

from careplan_forms.models import FormMigration, FormMigrationDraft
from careplan_forms.services import migration_running
from core import clock
from core.models import JobRun
from tests.factories import governance as people
from tests.integration.careplan_forms.migration.conftest import counted, started

pytestmark = pytest.mark.django_db


def admin_client(actor):
    """A browser of somebody who may enter the administration."""
    return people.admin_client_of(actor)


@pytest.fixture
def desk(lead):
    return admin_client(lead)


def page(desk, name, *args):
    answer = desk.get(reverse(name, args=args))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_pages_say_in_words_what_happens_and_count_without_naming_anybody(desk, migration, approved, practice):
    assert "1 to 2" in page(desk, "forms_migrations")
    before = page(desk, "forms_migration", migration.public_id)
    assert "Its answer moves to another question" in before and "Is left out" in before
    assert "Try: count what this means for the plans" in before
    counted(migration)
    after = page(desk, "forms_migration", migration.public_id)
    assert "1 open plan: 0 carry over, 0 need a clinician, 1 loses an answer" in after
    assert "“Date of the talk” is not on the new form. 1 plan." in after
    assert practice.name in after and str(approved.public_id)[:8] in after
    for text in ("Zephyrine", "Quentina", "garden", approved.patient.nhs_number):
        assert text not in after


def test_trying_and_moving_from_the_pages(desk, migration, nurse):
    where = [migration.public_id]
    desk.post(reverse("forms_migration_try", args=where))
    assert 'http-equiv="refresh"' in page(desk, "forms_migration", *where)
    migration_running.count_plans(**JobRun.objects.latest("enqueued_at").arguments)
    start = reverse("forms_migration_start", args=where)
    ready = FormMigration.objects.get()
    said = {"shown": ready.sha256, "deadline": (clock.today() + datetime.timedelta(days=7)).isoformat()}
    refused = desk.post(start, said)
    assert refused.status_code == 400 and "Confirm that you have read" in refused.content.decode()
    assert desk.post(start, said | {"sure": "on", "deadline": "2020-01-01"}).status_code == 400
    assert desk.post(start, said | {"sure": "on"}).status_code == 302
    assert "0 of 1 plans" in page(desk, "forms_migration", *where)
    migration_running.carry_out_in_worker(**JobRun.objects.latest("enqueued_at").arguments)
    assert "1 plan still waits, for a clinician" in page(desk, "forms_migration", *where).replace(
        "waits for", "waits, for"
    )
    desk.post(reverse("forms_migration_cancel", args=where))
    assert not FormMigrationDraft.objects.filter(closed_at=None).exists()


def test_a_question_is_changed_on_its_own_page(desk, migration):
    where = reverse("forms_migration_question", args=[migration.public_id, "matters"])
    shown = {"shown": migration.sha256}
    wrong = desk.post(where, shown | {"action": "split", "to": ["matters-2"]})
    assert wrong.status_code == 400 and "Choose at least two questions" in wrong.content.decode()
    assert desk.post(where, {}).status_code == 400
    assert desk.post(where, shown | {"action": "rename", "to": ["nowhere"]}).status_code == 400
    assert desk.post(where, shown | {"action": "drop"}).status_code == 302
    migration.refresh_from_db()
    assert [row["action"] for row in migration.mapping["items"] if row["uid"] == "matters"] == ["drop"]
    assert desk.post(where, shown | {"action": "drop"}).status_code == 409


def test_joining_and_parting_questions_keeps_the_mapping_whole(desk, migration):
    where = reverse("forms_migration_question", args=[migration.public_id, "matters"])
    join = {"shown": migration.sha256, "action": "merge", "to": ["matters-2"], "joined_with": ["born"]}
    assert desk.post(where, join).status_code == 302
    migration.refresh_from_db()
    actions = {row["uid"]: row["action"] for row in migration.mapping["items"]}
    assert (actions["matters"], actions["born"]) == ("merge", "merge")
    part = {"shown": migration.sha256, "action": "drop"}
    assert desk.post(reverse("forms_migration_question", args=[migration.public_id, "born"]), part).status_code == 302
    migration.refresh_from_db()
    actions = {row["uid"]: row["action"] for row in migration.mapping["items"]}
    assert (actions["matters"], actions["born"]) == ("rename", "drop")


def test_an_option_is_replaced_or_left_out_on_the_page(desk, migration):
    where = reverse("forms_migration_question", args=[migration.public_id, "cpr"])
    assert "“Attempt CPR” becomes" in desk.get(where).content.decode()
    said = {"shown": migration.sha256, "action": "keep", "to": ["cpr"], "option-0": "1", "option-1": "leave-out"}
    assert desk.post(where, said).status_code == 302
    shown = page(desk, "forms_migration", migration.public_id)
    assert "“Attempt CPR” becomes “Do not attempt CPR”" in shown and "“Do not attempt CPR” is left out" in shown


def test_only_clinical_leads_come_here_and_what_is_not_there_is_absent(migration, nurse, host, desk):
    where = [reverse("forms_migrations"), *_addresses(migration.public_id)]
    for role in ("ig_officer", "clinical_safety_officer"):
        client = admin_client(people.staff(host, role=role))
        assert {client.get(each).status_code for each in where[:4]} <= {403, 405}
    absent = _addresses("00000000-0000-4000-8000-000000000000")
    assert {desk.get(each).status_code for each in absent[:3]} == {404}
    assert desk.get(reverse("forms_migration_question", args=[migration.public_id, "nobody"])).status_code == 404


def _addresses(public_id):
    return [
        reverse("forms_migration", args=[public_id]),
        reverse("forms_migration_question", args=[public_id, "cpr"]),
        reverse("forms_migration_start", args=[public_id]),
    ]


def test_a_migration_under_way_can_be_sent_on_its_way_again(desk, migration, lead):
    running = started(migration, lead)
    again = {"shown": running.sha256, "deadline": running.deadline.isoformat(), "sure": "1"}
    assert desk.post(reverse("forms_migration_start", args=[running.public_id]), again).status_code == 302
    assert JobRun.objects.filter(job__endswith="carry_out_in_worker").count() == 1
