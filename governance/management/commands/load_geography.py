"""Load the dated geography of London: region, boards and places, and Surrey Downs."""

from typing import Any

from django.core.management.base import BaseCommand

from governance.actors import Actor
from governance.services import geography


class Command(BaseCommand):
    """Safe to run again: it adds only what is missing."""

    help = (
        "Load the dated geography of London: region, boards and places, and Surrey Downs. Again: only what is missing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made = geography.load(by=Actor.job("load geography"))
        self.stdout.write(f"{made['areas']} areas and {made['memberships']} memberships added")
