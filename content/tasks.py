"""Background work of pages."""

from django.core.management import call_command

from core.jobs import job, schedule


@job()
def follow_page_dates() -> None:
    """Put reviewed pages live, and take pages down, whose day has come; Wagtail leaves its command to the clock."""
    call_command("publish_scheduled", verbosity=0)


schedule("follow dates of pages", "*/5 * * * *", follow_page_dates)
