"""Which form a command looks at: a file, which needs no database, or a form of this service by its key."""

import json
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from careplan_forms.schema.cases import Case, CaseError, read_cases
from careplan_forms.schema.document_schema import faults
from careplan_forms.selectors import form_tests
from core.exceptions import ForewordError

#: It could not be done: an argument that names nothing, a file that cannot be read.
COULD_NOT = 2
_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class ChosenForm:
    """A form's document, as it is, and the test cases that travel with it."""

    name: str
    document: dict[str, Any]
    cases: tuple[Case, ...]


class FormCommand(BaseCommand):
    """A command about one form. Django's own --version gives way to the form's."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments by which a form is chosen."""
    parser.add_argument("form", metavar="KEY|FILE", help="a form of this service, or a file of its canonical JSON")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--version", dest="number", type=int, metavar="N", help="that version (default: the live one)")
    which.add_argument("--draft", action="store_true", help="what the present drafts make")


def chosen(options: dict[str, Any]) -> ChosenForm:
    """The form the arguments name. Raises CommandError with exit code 2."""
    path = Path(options["form"])
    if path.suffix.lower() == ".json" or path.is_file():
        if options["number"] is not None or options["draft"]:
            raise could_not("A file has no versions and no drafts: leave out --version and --draft.")
        return _from_file(path)
    try:
        definition, document = form_tests.form_named(options["form"], options["number"], options["draft"])
        return ChosenForm(options["form"], document, tuple(form_tests.cases_of(definition)))
    except ForewordError as refusal:
        raise could_not(str(refusal)) from None
    except DatabaseError:
        raise could_not("The database is not ready. Run “manage.py migrate” first, or name a file.") from None


def cases_in(path: Path) -> tuple[Case, ...]:
    """The test cases of a file. Raises CommandError with exit code 2."""
    return _cases(_json(path), path)


def could_not(sentence: str) -> CommandError:
    """A command error that ends with exit code 2."""
    return CommandError(sentence, returncode=COULD_NOT)


def _from_file(path: Path) -> ChosenForm:
    data = _json(path)
    if not isinstance(data, dict):
        raise could_not(f"{path} does not hold a form.")
    document = data["document"] if isinstance(data.get("document"), dict) else data
    cases = _cases(data, path) if "test_cases" in data else ()
    wrong = faults(document)
    if wrong:
        raise could_not(f"{path} does not hold a form: {'; '.join(wrong[:5])}")
    return ChosenForm(path.name, document, cases)


def _cases(data: Any, path: Path) -> tuple[Case, ...]:
    try:
        return tuple(read_cases(data))
    except CaseError as error:
        raise could_not(f"{path} does not hold test cases: {'; '.join(error.faults[:5])}") from None


def _json(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise could_not(f"The file {path} could not be read: {error.strerror}.") from None
    if len(raw) > _MOST_BYTES:
        raise could_not(f"The file {path} is larger than {_MOST_BYTES // 1_000_000} MB.")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise could_not(f"The file {path} is not JSON.") from None
