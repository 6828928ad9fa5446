"""Puts the forms that come with the product into the designer and makes them live."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from careplan_forms.services import definitions
from core.exceptions import ForewordError, NotAllowed
from governance.actors import Actor
from governance.enums import RoleKey
from governance.selectors.capacities import actor_by_email


class Command(BaseCommand):
    help = (
        "Make the forms that come with the service live. Three people stand for them: the lead whose forms they "
        "are, and the two who sign them off. Again: nothing changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="EMAIL", help="The clinical lead whose forms they are")
        for option, who in (
            ("--clinical-safety", "The clinical safety officer who signs them off"),
            ("--information-governance", "The information governance officer who signs them off"),
        ):
            parser.add_argument(option, required=True, metavar="EMAIL", help=who)
        parser.add_argument(
            "--form", action="append", default=[], metavar="KEY", help="Only this form; may be given more than once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lead = _actor(options["by"], RoleKey.CLINICAL_LEAD)
        officers = (
            _actor(options["clinical_safety"], RoleKey.CLINICAL_SAFETY_OFFICER),
            _actor(options["information_governance"], RoleKey.IG_OFFICER),
        )
        try:
            versions = definitions.seed(by=lead, signed_off_by=officers, only=options["form"])
        except NotAllowed as refusal:
            reasons = "; ".join(reason.text for reason in refusal.decision.reasons)
            raise CommandError(reasons) from None
        except ForewordError as refusal:
            raise CommandError(str(refusal)) from None
        for version in versions:
            self.stdout.write(f"{version.definition.key}: version {version.number} is live")


def _actor(email: str, role: RoleKey) -> Actor:
    actor = actor_by_email(email, role)
    if actor is None:
        raise CommandError(f"There is no account with that address that is on a staff list as {role.label.lower()}")
    return actor
