"""Background work of flows."""

from core import clock
from core.jobs import job, schedule
from governance.actors import Actor
from workflows.services import timers


@job(queue="default")
def fire_flow_timers() -> dict[str, int]:
    """Send the reminders and escalations that are due."""
    return {"fired": timers.fire_due(by=Actor.job("flow timers"), now=clock.now())}


schedule("flow timers", "*/5 * * * *", fire_flow_timers)
