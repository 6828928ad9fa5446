"""Processes of their own, for tests that kill."""

import multiprocessing
import os
from multiprocessing import forkserver
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def surroundings(data: Path) -> dict[str, str]:
    """What a process of the service is started with: the run's database, a data folder of its own, a short lease."""
    given = connection.settings_dict
    address = f"sqlite:///{given['NAME']}"
    if connection.vendor == "postgresql":
        address = f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.integration.core.process_settings",
        "DATABASE_URL": address,
        "FOREWORD_DATA": str(data),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "JOB_LEASE_SECONDS": "2",
        "STOP_GRACE_SECONDS": "2",
    }


@pytest.fixture
def environment(tmp_path):
    return surroundings(tmp_path / "data")


@pytest.fixture(scope="session")
def _forks(django_db_setup, tmp_path_factory):
    """Where processes are forked from: one that has loaded the service, which takes seconds each time."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.integration.core.loaded"])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in surroundings(tmp_path_factory.mktemp("data")).items():
            patch.setenv(name, value)
        forkserver.ensure_running()
    return forks


@pytest.fixture
def forked(_forks):
    """`forked(what, *given)` runs it in a process of its own; each is gone when the test ends."""
    started = []

    def start(what, *given):
        process = _forks.Process(target=what, args=given)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()
