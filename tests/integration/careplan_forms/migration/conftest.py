"""Plans on a first version of the form, and a second version that is live."""

import datetime

import pytest

from careplan_forms.models import CarePlan, FormMigration
from careplan_forms.services import migration_running, migrations
from core import clock
from governance.actors import Actor
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.integration.careplan_forms.designer.conftest import host, lead, other_lead
from tests.unit.careplan_forms.plans.conftest import flows, form, outsider, plan
from tests.worlds import shared

__all__ = ["flows", "form", "host", "lead", "other_lead", "outsider", "plan"]


def second_form(**changes):
    """The small form with a question renamed, one gone, and one more that approval needs."""
    document = make.document()
    about, emergency = (section["items"] for section in document["sections"])
    about[1] = about[1] | {"uid": "matters-2"}
    del about[2]
    about.append({"uid": "talked", "type": "yes_no", "label": "Was it talked about?", "required": "publish"})
    emergency[0] = emergency[0] | changes
    return document


def left_behind(author, version):
    """A plan nobody has approved, on a version of the form that is no longer live."""
    care_plan = make.plan(author)
    CarePlan.objects.filter(pk=care_plan.pk).update(form_version=version)
    return CarePlan.objects.get(pk=care_plan.pk)


@shared
def approved(nurse, doctor, flows, form):
    """A plan approved on the first version, with an answer that moves and one that the second version has not."""
    care_plan = make.plan(nurse)
    make.save(nurse, care_plan, "about", matters="Her garden", born="2026-01-05")
    make.save(nurse, care_plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, care_plan))
    return CarePlan.objects.get(pk=care_plan.pk)


@shared
def second(form):
    """The second version, live."""
    return make.form_version(second_form())


@shared
def migration(approved, second):
    [made] = migrations.propose_migrations(version=second, by=Actor.job("test"))
    return made


def counted(migration):
    migration_running.dry_run(migration=FormMigration.objects.get(pk=migration.pk))
    return FormMigration.objects.get(pk=migration.pk)


def started(migration, lead, days=10):
    """The migration under way, counted before."""
    ready = counted(migration)
    deadline = clock.today() + datetime.timedelta(days=days)
    return migrations.start_execution(
        migration=ready, shown_sha256=ready.sha256, deadline=deadline, by=lead, in_worker=False
    )


def carried_out(migration, lead, days=10):
    running = started(migration, lead, days)
    migration_running.carry_out(migration=running)
    return FormMigration.objects.get(pk=migration.pk)


@shared
def moved(migration, lead):
    """The migration carried out: every open plan has its draft."""
    return carried_out(migration, lead)


@pytest.fixture
def browser(nurse):
    return people.client_of(nurse)
