"""The pages of a move: what a clinical lead sees and fills, and what others are not offered."""

import pytest
from django.urls import reverse

from core import clock
from tests.factories import workflows as flows
from tests.factories.governance import client_of
from tests.integration.workflows.migration.conftest import asked, carried_out, counted, make_live, second_spec, states
from tests.integration.workflows.test_views import soup_of, words
from workflows import move_policies
from workflows.models import FlowCase, FlowMigration
from workflows.presenters.cases import case_panel
from workflows.selectors import migrations as read
from workflows.services import migration_running, migrations

pytestmark = pytest.mark.django_db
KEY = "letter"


def address(name, migration):
    return reverse(f"workflows:{name}", args=[KEY, migration.public_id])


def test_a_lead_prepares_counts_and_asks_and_cannot_confirm(migration, clinical_lead, safety_officer, run_on_commit):
    client = client_of(clinical_lead)
    page = soup_of(client.get(reverse("workflows:moves", args=[KEY])))
    assert "Version 1 : 3 cases open" in words(page)
    form = next(form for form in page.select("main form") if "Prepare" in words(form))
    assert client.post(form["action"]).url == address("migration", migration)
    client.post(address("count_migration", migration))
    assert FlowMigration.objects.get().counting
    assert "Counting : 0 of 0" in words(soup_of(client.get(address("migration", migration)))).replace(
        "Counting:", "Counting :"
    )
    counted(migration)
    page = words(soup_of(client.get(address("migration", migration))))
    assert "3 open cases: 3 move, 0 stay." in page and "Ask a second person" in page
    said = {"shown": migration.sha256, "reason": "Asked too little", "sure": "on"}
    response = client.post(address("ask_migration", migration), {**said, "reason": ""})
    assert "Enter the reason" in words(soup_of(response))
    client.post(address("ask_migration", migration), said)
    page = words(soup_of(client.get(address("migration", migration))))
    assert "Waits for a second person" in page and "1 person can." in page and "Read it and confirm" not in page
    assert "somebody else has to confirm it" in page
    for name in ("confirm_migration", "send_back_migration"):
        assert client.get(address(name, migration)).url == address("migration", migration)
    shown = {"shown": move_policies.read_sha256(read.by_pk(migration.pk)), "sure": "on"}
    refused = words(soup_of(client.post(address("confirm_migration", migration), shown)))
    assert "somebody else has to confirm it" in refused
    assert FlowMigration.objects.get().state == "waiting" and states() == [(1, "waiting")] * 3


def test_a_second_person_reads_everything_and_confirms(migration, clinical_lead, safety_officer):
    asked(migration, clinical_lead)
    client = client_of(safety_officer)
    page = soup_of(client.get(address("migration", migration)))
    assert "Read it and confirm" in words(page) and "Keep where the cases go" not in words(page)
    page = soup_of(client.get(address("confirm_migration", migration)))
    for told in ("3 open cases: 3 move, 0 stay", "Reason: The old version asked too little", "Where the cases go"):
        assert told in words(page)
    assert [words(cell) for cell in page.select("table")[0].select("tbody tr > *")] == [
        "Waiting for a doctor",
        "With a doctor",
    ]
    said = {"shown": page.select_one("input[name=shown]")["value"]}
    assert "Confirm that you have read" in words(soup_of(client.post(address("confirm_migration", migration), said)))
    assert client.post(address("confirm_migration", migration), said | {"sure": "on", "shown": "0"}).status_code == 409
    assert FlowMigration.objects.get().state == "waiting"
    client.post(address("confirm_migration", migration), said | {"sure": "on"})
    running = FlowMigration.objects.get()
    assert (running.state, running.cases_total) == ("running", 3)
    lead = client_of(clinical_lead)
    assert "Go on, if it has stopped" in words(soup_of(lead.get(address("migration", migration))))
    assert lead.post(address("go_on_migration", migration)).status_code == 302
    migration_running.carry_out(migration=running)
    page = words(soup_of(lead.get(address("migration", migration))))
    assert "Done: 3 of 3 cases looked at" in page and "Reason: The old version asked too little" in page
    assert "Confirmed by" in page and "Moved: 3 cases" in page and states() == [(2, "waiting")] * 3


def test_a_second_person_sends_it_back_and_the_lead_reads_why(migration, clinical_lead, safety_officer):
    asked(migration, clinical_lead)
    client = client_of(safety_officer)
    assert "Enter the reason" in words(soup_of(client.post(address("send_back_migration", migration), {"reason": ""})))
    client.post(address("send_back_migration", migration), {"reason": "Too many stay"})
    page = words(soup_of(client_of(clinical_lead).get(address("migration", migration))))
    assert "A second person sent this back: Too many stay" in page and "Ask a second person to confirm it" in page


def test_where_cases_go_is_changed_on_the_page_and_a_nonsense_choice_is_refused(migration, clinical_lead):
    client = client_of(clinical_lead)
    page = soup_of(client.get(address("migration", migration)))
    assert [option["value"] for option in page.select("select option")] == ["", "waiting"]
    response = client.post(address("migration", migration), {"shown": migration.sha256, "state_waiting": "approved"})
    assert "Choose a state from the list" in words(soup_of(response))
    client.post(address("migration", migration), {"shown": migration.sha256, "state_waiting": ""})
    migration.refresh_from_db()
    assert migration.state_map == {"waiting": ""}
    counted(migration)
    page = words(soup_of(client.get(address("migration", migration))))
    assert "3 open cases: 0 move, 3 stay" in page
    assert "Cases in this state stay, as it was planned: 3 cases" in page


def test_others_who_read_flows_see_it_and_can_do_nothing(migration, ig_officer):
    client = client_of(ig_officer)
    page = soup_of(client.get(address("migration", migration)))
    assert page.select("main form") == []
    for name in ("count_migration", "ask_migration", "go_on_migration", "cancel_migration", "confirm_migration"):
        assert client.post(address(name, migration)).status_code == 403
    assert client.post(address("migration", migration), {"shown": migration.sha256}).status_code == 403
    assert client.post(reverse("workflows:propose_migration", args=[KEY, 1])).status_code == 403


def test_a_move_of_another_flow_is_not_found_under_this_one(migration, clinical_lead):
    client = client_of(clinical_lead)
    assert client.get(reverse("workflows:migration", args=["other", migration.public_id])).status_code == 404


def test_a_move_can_be_cancelled(migration, clinical_lead):
    client_of(clinical_lead).post(address("cancel_migration", migration))
    assert FlowMigration.objects.get().state == "cancelled"


def test_a_moved_case_still_says_in_words_what_was_decided_on_the_old_version(
    post, doctor, nurse, first, clinical_lead
):
    [case] = post(1)
    document = second_spec()
    document["transitions"][0] |= {"key": "hand_in", "label": "Hand in"}
    make_live(flows.version(first.definition, document))
    carried_out(migrations.propose_migration(old=first, by=clinical_lead), clinical_lead)
    flows.fire(FlowCase.objects.get(pk=case.pk), "approve", doctor)
    panel = case_panel(nurse, flows.KIND, case.subject_id, clock.now())
    assert [line.what for line in panel.way.decisions] == ["Send", "Approve"]
    assert panel.flow.endswith("version 2")
