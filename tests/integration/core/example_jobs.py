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


@job(max_attempts=1000)
def leave_mark(folder: str, hangs: int = 1) -> str:
    """Write a mark per attempt; the first `hangs` attempts then hang until they are killed."""
    marks = Path(folder)
    (marks / f"{os.getpid()}-{time.monotonic_ns()}").touch()
    while len(list(marks.iterdir())) <= hangs:
        time.sleep(0.05)
    return "done"
