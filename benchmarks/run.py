"""`python -m benchmarks.run`: builds a database of its own, measures, prints the table."""

import argparse
import os
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "site"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

#: Approving uses a plan up, so each case says how often it may run in a round.
TIMES = {"approval": 10}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", help="comma-separated; all by default")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gate", action="store_true", help="a missed goal is an error")
    options = parser.parse_args()

    import django

    django.setup()
    from django.conf import settings
    from django.test.runner import DiscoverRunner

    settings.ROOT_URLCONF = "benchmarks.urls"
    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        missed = _measured(options)
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()
    return 1 if missed and options.gate else 0


def _measured(options: argparse.Namespace) -> int:
    from benchmarks.cases import CASES
    from benchmarks.harness import measure

    goals = tomllib.loads((HERE / "goals.toml").read_text())["goals"]
    wanted = options.cases.split(",") if options.cases else list(CASES)
    print(f"{'case':<16}{'product us':>12}{'limit us':>12}{'ratio':>8}{'goal':>8}")
    missed = 0
    for name in wanted:
        product, limit = CASES[name]()
        found = measure(name, product, limit, rounds=options.rounds, times=TIMES.get(name, 40))
        verdict = "PASS" if found.ratio <= goals[name] else "FAIL"
        missed += verdict == "FAIL"
        line = f"{name:<16}{found.product:>12.0f}{found.limit:>12.0f}{found.ratio:>8.2f}{goals[name]:>8.1f}"
        print(f"{line}  {verdict}", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
