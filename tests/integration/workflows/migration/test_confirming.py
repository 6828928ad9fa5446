"""Two people move cases: one plans and asks, another reads and confirms. Nothing moves on one person's word."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.exceptions import Conflict, NotAllowed, Refused
from governance.models import AuditEvent, Notification
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.integration.workflows.migration.conftest import asked, confirmed, counted, make_live, second_spec, states
from workflows import move_policies
from workflows.models import FlowMigration
from workflows.selectors import migrations as read
from workflows.services import migration_confirming, migration_running, migrations

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(migration, clinical_lead, safety_officer):
    """The move, counted, and asked for by the clinical lead."""
    return asked(migration, clinical_lead)


def test_the_second_person_s_word_starts_the_move_and_stands_in_the_trail(waiting, clinical_lead, safety_officer):
    running = confirmed(waiting, safety_officer)
    assert (running.state, running.asked_by_id, running.started_by_id) == (
        "running",
        clinical_lead.user_id,
        safety_officer.user_id,
    )
    migration_running.carry_out(migration=running)
    assert states() == [(2, "waiting")] * 3
    trail = {row.action: row for row in AuditEvent.objects.filter(action__startswith="flow.migration_")}
    for action, who in (("flow.migration_asked", clinical_lead), ("flow.migration_confirmed", safety_officer)):
        assert trail[action].detail["sha256"] == waiting.sha256 and trail[action].actor_label == who.label
    said = trail["flow.migration_confirmed"].detail
    assert (said["total"], said["moves"], said["cases"]) == (3, 3, 3)


def test_whoever_planned_it_wrote_its_map_or_asked_for_it_does_not_confirm_it(
    first, post, doctor, host, clinical_lead, safety_officer
):
    post(2)
    make_live(flows.version(first.definition, second_spec()))
    writer, asker, other = (people.staff(host, role="clinical_lead") for _ in range(3))
    made = migrations.propose_migration(old=first, by=clinical_lead)
    for where in ("", "waiting"):
        made = migrations.edit_map(migration=made, state_map={"waiting": where}, shown_sha256=made.sha256, by=writer)
    waits = asked(read.by_pk(made.pk), asker)
    for planner in (clinical_lead, writer, asker, replace(other, on_behalf_of=str(asker.user_id))):
        with pytest.raises(Refused, match="somebody else has to confirm"):
            confirmed(waits, planner)
        with pytest.raises(Refused, match="somebody else has to confirm"):
            migration_confirming.send_back(migration=waits, reason="No", by=planner)
    assert set(read.confirmers(waits).values_list("pk", flat=True)) == {other.user_id, safety_officer.user_id}
    assert states() == [(1, "waiting")] * 2
    assert confirmed(waits, other).state == "running"


def test_only_a_clinical_lead_or_whoever_answers_for_clinical_safety_confirms(waiting, ig_officer, doctor, job_actor):
    for somebody in (ig_officer, doctor):
        with pytest.raises(NotAllowed):
            confirmed(waiting, somebody)
    with pytest.raises(Refused):
        confirmed(waiting, job_actor)
    assert FlowMigration.objects.get().state == "waiting"


def test_a_changed_map_has_to_be_counted_asked_for_and_confirmed_anew(waiting, clinical_lead, safety_officer):
    shown = move_policies.read_sha256(read.by_pk(waiting.pk))
    edited = migrations.edit_map(
        migration=waiting, state_map={"waiting": ""}, shown_sha256=waiting.sha256, by=clinical_lead
    )
    assert (edited.state, edited.asked_by_id, edited.counts) == ("draft", None, {})
    with pytest.raises(Refused, match="Nobody has asked"):
        migration_confirming.confirm(migration=waiting, shown_sha256=shown, by=safety_officer)
    asked(edited, clinical_lead)
    with pytest.raises(Conflict, match="not what you were shown"):
        migration_confirming.confirm(migration=waiting, shown_sha256=shown, by=safety_officer)
    assert confirmed(waiting, safety_officer).state_map == {"waiting": ""}


def test_counts_that_are_not_those_that_were_read_are_not_confirmed(waiting, post, safety_officer):
    shown = move_policies.read_sha256(read.by_pk(waiting.pk))
    assert counted(waiting).state == "waiting" and move_policies.read_sha256(read.by_pk(waiting.pk)) == shown
    flow = waiting.definition
    make_live(waiting.from_version)
    post(1)
    make_live(waiting.to_version)
    recounted = counted(waiting)
    assert (recounted.state, recounted.counts["total"], flow.pk) == ("waiting", 4, recounted.definition_id)
    with pytest.raises(Conflict, match="not what you were shown"):
        migration_confirming.confirm(migration=waiting, shown_sha256=shown, by=safety_officer)


def test_a_map_that_is_not_the_one_with_the_hash_moves_nothing(waiting, safety_officer):
    FlowMigration.objects.filter(pk=waiting.pk).update(state_map={"waiting": "approved"})
    with pytest.raises(Refused, match="not what was confirmed"):
        confirmed(waiting, safety_officer)
    FlowMigration.objects.filter(pk=waiting.pk).update(state_map=waiting.state_map)
    running = confirmed(waiting, safety_officer)
    FlowMigration.objects.filter(pk=waiting.pk).update(state_map={"waiting": "approved"})
    with pytest.raises(Refused, match="not what was confirmed"):
        migration_running.carry_out(migration=running)
    assert states() == [(1, "waiting")] * 3


def test_sent_back_it_says_why_and_can_be_asked_for_again(waiting, clinical_lead, safety_officer):
    with pytest.raises(Refused, match="Enter the reason"):
        migration_confirming.send_back(migration=waiting, reason=" ", by=safety_officer)
    migration_confirming.send_back(migration=waiting, reason="Too many stay", by=safety_officer)
    back = read.by_pk(waiting.pk)
    assert (back.state, back.sent_back, back.asked_by) == ("ready", "Too many stay", None)
    with pytest.raises(Refused, match="Nobody has asked"):
        confirmed(back, safety_officer)
    assert asked(back, clinical_lead).sent_back == ""


def test_those_who_can_confirm_are_told_and_whoever_asked_hears_the_answer(waiting, clinical_lead, safety_officer):
    def told(actor):
        rows = Notification.objects.filter(user=actor.user_id, channel="in_app", topic="flow.move")
        return [row.text for row in rows.order_by("pk")]

    assert told(clinical_lead) == [] and "waits for a second person" in told(safety_officer)[0]
    migration_confirming.send_back(migration=waiting, reason="Too many stay", by=safety_officer)
    asked(read.by_pk(waiting.pk), clinical_lead)
    confirmed(waiting, safety_officer)
    assert len(told(safety_officer)) == 2
    assert [text.split(" to 2 ")[1] for text in told(clinical_lead)] == ["was sent back", "was confirmed and has begun"]


def test_nothing_is_asked_for_uncounted_unseen_unreasoned_twice_or_towards_a_version_not_live(
    migration, clinical_lead, doctor, job_actor, first
):
    def ask(of, **changes):
        return migration_confirming.ask(
            migration=of, **{"shown_sha256": of.sha256, "reason": "So", "by": clinical_lead} | changes
        )

    with pytest.raises(Refused, match="Count the cases first"):
        ask(migration)
    ready = counted(migration)
    with pytest.raises(Refused, match="Enter the reason"):
        ask(ready, reason="  ")
    with pytest.raises(Conflict):
        ask(ready, shown_sha256="0" * 64)
    with pytest.raises(NotAllowed):
        ask(ready, by=doctor)
    with pytest.raises(Refused, match="in their own name"):
        ask(ready, by=job_actor)
    ask(ready)
    with pytest.raises(Refused, match="waits for a second person already"):
        ask(ready)


def test_a_move_to_a_version_that_is_no_longer_live_is_not_confirmed(waiting, first, safety_officer):
    make_live(flows.version(first.definition, second_spec(due_hours=48)))
    with pytest.raises(Refused, match="no longer live"):
        confirmed(waiting, safety_officer)


@pytest.mark.parametrize("state", ["running", "done"])
def test_not_even_the_database_holds_a_move_of_one_person(waiting, clinical_lead, state):
    for alone in ({}, {"started_by": clinical_lead.user_id, "started_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FlowMigration.objects.filter(pk=waiting.pk).update(state=state, **alone)
