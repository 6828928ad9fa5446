"""Write a published form out: as a FHIR R4 Questionnaire, or as our own form document."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from careplan_forms.exporting import EXPORT_FORMATS, export_version
from careplan_forms.selectors import definitions as read
from core.exceptions import Absent


class Command(BaseCommand):
    """Exit code 0: written. Exit code 1: there is no such form or version, or the file could not be written."""

    help = "Write a version of a form out, with a report on every item on the error stream."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Exit codes: 0 written; 1 no such form or version, or the file cannot be written; 2 wrong usage."
        )
        parser.add_argument("form", help="the key of the form, such as urgent-care-plan")
        parser.add_argument(
            "--version", dest="number", type=int, help="the number of a version (default: the live one)"
        )
        parser.add_argument("--format", choices=list(EXPORT_FORMATS), default="fhir", help="what to write")
        parser.add_argument("--output", help="the file to write (default: standard output)")
        parser.add_argument("--report", choices=["none", "text", "json"], default="none", help="a report on each item")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Django's own --version, which would take the name of ours, gives way."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = read.version_of(options["form"], options["number"])
        except Absent:
            wanted = f"version {options['number']} of" if options["number"] is not None else "live version of"
            self._fail(f"There is no {wanted} the form “{options['form'][:100]}”.")
        except DatabaseError:
            self._fail("The database is not ready. Run “manage.py migrate” first.")
        exported = export_version(version, options["format"])
        self._write(exported.content, options["output"])
        if exported.report is not None and options["report"] != "none":
            said = exported.report.as_text()
            if options["report"] == "json":
                said = json.dumps(exported.report.as_dict(), ensure_ascii=False, indent=2)
            self.stderr.write(said)

    def _write(self, content: bytes, output: str | None) -> None:
        if not output:
            self.stdout.write(content.decode())
            return
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            self._fail(f"The file {output} could not be written: {error.strerror}.")

    def _fail(self, sentence: str) -> Any:
        self.stderr.write(sentence)
        sys.exit(1)
