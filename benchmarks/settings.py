"""The suite's settings, with templates drawn as in production and one empty page to compare with."""

from pathlib import Path

from config.settings.test import *  # noqa: F403
from config.settings.test import LOGGING, TEMPLATES

ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["OPTIONS"]["environment"] = "config.jinja.environment"  # type: ignore[index]
TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "jinja2")  # type: ignore[attr-defined]
LOGGING["root"]["level"] = "ERROR"  # type: ignore[index]
