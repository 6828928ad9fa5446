"""Registers the tests' jobs in a worker process."""

from django.apps import AppConfig


class ExampleJobsConfig(AppConfig):
    name = "tests.integration.core"
    label = "example_jobs"

    def ready(self) -> None:
        from tests.integration.core import example_jobs  # noqa: F401
