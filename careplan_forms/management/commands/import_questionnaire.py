"""Bring somebody else's form in: a FHIR R4 Questionnaire becomes the draft of a form, with a report."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.report import ImportReport
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES
from careplan_forms.services import definitions
from core.exceptions import ForewordError
from governance.actors import Actor


class Command(BaseCommand):
    """Exit code 0: imported (or, with --dry-run, importable). Exit code 1: refused, and the report says why."""

    help = "Read a FHIR R4 Questionnaire, report what became of every item, and keep it as a draft form."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a Questionnaire as JSON")
        parser.add_argument("--report", choices=["text", "json"], default="text", help="how to print the report")
        parser.add_argument("--dry-run", action="store_true", help="read and report, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        report, kept = self._import(Path(options["file"]), dry_run=options["dry_run"])
        if options["report"] == "json":
            self.stdout.write(json.dumps(report.as_dict() | {"form": kept}, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(report.as_text())
            if kept:
                self.stdout.write(f"Kept as the draft of the form “{kept}”.")
        if not report.imported:
            raise SystemExit(1)

    def _import(self, path: Path, dry_run: bool) -> tuple[ImportReport, str]:
        """The report, and the key of the draft that was made (empty when none was)."""
        try:
            # One byte more than allowed is enough to know that a file is too large.
            with path.open("rb") as file:
                raw = file.read(DEFAULT_MAX_BYTES + 1)
        except OSError as error:
            return ImportReport(refusal=f"The file {path} could not be read: {error.strerror}."), ""
        result = read_questionnaire(raw)
        if result.document is None or dry_run:
            return result.report, ""
        try:
            form = definitions.create_from_document(by=Actor.job("import_questionnaire"), document=result.document)
        except ForewordError as error:
            result.report.refusal = f"{error}."
        except DatabaseError:
            result.report.refusal = "The database is not ready. Run “manage.py migrate” first, or use --dry-run."
        else:
            return result.report, form.key
        return result.report, ""
