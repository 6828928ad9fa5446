"""A letter flow of two versions, and cases on the first."""

import pytest

from governance.models import Organisation
from tests.factories import governance as people
from tests.factories import workflows as flows
from tests.worlds import shared
from workflows import move_policies
from workflows.models import FlowCase, FlowMigration
from workflows.selectors import migrations as read
from workflows.services import migration_confirming, migration_counting, migration_running, migrations


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


def second_person(lead):
    """Somebody beside the lead who may confirm a move: the host's clinical safety officer."""
    return people.staff(Organisation.objects.get(pk=lead.organisation_id), role="clinical_safety_officer")


def asked(migration, lead, reason="The old version asked too little"):
    ready = counted(migration)
    return migration_confirming.ask(migration=ready, shown_sha256=ready.sha256, reason=reason, by=lead)


def confirmed(migration, by):
    """What waits, confirmed by somebody who has read it as it is."""
    shown = read.by_pk(migration.pk)
    sha256 = move_policies.read_sha256(shown)
    return migration_confirming.confirm(migration=shown, shown_sha256=sha256, by=by, in_worker=False)


def started(migration, lead):
    return confirmed(asked(migration, lead), second_person(lead))


def carried_out(migration, lead, **options):
    migration_running.carry_out(migration=started(migration, lead), **options)
    return FlowMigration.objects.get(pk=migration.pk)


def states():
    """(version, state) of every case, in the order they were opened."""
    return list(FlowCase.objects.order_by("pk").values_list("version__number", "state"))


@shared
def first():
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
