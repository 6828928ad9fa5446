"""`python -m benchmarks.run [--cases summary,form] [--rounds N] [--gate]`: builds a database, measures, prints a table.

The database is the test-suite's migrated one, copied for this run and dropped at its end.
"""

import argparse
import importlib
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CASES = ("summary", "form", "language", "save", "audit", "inbox")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default=",".join(CASES), help="comma-separated: " + ", ".join(CASES))
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--gate", action="store_true", help="a missed goal is an error")
    options = parser.parse_args()
    _set_up_django()
    with _database():
        failed = _measured(options.cases.split(","), options.rounds)
    return 1 if failed and options.gate else 0


def _set_up_django() -> None:
    sys.path.insert(0, str(HERE.parent / "site"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    if "DATABASE_SERVER" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["DATABASE_SERVER"]
    import django

    django.setup()


@contextmanager
def _database() -> Iterator[None]:
    """A migrated database of this run's own, dropped at the end."""
    from django.db import connection
    from django.test.utils import setup_databases

    from tests import bed

    print(f"Preparing a database ({connection.vendor}) …", flush=True)
    databases = bed.databases()
    connection.settings_dict["TEST"].update(databases.choose())
    setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=[])
    databases.keep()
    try:
        yield
    finally:
        databases.drop()


def _measured(names: list[str], rounds: int) -> int:
    """Print a line for every comparison; returns how many miss their goal."""
    from benchmarks import harness

    settings = tomllib.loads((HERE / "goals.toml").read_text())
    counted = "this process and its database session" if harness.counts_database() else "this process alone"
    print(f"CPU per operation, of {counted}; median of {rounds} rounds [lowest-highest ratio]\n")
    heads = ("product us", "limit us", "ratio", "goal", "verdict")
    print(f"{'case':<41}" + "".join(f"{head:>12}" for head in heads) + "  spread")
    failed = 0
    for name in names:
        for case in importlib.import_module(f"benchmarks.cases.{name}").build():
            case.goal = settings["goals"].get(case.name)
            harness.run(case, rounds)
            print(_line(case), flush=True)
            failed += case.ratio > case.goal * (1 + settings["tolerance"]) if case.goal else 0
    return failed


def _line(case: Any) -> str:
    import statistics

    product, limit = (statistics.median(part.samples) for part in (case.product, case.limit))
    verdict = "" if case.passed is None else ("PASS" if case.passed else "FAIL")
    goal = "" if case.goal is None else f"{case.goal:.2f}"
    figures = f"{product:>12.0f}{limit:>12.0f}{case.ratio:>12.3g}{goal:>12}{verdict:>12}"
    return f"{case.name:<41}{figures}  {min(case.ratios):.2f}-{max(case.ratios):.2f}"


if __name__ == "__main__":
    sys.exit(main())
