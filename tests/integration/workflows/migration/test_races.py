"""A decision and the move of its case at one moment, and two workers: each comes first or second, never into it."""

import threading

import pytest
from django.db import connection

from core.exceptions import Refused
from tests.factories import workflows as flows
from tests.factories.races import lost, race, won
from tests.integration.core.test_processes import wait_for
from tests.integration.workflows.migration.conftest import make_live, second_spec, started
from workflows.models import FlowCase, FlowCaseMove, FlowDecision, FlowEvent, FlowMigration
from workflows.selectors.chains import verify_case_chain
from workflows.services import migration_running, migrations, timers

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


def _somebody_waits():
    if connection.vendor == "sqlite":
        return True  # it has one writer at a time, and nobody to ask who waits
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
