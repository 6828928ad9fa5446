"""Check a form."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from careplan_forms.form_files import FormCommand, chosen
from careplan_forms.schema.findings import Finding
from careplan_forms.schema.linter import lint


class Command(FormCommand):
    """Exit code 0: nothing has to be mended. 1: something has. 2: the form could not be read."""

    help = (
        "Check a form as sign-off does: what has to be mended, what should be weighed, where, and how to mend it. "
        "With a FILE no database is needed. Exit codes: 0 nothing has to be mended (there may be warnings), 1 there "
        "are errors, 2 the form could not be read (bad arguments, an unreadable file)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=["text", "json"], default="text", help="how to print the findings")

    def handle(self, *args: Any, **options: Any) -> None:
        form = chosen(options)
        findings = lint(form.document)
        errors = sum(each.severity == "error" for each in findings)
        if options["format"] == "json":
            report = {"form": form.name, "errors": errors, "findings": [asdict(each) for each in findings]}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_as_text(findings), ending="")
            self.stdout.write(f"{form.name}: {errors} errors, {len(findings) - errors} warnings.")
        if errors:
            raise SystemExit(1)


def _as_text(findings: Sequence[Finding]) -> str:
    return "".join(
        f"{each.severity}  {each.code}  {each.section}{'/' if each.uid else ''}{each.uid or ''}\n"
        f"        {each.message}\n        {each.how_to_mend}\n"
        for each in findings
    )
