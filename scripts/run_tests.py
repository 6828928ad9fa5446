#!/usr/bin/env python
"""Every test, in three passes beside each other: the browser's, all others on SQLite, all others on PostgreSQL.

Tests that touch no database run once, in the SQLite pass.

Run by `make test` under scripts/with_services.py. `--soak` runs only the races and kills, many rounds of each, and
what is tried on generated examples, on new ones.
Arguments it does not know go to pytest. The exit status is 0 only when every pass was.
"""

import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

PLAIN = ["tests/architecture", "tests/unit", "tests/integration", "tests/permissions"]


@dataclass
class Pass:
    """One run of pytest on one database."""

    name: str
    arguments: list[str]
    on_postgres: bool
    status: int = -1
    seconds: float = 0
    last_line: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, extra: list[str]) -> None:
        """Run it, each line of its output prefixed by its name."""
        environment = os.environ | self.environment
        environment.pop("DATABASE_URL", None)
        # Each process a test starts would otherwise compile the service anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if self.on_postgres:
            environment["DATABASE_URL"] = environment["DATABASE_SERVER"]
        command = [sys.executable, "-m", "pytest", "-q", "--color=no", "--tb=short", *self.arguments, *extra]
        started = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        assert process.stdout is not None
        for line in process.stdout:
            print(f"[{self.name}] {line}", end="", flush=True)
            self.last_line = line.strip() or self.last_line
        self.status = process.wait()
        self.seconds = time.monotonic() - started


def passes(soak: bool) -> list[Pass]:
    browser_safe = {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    if soak:
        only = ["tests/unit", "tests/integration", "-m"]
        return [
            Pass("sqlite", [*only, "(soak or hypothesis) and not postgres"], on_postgres=False),
            Pass("postgres", [*only, "soak"], on_postgres=True),
        ]
    # All at once: while one waits for its browser, its database or a process of its own, another computes, and none is
    # left to run alone on two cores.
    return [
        Pass("browser", ["tests/functional"], on_postgres=True, environment=browser_safe),
        Pass("sqlite", [*PLAIN, "-m", "not browser and not postgres"], on_postgres=False),
        Pass("postgres", [*PLAIN, "-m", "not browser", "--database-only"], on_postgres=True),
    ]


def main(arguments: list[str]) -> int:
    extra = [argument for argument in arguments if argument != "--soak"]
    if not any("randomly" in argument for argument in extra):
        extra += [f"--randomly-seed={random.randrange(10_000)}"]
    todo = passes(soak="--soak" in arguments)
    print(f"Running {len(todo)} passes ({' '.join(extra)}) …", flush=True)
    threads = [threading.Thread(target=one.run, args=(extra,)) for one in todo]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print()
    for one in todo:
        verdict = "passed" if one.status == 0 else "FAILED"
        print(f"{one.name:9} {verdict} in {one.seconds:4.0f} s: {one.last_line}")
    return 0 if all(one.status == 0 for one in todo) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
