"""Moving cases: what becomes of each, of its tasks and its history, and that nothing is moved twice or half."""

import json

import pytest

from core import clock
from core.exceptions import Conflict, Refused
from governance.models import AuditEvent
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.integration.workflows.migration.conftest import carried_out, counted, make_live, second_spec, started, states
from workflows.models import FlowCase, FlowCaseMove, FlowDecision, FlowEvent, FlowMigration, FlowTask, FlowTimer
from workflows.selectors import migrations as read
from workflows.selectors.chains import verify_case_chain
from workflows.services import clocks, migration_confirming, migration_running, migrations, tasks
from workflows.services.stuck import stuck

pytestmark = pytest.mark.django_db


def onto(first, lead, document, state_map=None):
    """A migration to a version of that spec, with the map given."""
    make_live(flows.version(first.definition, document))
    made = migrations.propose_migration(old=first, by=lead)
    if state_map is None:
        return made
    return migrations.edit_map(migration=made, state_map=state_map, shown_sha256=made.sha256, by=lead)


def test_a_count_says_what_would_become_of_every_case_and_touches_none(migration, practice):
    ready = counted(migration)
    assert (ready.state, ready.counts["total"], ready.counts["moves"], ready.counts["reasons"]) == ("ready", 3, 3, {})
    assert ready.counts["states"] == [{"from": "waiting", "to": "waiting", "outcome": "moved", "cases": 3}]
    assert ready.counts["organisations"] == [{"organisation": practice.pk, "counts": {"moved": 3}, "cases": {}}]
    assert states() == [(1, "waiting")] * 3
    assert not FlowCaseMove.objects.exists()


def test_a_moved_case_has_the_tasks_timers_and_deadline_of_its_new_state(migration, clinical_lead):
    before = set(FlowTask.objects.values_list("pk", flat=True))
    done = carried_out(migration, clinical_lead)
    assert (done.state, done.cases_done, done.cases_total) == ("done", 3, 3)
    assert states() == [(2, "waiting")] * 3
    assert not FlowTask.objects.filter(pk__in=before, closed_at=None).exists()
    for case in FlowCase.objects.all():
        task = case.tasks.get(closed_at=None)
        assert (task.role, task.due_at) == ("doctor", case.due_at)
        assert (case.due_at - task.opened_at).total_seconds() == 24 * 3600
        waiting = clocks.live().filter(case=case)
        assert sorted(waiting.values_list("kind", flat=True)) == ["escalation", "reminder"]
        assert FlowTimer.objects.filter(case=case).count() == 4
    assert list(stuck(clock.now())) == []


def test_the_move_is_told_in_the_chain_of_the_case_and_in_the_audit_trail(migration, clinical_lead):
    carried_out(migration, clinical_lead)
    case = FlowCase.objects.select_related("version").earliest("pk")
    assert verify_case_chain(case) == []
    event = case.events.get(kind="migrated")
    names = ("from_version", "to_version", "from_state", "to_state", "version_sha256")
    assert [event.detail[name] for name in names] == [1, 2, "waiting", "waiting", case.version.sha256]
    assert AuditEvent.objects.filter(action="flow.migrated").count() == 3
    assert AuditEvent.objects.filter(action="flow.migration_done").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "the first"}, "the version it was opened on or moved to"),
        ({"state": "approved"}, "where its history left it"),
    ],
)
def test_a_moved_case_that_stands_elsewhere_than_its_history_says_is_noticed(
    migration, clinical_lead, first, change, said
):
    carried_out(migration, clinical_lead)
    case = FlowCase.objects.earliest("pk")
    change = {"version": first} if "version" in change else change
    FlowCase.objects.filter(pk=case.pk).update(**change)
    [problem] = verify_case_chain(FlowCase.objects.select_related("version").get(pk=case.pk))
    assert said in problem


