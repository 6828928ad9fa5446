"""Everything at one moment: two workers, people who write meanwhile, and a worker that is killed for real."""

import pytest
from django.db import connection

from careplan_forms.models import CarePlan, FormMigration, FormMigrationDraft, FormMigrationPlan
from careplan_forms.selectors import migrations as read
from careplan_forms.selectors import plans as selectors
from careplan_forms.services import migration_confirming, migration_running
from core import clock
from core.exceptions import Conflict
from tests.factories import careplan_forms as make
from tests.factories.races import lost, race, stop_at, won
from tests.integration.careplan_forms.migration.conftest import left_behind, started
from tests.integration.core.test_processes import wait_for
from tests.worlds import shared

pytestmark = [pytest.mark.postgres, pytest.mark.soak, pytest.mark.django_db(transaction=True)]


@shared
def under_way(migration, nurse, form, lead):
    """A migration of a dozen plans, started and not yet carried out."""
    for _ in range(11):
        left_behind(nurse, form)
    return started(migration, lead)


def test_two_workers_look_at_every_plan_once(under_way, rounds):
    del rounds
    results = race(*[lambda: migration_running.carry_out(migration=under_way, batch=2)] * 2)
    assert lost(results) == [] and sum(won(results)) == 12
    assert FormMigrationPlan.objects.count() == FormMigrationDraft.objects.filter(closed_at=None).count() == 12
    done = FormMigration.objects.get()
    assert (done.state, done.plans_done) == ("done", 12)


def test_what_is_written_while_it_runs_is_neither_lost_nor_unseen(under_way, approved, nurse):
    def write():
        for number in range(5):
            make.save(nurse, CarePlan.objects.get(pk=approved.pk), "about", matters=f"Word {number}")

    results = race(write, lambda: migration_running.carry_out(migration=under_way, batch=1))
    assert lost(results) == []
    plan = CarePlan.objects.select_related("patient").get(pk=approved.pk)
    move = read.waiting_move(viewer=nurse, plan=plan, today=clock.today())
    assert move.moved.answers["matters-2"] == "Word 4"
    assert selectors.working_view(plan).answers["matters"] == "Word 4"


def test_confirming_and_writing_at_once_lose_no_word(under_way, approved, nurse, doctor):
    migration_running.carry_out(migration=under_way)
    opened = CarePlan.objects.select_related("patient").get(pk=approved.pk)
    shown = read.waiting_move(viewer=nurse, plan=opened, today=clock.today()).sha256

    def confirm():
        plan = CarePlan.objects.select_related("patient").get(pk=approved.pk)
        return migration_confirming.confirm_move(by=nurse, plan=plan, shown=shown, read_losses=True, now=clock.now())

    results = race(confirm, lambda: make.save(doctor, opened, "about", matters="Written meanwhile"))
    plan = CarePlan.objects.get(pk=approved.pk)
    answers = selectors.working_view(plan).answers
    if isinstance(results[1], Conflict):
        # Told that the form changed; the page shows what was typed.
        assert plan.form_version == under_way.to_version
    else:
        assert "Written meanwhile" in (answers.get("matters"), answers.get("matters-2"))


def carry_on_into_the_fourth_batch(mark):
    stop_at(migration_running, "_write", 4, mark)
    migration_running.carry_out(migration=FormMigration.objects.get(), batch=1)


def test_a_worker_killed_in_the_middle_leaves_whole_batches_and_another_goes_on(under_way, forked, tmp_path):
    process = forked(carry_on_into_the_fourth_batch, tmp_path / "mark")
    wait_for((tmp_path / "mark").exists)
    process.kill()
    process.join()
    # What it had in hand is rolled back by the database once its connection is seen to be gone.
    wait_for(lambda: not _in_hand())
    found = FormMigrationPlan.objects.count()
    assert found == 3
    assert FormMigrationDraft.objects.count() == found == FormMigration.objects.get().plans_done
    assert migration_running.carry_out(migration=under_way) == 12 - found
    assert FormMigrationPlan.objects.values("plan").distinct().count() == 12


def _in_hand() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        return bool(cursor.fetchone()[0])
