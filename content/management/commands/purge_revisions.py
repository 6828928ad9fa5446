"""Wagtail's command of this name, refused: with a revision goes the evidence of who approved it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

REFUSAL = "Revisions are kept: deleting one deletes the record of who reviewed it."


class Command(BaseCommand):
    """Says why nothing is deleted, whatever options it is given."""

    help = "Refused: revisions are the evidence of reviews."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--days", type=int)
        parser.add_argument("--pages", action="store_true")
        parser.add_argument("--non-pages", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(REFUSAL)
