"""A letter flow of two versions, and cases on the first."""

import pytest

from tests.factories import workflows as flows
from workflows.models import FlowCase, FlowMigration
from workflows.selectors import migrations as read
from workflows.services import migration_counting, migration_running, migrations


def second_spec(waiting="waiting", **state):
    """The next version: letters wait in the state `waiting` for whom `state` says."""
    document = flows.spec()
    document["states"][1] |= {"key": waiting, "label": "With a doctor", "due_hours": 24, "reminder_hours": 12} | state
    for step in document["transitions"]:
        for end in ("from", "to"):
            step[end] = waiting if step[end] == "waiting" else step[end]
    return document


def make_live(version):
    """Put a further version to use."""
    version.definition.live_version = version
    version.definition.save(update_fields=["live_version"])
    return version


def counted(migration):
    migration_counting.dry_run(migration=migration)
    return read.by_pk(migration.pk)


def started(migration, lead, reason="The old version asked too little"):
    ready = counted(migration)
    return migrations.start_moving(migration=ready, shown_sha256=ready.sha256, reason=reason, by=lead, in_worker=False)


def carried_out(migration, lead, **options):
    migration_running.carry_out(migration=started(migration, lead), **options)
    return FlowMigration.objects.get(pk=migration.pk)


def states():
    """(version, state) of every case, in the order they were opened."""
    return list(FlowCase.objects.order_by("pk").values_list("version__number", "state"))


@pytest.fixture
def first(db):
    return flows.live_flow()


@pytest.fixture
def post(letters, practice, nurse):
    """Opens cases of so many letters."""

    def opened(number, owner=practice):
        return [flows.open_case(letters.write(owner, nurse), nurse) for _ in range(number)]

    return opened


@pytest.fixture
def migration(post, doctor, first, clinical_lead):
    """From the first version, on which three cases wait for the doctor, to the second; prepared."""
    post(3)
    make_live(flows.version(first.definition, second_spec()))
    return migrations.propose_migration(old=first, by=clinical_lead)
