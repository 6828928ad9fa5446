"""The environment, read in one place: every setting an operator may change is a variable read here."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config import REPOSITORY

env = environ.Env()


def required(name: str, how: str) -> str:
    """The variable `name`; raises with the sentence `how` (what to set it to) when it is missing or empty."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {how}")
    return str(value)


def data_directory() -> Path:
    """Where SQLite, uploads and the audit spool live unless told otherwise: `var/` in the checkout."""
    path = Path(env.str("FOREWORD_DATA", default=str(REPOSITORY / "var")))
    path.mkdir(parents=True, exist_ok=True)
    return path
