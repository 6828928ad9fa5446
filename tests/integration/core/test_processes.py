"""Real processes, really killed: work is not lost, nothing outlives `serve`, and what dies comes back."""

import http.client
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from core import supervision
from core.jobs import runs, schedules
from core.management.commands import serve
from core.models import JobRun, Schedule
from tests.integration.conftest import ROOT
from tests.integration.core import example_jobs

PATIENCE = 90


def wait_for(what, seconds=PATIENCE):
    """Look until `what()` is true; gives its value, and fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    pytest.fail(f"nothing happened within {seconds} s")


def work(lease: float = 2):
    """Be a worker, under a name of its own: the service names itself when it is loaded, which was before the fork."""
    settings.JOB_LEASE_SECONDS = lease
    runs.WORKER = f"{runs.WORKER}:{os.getpid()}"
    call_command("worker", "--poll", "0.1")


@pytest.fixture
def worker(forked):
    """Start workers; each is gone when the test ends."""
    return lambda *how: forked(work, *how)


def asked_for(folder: Path, hangs: int = 1) -> JobRun:
    """A run some other process committed and could not hand over before it died."""
    arguments = {"folder": str(folder), "hangs": hangs}
    return JobRun.objects.create(job=example_jobs.leave_mark.path, arguments=arguments, max_attempts=hangs + 1)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_is_run_again_however_often(worker, tmp_path, rounds):
    marks = tmp_path / "marks"
    marks.mkdir()
    kills = min(rounds, 50)
    run = asked_for(folder=marks, hangs=kills)
    for killed in range(kills):
        process = worker()
        wait_for(lambda: len(list(marks.iterdir())) > killed)  # noqa: B023
        process.kill()
        process.join()
    worker()
    wait_for(lambda: JobRun.objects.get(pk=run.pk).state == JobRun.State.DONE)
    run.refresh_from_db()
    assert (run.attempts, run.result) == (kills + 1, "done")
    assert len({mark.name.split("-")[0] for mark in marks.iterdir()}) == kills + 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_gives_back_what_it_was_doing(worker, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    run = asked_for(folder=marks)
    # So long that no busy machine makes it lapse, which would count as an attempt.
    process = worker(60)
    wait_for(lambda: list(marks.iterdir()))
    process.terminate()
    process.join(20)
    assert process.exitcode == 0
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobRun.State.QUEUED, 0)
    assert not JobRun.objects.filter(job="core.worker").exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_starts_knows_every_schedule_the_code_declares(worker):
    assert not Schedule.objects.exists()
    worker()
    declared = {(each.name, each.cron, each.job.path) for each in schedules}
    assert len(declared) > 5
    wait_for(lambda: set(Schedule.objects.filter(enabled=True).values_list("name", "cron", "job")) == declared)


def processes() -> dict[int, int]:
    """Every process and its parent, without those that ended and nobody waited for. A bare Linux has no `ps`."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
        rows = [line.split() for line in listed.stdout.splitlines()]
        return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(stat.parent.name)] = int(parent)
    return found


def alive(pids: set[int]) -> set[int]:
    """Those still running."""
    return pids & processes().keys()


def descendants(pid: int) -> set[int]:
    """Every process below `pid`."""
    children: dict[int, list[int]] = {}
    for child, parent in processes().items():
        children.setdefault(parent, []).append(child)
    found, queue = set(), [pid]
    while queue:
        for child in children.get(queue.pop(), []):
            found.add(child)
            queue.append(child)
    return found


def free_port() -> int:
    """A port nobody has, and of those no system gives to a program that asks for any: it is still free when `serve`,
    seconds later, takes it. Not drawn from the chance that runs beside this one share with it.
    """
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port := 20_000 + secrets.randbelow(12_000)))
            return port


class Served:
    """`serve` on a free port, with its output kept."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "serve.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--prepare", "--port", str(self.port)],
                cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def answers(self, address: str = "/healthz") -> bool:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            client.request("GET", address)
            return client.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            client.close()

    def says(self, words: str) -> bool:
        return words in self.log.read_text()


@pytest.fixture
def served(environment, tmp_path):
    running = Served(environment, tmp_path)
    yield running
    below = descendants(running.process.pid)
    for pid in {running.process.pid, *below}:
        if alive({pid}):
            os.kill(pid, signal.SIGKILL)
    running.process.wait()


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_serve_announces_itself_mends_itself_and_leaves_nothing_behind(served):
    wait_for(lambda: served.says(f"Foreword is at http://127.0.0.1:{served.port}/"))
    wait_for(lambda: served.answers("/readyz"))
    below = descendants(served.process.pid)
    commands = {pid: Path(f"/proc/{pid}/cmdline") for pid in below}
    assert len(below) >= 3, commands
    os.kill(max(below), signal.SIGKILL)
    wait_for(lambda: served.says("process stopped (") and served.answers("/readyz"))
    below |= descendants(served.process.pid)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(20) == 0
    assert alive(below) == set()
    assert served.says("Stopped.")
    assert not served.answers()


#: Starts a process that ignores SIGTERM and takes long to be gone, says which, and stops when told to.
_STUBBORN = """
import subprocess, sys
deaf = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); held = b'x' * 2 * 10 ** 8;"
deaf += " print(flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
child.stdout.readline()
open(sys.argv[1], "w").write(str(child.pid))
child.wait()
"""


def test_when_serve_has_stopped_even_what_had_to_be_killed_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    mark = tmp_path / "mark"
    child = supervision.Child("stubborn", [sys.executable, "-c", _STUBBORN, str(mark)])
    supervisor = supervision.Supervisor([child], grace=2, say=print)

    def stop():
        wait_for(lambda: mark.exists() and mark.read_text())
        supervisor.stopping.set()

    stopping = threading.Thread(target=stop)
    stopping.start()
    supervisor.run()
    stopping.join()
    assert alive({child.process.pid, int(mark.read_text())}) == set()


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_nothing_outlives_a_serve_that_is_killed(served):
    wait_for(served.answers)
    below = descendants(served.process.pid)
    os.kill(served.process.pid, signal.SIGKILL)
    wait_for(lambda: alive(below) == set(), seconds=20)


def test_a_taken_port_is_said_in_words(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        with pytest.raises(SystemExit) as left:
            serve.Command().run_from_argv(["manage.py", "serve", "--port", port])
    said = capsys.readouterr().err
    assert left.value.code == 1
    assert f"Something else uses port {port}" in said
    assert "Traceback" not in said


def test_sqlite_is_patient_and_keeps_a_write_ahead_log(db):
    """Web server and worker write beside each other: a writer waits its turn instead of failing."""
    if connection.vendor == "sqlite":
        assert sqlite3.sqlite_version_info >= (3, 35)
        assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 20_000
            assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


#: What is registered by name once the applications are loaded, and what more once every page is.
LOADED = """
import gc, sys
sys.path[:0] = [".", "site"]
import django
django.setup()
from django.urls import get_resolver
from core.registry import Registry

def known():
    return {(each.name, str(key)) for each in gc.get_objects() if type(each) is Registry for key in each._entries}

def load(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            load(pattern)

before = known()
load(get_resolver())
print(sorted(known() - before))
"""


def test_a_worker_which_loads_no_page_knows_every_job_and_every_writer_of_documents():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "DATABASE_URL": "sqlite://:memory:"}
    told = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stdout + told.stderr
