#!/usr/bin/env python
"""`make check`: everything that can be said about the code without running a test. Fails if any part does."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = [
    "governance",
    "workflows",
    "careplan_forms",
    "content",
    "reporting",
    "site/core",
    "site/config",
    "site/interop",
]
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


@dataclass(frozen=True)
class Check:
    """One program that must end well."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[bool, float, str]:
        """Whether it passed, how long it took, and what it said."""
        started = time.monotonic()
        outcome = subprocess.run(
            self.command,
            cwd=ROOT,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return outcome.returncode == 0, time.monotonic() - started, outcome.stdout.strip()


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def production(folder: str) -> dict[str, str]:
    """The least a real installation sets; the values are made up."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "foreword.example",
        "BASE_URL": "https://foreword.example",
        "EMAIL_URL": "smtp+tls://mail.foreword.example:587",
        "FOREWORD_DATA": folder,
        "DATABASE_URL": f"sqlite:///{folder}/check.sqlite3",
    }


def demo(folder: str) -> dict[str, str]:
    """The settings under which every app is installed."""
    return {"DJANGO_SETTINGS_MODULE": "config.settings.demo", "FOREWORD_DATA": folder}


def checks(folder: str) -> list[Check]:
    return [
        Check("types", [str(BIN / "mypy"), *PACKAGES]),
        Check("format", [str(BIN / "ruff"), "format", "--check", "."]),
        Check("lint", [str(BIN / "ruff"), "check", "."]),
        Check("import law", [str(BIN / "lint-imports")], {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}),
        Check("migrations", python("manage.py", "makemigrations", "--check", "--dry-run"), TEST_SETTINGS),
        Check("templates", python("scripts/check_templates.py"), demo(folder)),
        Check("marks", python("-m", "pytest", "-q", "tests/architecture/test_pages.py", "-k", "mark")),
        Check("reference", python("-m", "pytest", "-q", "tests/architecture/test_reference.py")),
        Check("licences", python("scripts/licences.py")),
        Check("deployment", python("manage.py", "check", "--deploy", "--fail-level", "INFO"), production(folder)),
    ]


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="foreword-check-") as folder, ThreadPoolExecutor(2) as pool:
        todo = checks(folder)
        for check, (passed, seconds, said) in zip(todo, pool.map(Check.run, todo), strict=True):
            print(f"{check.name:12} {'passed' if passed else 'FAILED'} in {seconds:4.1f} s", flush=True)
            if not passed:
                failed.append(check.name)
                print("\n".join(f"    {line}" for line in said.splitlines()[-60:]), flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
