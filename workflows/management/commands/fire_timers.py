"""Send the reminders and escalations that are due."""

from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from governance.actors import Actor
from workflows.services import timers


class Command(BaseCommand):
    """Exit code 0: everything due was sent."""

    help = (
        "Send every reminder and escalation that is due, each once, however many workers run beside this. The "
        "workers do it every five minutes by themselves; this is for a service without them, or after an outage. "
        "Exit code 0: everything due was sent."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        fired = total = timers.fire_due(by=Actor.job("flow timers"), now=clock.now())
        while fired:
            fired = timers.fire_due(by=Actor.job("flow timers"), now=clock.now())
            total += fired
        self.stdout.write(f"{total} reminders and escalations were sent.")
