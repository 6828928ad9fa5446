"""Commands that answer a question: one way of printing, of refusing and of ending, whatever is asked."""

import json
from abc import abstractmethod
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import ForewordError, NotAllowed, Refused
from core.moving import Progress, every_tenth

FINE, FOUND, COULD_NOT = 0, 1, 2
MOST_BYTES = 20_000_000


class AnsweringCommand(BaseCommand):
    """Exit code 0: nothing was found. 1: something was. 2: it could not be done, and one sentence says why.

    `answer` does the work, says what it finds and gives the report with whether something was found. `faults` are the
    errors, besides the domain's own, whose message is a sentence for whoever runs it.
    """

    faults: tuple[type[Exception], ...] = ()
    _is_json = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--report", choices=["text", "json"], default="text", help="how to print the result")

    def handle(self, *args: Any, **options: Any) -> None:
        self._is_json = options["report"] == "json"
        try:
            report, found = self.answer(options)
        except NotAllowed as refusal:
            sentence = "; ".join(reason.text for reason in refusal.decision.reasons)
            raise CommandError(sentence, returncode=COULD_NOT) from None
        except (ForewordError, *self.faults) as refusal:
            raise CommandError(str(refusal), returncode=COULD_NOT) from None
        if self._is_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        if found:
            raise SystemExit(FOUND)

    @abstractmethod
    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """The report, and whether something was found that whoever runs it has to look at."""

    def say(self, text: str) -> None:
        """A line of the answer, for people."""
        if not self._is_json:
            self.stdout.write(text)

    def progress(self, words: str) -> Progress:
        """On the error stream, so that a report can be piped on."""
        return every_tenth(self.stderr.write, words)


def check_at_least_one(options: dict[str, Any], name: str) -> None:
    """Raises Refused for a number below 1."""
    if options[name] < 1:
        raise Refused(f"--{name} must be 1 or more")


def content_of(path: str, otherwise: str = "") -> bytes:
    """The bytes of a file; Refused when it cannot be read, or is too large. `otherwise` says what else was looked
    for.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise Refused(otherwise or f"There is no file {path} that can be read") from None
    if len(content) > MOST_BYTES:
        raise Refused(f"The file {path} is larger than {MOST_BYTES // 1_000_000} MB")
    return content
