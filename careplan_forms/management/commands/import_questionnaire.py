"""Bring somebody else's form in: it becomes the draft of a form, with a report on every item."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from careplan_forms.schema.bringing import FORMATS, read_form
from careplan_forms.schema.fhir.report import ImportReport
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES
from careplan_forms.services import definitions
from core.exceptions import ForewordError
from governance.actors import Actor


class Command(BaseCommand):
    """Exit code 0: imported (or, with --dry-run, importable). Exit code 1: refused, and the report says why."""

    help = "Read a form, report what became of every item, and keep it as a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Formats: " + "; ".join(f"{key}: {words}" for key, words in FORMATS.items()) + ".\n"
            "Exit codes: 0 imported, or importable with --dry-run; 1 refused, nothing kept; 2 wrong usage."
        )
        parser.add_argument("file", help="the form as JSON")
        parser.add_argument("--format", choices=list(FORMATS), default="auto", help="what the file is written in")
        parser.add_argument("--key", default="", help="the key of the new form (default: made of its name in the file)")
        parser.add_argument("--report", choices=["text", "json"], default="text", help="how to print the report")
        parser.add_argument("--dry-run", action="store_true", help="read and report, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        report, kept = self._import(
            Path(options["file"]), **{name: options[name] for name in ("format", "key", "dry_run")}
        )
        if options["report"] == "json":
            self.stdout.write(json.dumps(report.as_dict() | {"form": kept}, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(report.as_text())
            if kept:
                self.stdout.write(f"Kept as the draft of the form “{kept}”.")
        if not report.imported:
            raise SystemExit(1)

    def _import(self, path: Path, format: Any, key: str, dry_run: bool) -> tuple[ImportReport, str]:
        """The report, and the key of the draft that was made (empty when none was)."""
        try:
            # One byte more than allowed is enough to know that a file is too large.
            with path.open("rb") as file:
                raw = file.read(DEFAULT_MAX_BYTES + 1)
        except OSError as error:
            return ImportReport(refusal=f"The file {path} could not be read: {error.strerror}. Check its path."), ""
        result = read_form(raw, format)
        if result.document is None or dry_run:
            return result.report, ""
        try:
            document = result.document | ({"key": key} if key else {})
            form = definitions.create_from_document(by=Actor.job("import_questionnaire"), document=document)
        except ForewordError as error:
            result.report.refusal = f"{error}."
        except DatabaseError:
            result.report.refusal = "The database is not ready. Run “manage.py migrate” first, or use --dry-run."
        else:
            return result.report, form.key
        return result.report, ""
