"""Fixtures every test may use: people in their roles, and the actors they act as."""

import gc
import os

import hypothesis
import pytest

from governance.actors import Actor
from governance.services import audit
from tests import worlds
from tests.factories import governance as make
from tests.worlds import shared

SOAK = bool(os.environ.get("SOAK"))
# How long an example takes says how busy the machine is. The suite tries the same examples each time, so that it says
# of a change what it said before; `make soak` draws new ones.
hypothesis.settings.register_profile(
    "suite", deadline=None, derandomize=not SOAK, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")
# Nothing is garbage while tests are collected.
gc.disable()


@pytest.fixture(autouse=True)
def _nothing_on_its_way():
    """What a test left on disk to be brought in by the end of its request is not brought in by the next test's."""
    yield
    audit.spooled.set(False)


@pytest.fixture
def _what_is_shared(request, django_db_setup, django_db_blocker):
    """What the test shares with others of its module is there before its own transaction begins (tests/worlds.py)."""
    world = request.config.stash[worlds.WORLD]
    with django_db_blocker.unblock():
        world.enter(request.node)
    yield
    with django_db_blocker.unblock():
        world.leave(request.node)


@pytest.fixture
def _django_db_helper(_what_is_shared, _django_db_helper):
    """pytest-django's transaction of one test, within what is shared."""


@pytest.fixture
def job_actor() -> Actor:
    return Actor.job("test")


@shared
def practice():
    """A GP practice in the service: agreement in force."""
    return make.organisation(ods_code="A81001", care_setting="gp_practice", agreement="in_force")


@shared
def ambulance_service():
    return make.organisation(ods_code="RRU01", care_setting="ambulance", agreement="in_force")


@shared
def nurse(practice):
    """A clinician of the practice, listed and trained: an Actor."""
    return make.staff(practice, role="clinician")


@shared
def doctor(practice):
    return make.staff(practice, role="doctor")


@shared
def other_doctor(practice):
    return make.staff(practice, role="doctor")


@shared
def paramedic(ambulance_service):
    return make.staff(ambulance_service, role="urgent_reader")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """A migrated database of this run's own (tests/bed.py)."""
    from django.conf import settings

    from tests import bed

    with django_db_blocker.unblock():
        settings.DATABASES["default"].setdefault("TEST", {}).update(bed.databases().choose())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Keeps the freshly migrated database for the next run; drops this run's own at the end."""
    from django.db import connection

    from governance import guards
    from tests import bed

    with django_db_blocker.unblock():
        bed.databases().keep()
        guards.allow_clearing(connection)
        bed.FirstRows()
        # Django asks a database once whether it can do this: no test that counts questions is the first to need it.
        assert connection.features.supports_json_field
    yield
    with django_db_blocker.unblock():
        bed.databases().drop()


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="leave out tests that touch no database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    from tests import bed

    if config.getoption("--database-only"):
        bed.keep_only_tests_of_the_database(config, items)
    config.stash[worlds.WORLD] = worlds.plan(items)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """What is there once the tests are collected stays to the end, and what a test leaves may lie for a while."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    from tests import bed

    bed.refuse_skips(session)


def pytest_unconfigure():
    import shutil

    from django.conf import settings

    shutil.rmtree(settings.SCRATCH, ignore_errors=True)


@pytest.fixture
def rounds() -> int:
    """How often a race or a kill is tried: a few times in the suite, many under `make soak`."""
    return 200 if SOAK else 5


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks):
    """`with run_on_commit(): …` runs what the block left for after its commit, jobs included."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
