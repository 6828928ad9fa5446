"""A decision and the move of its case at one moment, and two workers: each comes first or second, never into it."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from core import clock
from core.exceptions import Refused
from tests.factories import workflows as flows
from tests.factories.races import lost, race, stop_at, won
from tests.integration.careplan_forms.migration.test_races import _in_hand
from tests.integration.core.test_processes import wait_for
from tests.integration.workflows.migration.conftest import make_live, second_spec, started
from workflows.models import FlowCase, FlowCaseMove, FlowDecision, FlowEvent, FlowMigration, FlowTask
from workflows.selectors.chains import verify_case_chain
from workflows.services import migration_running, migrations, timers
from workflows.services.stuck import stuck

pytestmark = [pytest.mark.postgres, pytest.mark.soak, pytest.mark.django_db(transaction=True)]
CASES = 6


@pytest.fixture
def prepare(letters, post, doctor, clinical_lead):
    """A migration under way to a version that asks for a reason, with cases that wait."""

    def prepared(number):
        first = flows.live_flow(key=f"letter-{number}", is_default=False, applies_when={"round": number})
        kept = flows.FlowDefinition.objects.filter(pk=first.definition_id)
        kept.update(is_default=True, applies_when={})
        opened = post(CASES)
        document = second_spec()
        document["transitions"][1]["reason"] = "required"
        make_live(flows.version(first.definition, document))
        migration = started(migrations.propose_migration(old=first, by=clinical_lead), clinical_lead)
        kept.update(is_default=False, applies_when={"round": number})
        return migration, opened

    return prepared


def test_of_a_decision_and_a_move_at_once_one_comes_first_and_both_are_right(prepare, doctor, rounds):
    for number in range(rounds):
        migration, opened = prepare(number)

        def decide(case):
            mine = FlowCase.objects.get(pk=case.pk)
            return lambda: flows.fire(mine, "approve", doctor, expected_state="waiting")

        deeds = [lambda: migration_running.carry_out(migration=migration), *map(decide, opened)]  # noqa: B023
        _, *decisions = race(*deeds)
        for case, result in zip(opened, decisions, strict=True):
            stands = FlowCase.objects.select_related("version").get(pk=case.pk)
            assert verify_case_chain(stands) == []
            if isinstance(result, FlowDecision):
                assert (stands.version.number, stands.outcome) == (1, "approved")
            else:
                # The new version asks for a reason, and this decision gave none.
                assert isinstance(result, Refused), result
                assert (stands.version.number, stands.state) == (2, "waiting")
                assert stands.tasks.filter(closed_at=None).count() == 1
        assert FlowMigration.objects.get(pk=migration.pk).state == "done"


def test_a_reminder_and_a_move_at_once_leave_a_whole_history(prepare, doctor, job_actor):
    migration, opened = prepare(0)
    due = max(timer.due_at for case in opened for timer in case.timers.all())
    results = race(
        lambda: migration_running.carry_out(migration=migration), lambda: timers.fire_due(by=job_actor, now=due)
    )
    assert lost(results) == []
    for case in FlowCase.objects.select_related("version"):
        assert verify_case_chain(case) == [] and case.version.number == 2


def test_two_workers_move_every_case_once(prepare):
    migration, _ = prepare(0)
    results = race(*[lambda: migration_running.carry_out(migration=migration, batch=2)] * 2)
    assert lost(results) == [] and sum(won(results)) == CASES
    assert FlowCaseMove.objects.count() == FlowEvent.objects.filter(kind="migrated").count() == CASES
    assert FlowMigration.objects.get().cases_done == CASES


def test_a_decision_that_waits_for_the_move_of_its_case_finds_it_moved(prepare, doctor, monkeypatch):
    migration, opened = prepare(0)
    write, written = migration_running._write, threading.Event()

    def and_wait_for_the_decision(*args):
        write(*args)
        written.set()
        wait_for(_somebody_waits)

    monkeypatch.setattr(migration_running, "_write", and_wait_for_the_decision)

    def decide():
        assert written.wait(timeout=30)
        return flows.fire(opened[0], "approve", doctor, expected_state="waiting", reason="Read it")

    results = race(lambda: migration_running.carry_out(migration=migration), decide)
    assert lost(results) == [], results
    stands = FlowCase.objects.select_related("version").get(pk=opened[0].pk)
    assert (stands.version.number, stands.outcome) == (2, "approved")
    assert verify_case_chain(stands) == []


def carry_on_into_a_batch(number, mark):
    stop_at(migration_running, "_write", number, mark)
    with flows.letters() as kind:
        remembered(kind, FlowCase.objects.all())
        migration_running.carry_out(migration=FlowMigration.objects.get(state="running"), batch=1)


def remembered(kind, cases):
    """Letters live in memory: those of these cases, for a process that did not write them."""
    for case in cases:
        letter = kind.write(case.owner)
        kind.letters[case.subject_id] = replace(kind.letters.pop(letter.id), id=case.subject_id)


def test_a_worker_killed_in_the_middle_again_and_again_moves_every_case_once(
    letters, post, doctor, first, clinical_lead, forked, rounds, tmp_path
):
    """Killed at another place each time; the last one runs to its end."""
    kills = max(3, rounds // 8)
    number = 4 * kills
    opened = post(number)
    make_live(flows.version(first.definition, second_spec()))
    migration = started(migrations.propose_migration(old=first, by=clinical_lead), clinical_lead)
    tasks = FlowTask.objects.count()
    found = 0
    for turn in range(kills):
        whole, mark = turn % 4, tmp_path / f"{turn}"
        _killed(forked(carry_on_into_a_batch, whole + 1, mark), mark)
        found += whole
        assert FlowCaseMove.objects.count() == found < number
        assert found == FlowMigration.objects.get().cases_done == FlowEvent.objects.filter(kind="migrated").count()
        assert FlowCase.objects.filter(version=migration.to_version).count() == found
    left = number - found
    assert migration_running.carry_out(migration=migration) == left
    assert migration_running.carry_out(migration=migration) == 0
    assert FlowMigration.objects.get().state == "done"
    assert FlowCaseMove.objects.values("case").distinct().count() == FlowCaseMove.objects.count() == number
    assert FlowTask.objects.count() == 2 * tasks and FlowTask.objects.filter(closed_at=None).count() == tasks
    for case in FlowCase.objects.select_related("version").filter(pk__in=[case.pk for case in opened]):
        assert (case.version.number, case.state) == (2, "waiting")
        assert case.events.filter(kind="migrated").count() == 1 and verify_case_chain(case) == []
    assert list(stuck(clock.now())) == []


def _killed(process, mark):
    """A process that carries on with the move is killed for real once it has left its mark, with a case in hand."""
    wait_for(mark.exists)
    process.kill()
    process.join()
    # What it had in hand is rolled back by the database once its connection is seen to be gone.
    wait_for(lambda: not _in_hand())


def _somebody_waits():
    with connection.cursor() as cursor:
        # In this run's database: other runs wait on the same server.
        cursor.execute(
            "SELECT count(*) FROM pg_locks waiting WHERE NOT granted AND EXISTS (SELECT FROM pg_locks held"
            " WHERE held.pid = waiting.pid AND held.database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0] > 0
