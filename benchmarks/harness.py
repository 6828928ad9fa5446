"""Runs the parts of a case in turn, round after round, and counts CPU: of this process and of its database session.

Rates move with the neighbours; CPU per operation hardly does. Product and limit run beside each other in every round,
so that what remains of the weather is the same for both, and the ratio is what counts.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

#: What one part may take in one round, in seconds of wall time, and how many operations at most.
SECONDS = 0.15
MOST = 2000


@dataclass
class Part:
    """One way of doing the work. `prepare` runs before each operation and is not counted."""

    name: str
    work: Callable[..., Any]
    prepare: Callable[[], Any] | None = None
    samples: list[float] = field(default_factory=list)

    def once(self) -> tuple[float, float]:
        """CPU microseconds and wall seconds of one operation."""
        given = (self.prepare(),) if self.prepare else ()
        # Reading the session's CPU costs some of this process's: its clock is read inside, so that none of it counts.
        started, session, before = time.perf_counter(), _session_seconds(), time.process_time()
        self.work(*given)
        spent = time.process_time() - before + _session_seconds() - session
        return spent * 1e6, time.perf_counter() - started

    def round(self) -> float:
        """CPU microseconds an operation in one round, counted as one stretch."""
        count, end, before = 0, time.perf_counter() + SECONDS, cpu_seconds()
        while count < MOST and time.perf_counter() < end:
            self.work()
            count += 1
        return (cpu_seconds() - before) * 1e6 / count


class DatabaseTime(Part):
    """Counts what an operation costs the database alone: its session's CPU, or the wall time of the statements where
    that cannot be read.
    """

    def once(self) -> tuple[float, float]:
        """Microseconds of the database, and wall seconds of one operation."""
        waited = [0.0]

        def timed(execute: Callable[..., Any], *given: Any) -> Any:
            begun = time.perf_counter()
            try:
                return execute(*given)
            finally:
                waited[0] += time.perf_counter() - begun

        started, before = time.perf_counter(), _session_seconds()
        with connection.execute_wrapper(timed):
            self.work()
        spent = _session_seconds() - before if _schedstat() else waited[0]
        return spent * 1e6, time.perf_counter() - started

    def round(self) -> float:
        return _in_turn([self])[0]


class Bound(Part):
    """A limit that is a promise, in microseconds, and no work."""

    def __init__(self, name: str, promise: float) -> None:
        super().__init__(name, work=lambda: None)
        self.promise = promise

    def round(self) -> float:
        return self.promise


@dataclass
class Case:
    """A product part beside its limit. `goal` is the highest ratio wanted, from goals.toml."""

    name: str
    product: Part
    limit: Part
    goal: float | None = None

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.product.samples, self.limit.samples, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def passed(self) -> bool | None:
        return None if self.goal is None else self.ratio <= self.goal


def run(case: Case, rounds: int) -> None:
    """Warm both up, then interleave: rounds, or single operations where one has to be prepared for."""
    for part in (case.product, case.limit):
        for _ in range(3):
            part.once()
    for number in range(rounds):
        parts = [case.product, case.limit] if number % 2 else [case.limit, case.product]
        figures = _in_turn(parts) if case.product.prepare else [part.round() for part in parts]
        for part, figure in zip(parts, figures, strict=True):
            part.samples.append(figure)


def _in_turn(parts: list[Part]) -> list[float]:
    """Microseconds an operation of each, one of every part after the other.

    What is prepared for comes to a processor that has just done something else, as every operation of a server does;
    its limit repeated in a stretch would be the only one to find everything at hand.
    """
    totals, count, end = [0.0] * len(parts), 0, time.perf_counter() + SECONDS
    while count < MOST and time.perf_counter() < end:
        for index, part in enumerate(parts):
            totals[index] += part.once()[0]
        count += 1
    return [total / count for total in totals]


def cpu_seconds() -> float:
    """CPU of this process so far, and of the PostgreSQL session it talks to where that can be read."""
    return time.process_time() + _session_seconds()


def counts_database() -> bool:
    """Whether the database's own CPU is in the figures: it is for PostgreSQL on this Linux machine, and for SQLite."""
    return connection.vendor == "sqlite" or _schedstat() is not None


def _session_seconds() -> float:
    path = _schedstat()
    return int(path.read_text().split()[0]) / 1e9 if path else 0.0


def _schedstat() -> Path | None:
    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    path = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return path if path.exists() else None
