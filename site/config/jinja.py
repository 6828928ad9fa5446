"""The Jinja2 environment every page of ours is drawn in."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def environment(**options: Any) -> Environment:
    """Autoescaping environment with the design system's macros and the few functions a page may call."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    env = Environment(**options, trim_blocks=True, lstrip_blocks=True)  # noqa: S701  (Django passes autoescape=True)
    env.globals.update(static=static, url=reverse, service_name=settings.SERVICE_NAME)
    return env


def strict_environment(**options: Any) -> Environment:
    """The same for tests: a name the view forgot is an error, not an empty space."""
    options["undefined"] = StrictUndefined
    return environment(**options)
