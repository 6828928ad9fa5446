"""Bring the administration groups and who is in them in step with roles and staff lists."""

from typing import Any

from django.core.management.base import BaseCommand

from governance.actors import Actor
from governance.services import groups


class Command(BaseCommand):
    """Safe to run again."""

    help = "Bring the administration groups, and who is in them, in step with roles and staff lists. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.job("sync groups")
        groups.sync_roles(by=by)
        self.stdout.write(f"{groups.sync_everybody(by=by)} accounts looked at")
