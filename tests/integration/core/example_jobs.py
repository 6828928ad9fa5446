"""Jobs the tests of the job layer run, here and in worker processes of their own."""

import os
import time
from pathlib import Path

from core.jobs import job


@job()
def add(a: int, b: int) -> int:
    return a + b


@job(max_attempts=2)
def refuse(words: str) -> None:
    raise ValueError(words)


@job()
def leave_mark(folder: str) -> str:
    """Write a mark per attempt; the first attempt then hangs until it is killed."""
    marks = Path(folder)
    first = not list(marks.iterdir())
    (marks / f"{os.getpid()}-{time.monotonic_ns()}").touch()
    while first:
        time.sleep(0.05)
    return "done"


@job()
def note(folder: str, name: str) -> None:
    (Path(folder) / name).touch()
