"""Bring a list of answers in: it becomes the draft of a list, or of the next edition of one."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from careplan_forms.schema.fhir.list_reader import ListReport, read_list
from careplan_forms.schema.fhir.source import DEFAULT_MAX_BYTES
from careplan_forms.schema.list_merging import ListChanges
from careplan_forms.services import value_sets
from core.exceptions import ForewordError
from governance.actors import Actor


class Command(BaseCommand):
    """Exit code 0: taken over, or it could be. 1: parts or all of the file were left out. 2: it could not be done."""

    help = (
        "Read a FHIR ValueSet or CodeSystem, say what it would add, reword and retire, and keep it as a draft. Answers "
        "that a newer edition lacks are retired, never dropped. Exit codes: 0 all of it was taken over (or could be, "
        "with --dry-run); 1 the file was refused, or something in it was left out, and the report says what; 2 it "
        "could not be done (file or database cannot be read, or wrong arguments)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the ValueSet or CodeSystem as JSON")
        parser.add_argument("--key", default="", help="the list it is an edition of (default: the id in the file)")
        parser.add_argument("--report", choices=["text", "json"], default="text", help="how to print the report")
        parser.add_argument("--dry-run", action="store_true", help="read and report, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        result = read_list(_content(Path(options["file"])))
        changes = None
        key = options["key"] or (result.value_set or {}).get("key", "")
        if result.value_set is not None:
            changes = self._take_over(result.value_set, key, dry_run=options["dry_run"])
        if options["report"] == "json":
            self.stdout.write(json.dumps(_plain(result.report, changes, key), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_text(result.report, changes, key, options["dry_run"]))
        if result.value_set is None or result.report.left_out:
            raise SystemExit(1)

    def _take_over(self, brought: dict[str, Any], key: str, dry_run: bool) -> ListChanges:
        job = Actor.job("import_value_set")
        try:
            if dry_run:
                return value_sets.edition_of(brought=brought, key=key, by=job)[1]
            return value_sets.take_over_edition(brought=brought, key=key, by=job)[1]
        except ForewordError as error:
            raise CommandError(f"{error}.", returncode=2) from None
        except DatabaseError:
            message = "The database is not ready. Run “manage.py migrate” first."
            raise CommandError(message, returncode=2) from None


def _content(path: Path) -> bytes:
    """At most one byte more than is allowed, which is enough to know that a file is too large."""
    try:
        with path.open("rb") as file:
            return file.read(DEFAULT_MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"The file {path} could not be read: {error.strerror}.", returncode=2) from None


def _plain(report: ListReport, changes: ListChanges | None, key: str) -> dict[str, Any]:
    left_out = [{"name": name, "reason": reason} for name, reason in report.left_out]
    about = {"title": report.title, "refusal": report.refusal, "notes": report.notes, "left_out": left_out}
    return {"key": key, "taken": report.taken, **about, "changes": changes.as_dict() if changes else None}


def _text(report: ListReport, changes: ListChanges | None, key: str, dry_run: bool) -> str:
    lines = [f"Not taken over. {report.refusal}"] if report.refusal else []
    lines += [f"  Note: {note}" for note in report.notes]
    lines += [f"  Left out: “{name}”: {reason}." for name, reason in report.left_out]
    if changes is not None:
        said = "Would be taken over" if dry_run else "Taken over"
        lines.insert(0, f"{said} as the draft of “{key}”: {report.taken} answers of “{report.title}”.")
        lines += [f"  {sentence}" for sentence in changes.sentences()]
    return "\n".join(lines)