def test_a_moved_case_is_decided_by_the_rules_of_its_new_version(post, doctor, first, clinical_lead):
    [case] = post(1)
    document = second_spec()
    document["transitions"][1]["reason"] = "required"
    carried_out(onto(first, clinical_lead, document), clinical_lead)
    case.refresh_from_db()
    with pytest.raises(Refused, match="Enter the reason"):
        flows.fire(case, "approve", doctor)
    flows.fire(case, "approve", doctor, reason="Well written")
    moved = FlowCase.objects.select_related("version").get(pk=case.pk)
    assert moved.outcome == "approved" and verify_case_chain(moved) == []


def test_whoever_had_taken_a_task_keeps_it(migration, clinical_lead, doctor):
    case = FlowCase.objects.earliest("pk")
    tasks.claim(by=doctor, task=case.tasks.get(), now=clock.now())
    carried_out(migration, clinical_lead)
    assert case.tasks.get(closed_at=None).claimed_by_id == doctor.user_id


def test_cases_in_a_state_nobody_mapped_stay(post, doctor, first, clinical_lead):
    post(2)
    migration = onto(first, clinical_lead, second_spec(waiting="queue"))
    assert migration.state_map == {"waiting": ""}
    assert counted(migration).counts["reasons"] == {"no_mapped_state": 2}
    assert carried_out(migration, clinical_lead).state == "done"
    assert states() == [(1, "waiting")] * 2
    again = onto_again = migrations.propose_migration(old=first, by=clinical_lead)
    migrations.edit_map(
        migration=again, state_map={"waiting": "queue"}, shown_sha256=onto_again.sha256, by=clinical_lead
    )
    carried_out(read.by_pk(again.pk), clinical_lead)
    assert states() == [(2, "queue")] * 2


def test_cases_stay_where_nobody_holds_the_role_of_the_new_state(post, doctor, first, clinical_lead, letters):
    post(1)
    elsewhere = people.organisation()
    nurse = people.staff(elsewhere)
    letter = letters.write(elsewhere, nurse)
    vacant = flows.open_case(letter, nurse)
    migration = onto(first, clinical_lead, second_spec())
    ready = counted(migration)
    assert ready.counts["reasons"] == {"nobody_holds_the_role": 1}
    row = next(row for row in ready.counts["organisations"] if row["organisation"] == elsewhere.pk)
    assert row["cases"] == {"nobody_holds_the_role": [str(vacant.public_id)]}
    carried_out(migration, clinical_lead)
    assert states() == [(2, "waiting"), (1, "waiting")]
    assert FlowCaseMove.objects.get(case=vacant).outcome == "nobody_holds_the_role"


def test_cases_stay_where_only_their_author_could_decide_in_the_new_state(
    letters, practice, doctor, first, clinical_lead
):
    flows.open_case(letters.write(practice, doctor), doctor)
    assert counted(onto(first, clinical_lead, second_spec())).counts["reasons"] == {"nobody_holds_the_role": 1}


def test_cases_stay_where_the_new_state_asks_a_care_team_that_has_no_member(
    letters, practice, nurse, doctor, first, clinical_lead
):
    flows.open_case(letters.write(practice, nurse), nurse)
    flows.open_case(letters.write(practice, nurse, sharing_organisation_ids=frozenset({practice.pk})), nurse)
    document = second_spec(waits_for=[{"role": "doctor", "scope": "sharing_org"}])
    migration = onto(first, clinical_lead, document)
    assert counted(migration).counts["reasons"] == {"nobody_holds_the_role": 1}
    carried_out(migration, clinical_lead)
    assert states() == [(1, "waiting"), (2, "waiting")]


def test_cases_whose_subject_is_gone_stay(migration, letters, clinical_lead):
    gone = FlowCase.objects.earliest("pk")
    del letters.letters[gone.subject_id]
    assert counted(migration).counts["reasons"] == {"subject_gone": 1}
    carried_out(migration, clinical_lead)
    assert states() == [(1, "waiting"), (2, "waiting"), (2, "waiting")]


