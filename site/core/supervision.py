"""Child processes that never outlive their parent, and the parent that keeps them running."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

#: The process id a child must find above it; set by whoever starts children that should not outlive it.
PARENT = "FOREWORD_PARENT"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
#: How long the first child may start alone: on a small machine people wait for the first page, not for the worker.
HEAD_START = 15.0
#: How long, in seconds, what was killed may take to be gone: the system takes its memory back first.
END = 3.0


def stop_with_parent(seconds: float = 0.5) -> None:
    """Have this process stop, by SIGTERM and then at once, when the process that started it is gone.

    A parent that is killed outright cannot stop its children, and no signal tells them on macOS; so they look. The
    parent may be gone before the first look, so it is known by the number it left. Does nothing when it left none.
    """
    if PARENT not in os.environ:
        return
    parent = int(os.environ[PARENT])

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(3)
        os._exit(1)

    threading.Thread(target=look, name="parent watch", daemon=True).start()


@dataclass
class Child:
    """One process to keep running: a name for people, and its command."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started: float = 0
    again_at: float = 0
    pause: float = FIRST_PAUSE

    def start(self, environment: dict[str, str]) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor only, and the whole group can be ended."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, env=environment, start_new_session=True)

    def signal_group(self, number: int) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_gone(self) -> bool:
        """Whether neither it nor any process it started is left."""
        if self.process is None:
            return True
        if self.is_running():
            return False
        try:
            os.killpg(self.process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return True
        return False

    def note_death(self) -> float:
        """Work out when to start it again: at once the first time, later the more often it dies young."""
        lived = time.monotonic() - self.started
        self.pause = FIRST_PAUSE if lived > LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
        wait = self.pause / 2
        self.again_at = time.monotonic() + wait
        self.signal_group(signal.SIGKILL)
        self.process = None
        return wait


@dataclass
class Supervisor:
    """Starts children, starts them again when they die, and takes all of them along when it stops.

    `grace` is how many seconds they have to stop by themselves; `say` gets the lines for people.
    """

    children: list[Child]
    grace: float
    say: Callable[[str], None]
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Block until SIGINT or SIGTERM; every child, and every child of theirs, is gone when this returns."""
        self.environment[PARENT] = str(os.getpid())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            self.children[0].start(self.environment)
            for child in self.children[1:]:
                child.again_at = time.monotonic() + HEAD_START
            while not self.stopping.wait(0.2):
                self._look_after()
        finally:
            self._stop_all()

    def start_the_rest(self) -> None:
        """The first child is up: start the others now."""
        for child in self.children:
            if child.process is None:
                child.again_at = 0

    def _look_after(self) -> None:
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.again_at:
                    child.start(self.environment)
            elif not child.is_running() and not self.stopping.wait(0.5):
                status = child.process.returncode
                wait = child.note_death()
                self.say(f"The {child.name} process stopped ({_how(status)}); starting it again in {wait:.0f} s.")

    def _stop_all(self) -> None:
        for child in self.children:
            if child.is_running():
                child.process.terminate()  # type: ignore[union-attr]
        self._wait(self.grace, lambda: not any(child.is_running() for child in self.children))
        for child in self.children:
            child.signal_group(signal.SIGKILL)
        self._wait(END, lambda: all(child.is_gone() for child in self.children))

    def _wait(self, seconds: float, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not until():
            time.sleep(0.05)


def _how(status: int) -> str:
    """An exit status in words."""
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
