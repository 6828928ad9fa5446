"""`manage.py seed_demo`: builds the practice world; `--json` prints it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import world


class Command(BaseCommand):
    """Builds the synthetic world into an empty database. Again, it changes nothing."""

    help = "Build the practice world (demo settings only)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the world as JSON")
        parser.add_argument("--plans", type=int, default=world.PLANS, help="how many plans (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The practice world is built under demo settings only")
        world.write_demographics()
        if not world.exists():
            world.build(plans=options["plans"], say=self._say(quiet=options["json"]))
        if options["json"]:
            self.stdout.write(json.dumps(world.described(), ensure_ascii=False, indent=1))

    def _say(self, quiet: bool) -> Any:
        return (lambda line: None) if quiet else (lambda line: self.stdout.write(f"  {line}"))