def test_what_stopped_inside_a_batch_goes_on_where_it_stopped_and_moves_nothing_twice(
    migration, clinical_lead, monkeypatch
):
    running, move, done = started(migration, clinical_lead), migration_running._move, []

    def dies_at_the_third(*args):
        done.append(args)
        move(*args)
        if len(done) == 3:
            raise RuntimeError

    monkeypatch.setattr(migration_running, "_move", dies_at_the_third)
    with pytest.raises(RuntimeError):
        migration_running.carry_out(migration=running, batch=2)
    half = FlowMigration.objects.get()
    assert (half.state, half.cases_done) == ("running", 2)
    assert states() == [(2, "waiting"), (2, "waiting"), (1, "waiting")]
    monkeypatch.setattr(migration_running, "_move", move)
    assert migration_running.carry_out(migration=running, batch=2) == 1
    assert FlowMigration.objects.get().state == "done"
    assert states() == [(2, "waiting")] * 3
    assert FlowEvent.objects.filter(kind="migrated").count() == FlowCaseMove.objects.count() == 3
    assert all(verify_case_chain(case) == [] for case in FlowCase.objects.select_related("version"))
    assert migration_running.carry_out(migration=running) == 0


def test_a_case_decided_before_its_batch_is_left_alone(migration, clinical_lead, doctor):
    running = started(migration, clinical_lead)
    case = FlowCase.objects.earliest("pk")
    flows.fire(case, "approve", doctor)
    assert migration_running.carry_out(migration=running) == 2
    case = FlowCase.objects.select_related("version").get(pk=case.pk)
    assert (case.version.number, case.outcome) == (1, "approved")
    assert verify_case_chain(case) == []


def test_a_changed_map_has_to_be_counted_again(migration, clinical_lead):
    ready = counted(migration)
    edited = migrations.edit_map(
        migration=ready, state_map={"waiting": ""}, shown_sha256=ready.sha256, by=clinical_lead
    )
    assert (edited.state, edited.counts) == ("draft", {})
    with pytest.raises(Conflict):
        migrations.edit_map(
            migration=ready, state_map={"waiting": "waiting"}, shown_sha256=ready.sha256, by=clinical_lead
        )
    with pytest.raises(Refused, match="choose a state"):
        migrations.edit_map(
            migration=edited, state_map={"waiting": "approved"}, shown_sha256=edited.sha256, by=clinical_lead
        )


def test_cancelling_keeps_what_was_moved_and_moves_no_more(migration, clinical_lead):
    running = started(migration, clinical_lead)
    migration_running._one_batch(running.pk, 1)
    migrations.cancel(migration=running, by=clinical_lead)
    assert migration_running.carry_out(migration=running) == 0
    assert states() == [(2, "waiting"), (1, "waiting"), (1, "waiting")]
    with pytest.raises(Refused, match="over"):
        migration_confirming.go_on(migration=running, by=clinical_lead)


def test_what_is_kept_of_a_count_names_nobody(migration, nurse, doctor):
    text = json.dumps(counted(migration).counts)
    assert nurse.label not in text and doctor.label not in text


def test_only_a_version_that_is_not_live_is_left(first, clinical_lead):
    with pytest.raises(Refused, match="a version that is live"):
        migrations.propose_migration(old=first, by=clinical_lead)


def test_cases_with_votes_stay_until_the_others_have_decided(migration, clinical_lead, doctor):
    voted, left = FlowCase.objects.order_by("pk")[:2]
    given = {"transition": "approve", "from_state": "waiting", "to_state": "waiting", "evidence": {"awaits": 1}}
    FlowDecision.objects.create(
        case=voted, visit=voted.visit, at=clock.now(), user_id_text=str(doctor.user_id), **given
    )
    FlowDecision.objects.create(
        case=left, visit=left.visit - 1, at=clock.now(), user_id_text=str(doctor.user_id), **given
    )
    assert counted(migration).counts["reasons"] == {"votes_lost": 1}
    carried_out(migration, clinical_lead)
    assert states() == [(1, "waiting"), (2, "waiting"), (2, "waiting")]
