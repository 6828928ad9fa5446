"""Background work of flows."""

from core import clock
from core.jobs import job, schedule
from governance.actors import Actor
from workflows.services import timers, vacancies
from workflows.subjects import agreement_upkeep


@job(queue="default")
def fire_flow_timers() -> dict[str, int]:
    """Send the reminders and escalations that are due."""
    return {"fired": timers.fire_due(by=Actor.job("flow timers"), now=clock.now())}


@job(queue="default")
def follow_agreements() -> dict[str, int]:
    """Ask for renewals of agreements that near their end; close the cases of those that lapsed."""
    return agreement_upkeep.follow_dates(by=Actor.job("follow agreements"), now=clock.now())


@job(queue="default")
def report_vacancies() -> dict[str, int]:
    """Tell leads of the roles that tasks wait for and nobody holds."""
    return {"told": vacancies.report_all(by=Actor.job("vacancies"), now=clock.now())}


schedule("follow agreements", "35 4 * * *", follow_agreements)
schedule("flow timers", "*/5 * * * *", fire_flow_timers)
schedule("report vacancies", "30 6 * * *", report_vacancies)
