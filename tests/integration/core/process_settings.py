"""Settings of the processes that tests start and kill: a developer's, with the tests' jobs on board."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.integration.core.jobs_app.ExampleJobsConfig"]
