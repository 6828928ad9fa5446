"""Run the test cases of a form."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from careplan_forms.form_files import ChosenForm, FormCommand, cases_in, chosen, could_not
from careplan_forms.schema.document import DocumentError
from careplan_forms.schema.markup import UNSHOWABLE
from careplan_forms.schema.testing import CaseResult
from careplan_forms.selectors.form_tests import run


class Command(FormCommand):
    """Exit code 0: every test case came out as expected. 1: at least one did not. 2: they could not be run."""

    help = (
        "Run the test cases of a form: those kept with it, those in its file, or those of --cases. With a FILE no "
        "database is needed. Exit codes: 0 every case came out as expected, 1 at least one did not, 2 they could not "
        "be run (bad arguments, an unreadable file, no test cases)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--cases", type=Path, metavar="FILE", help="run the cases of this file instead")
        parser.add_argument("--format", choices=["text", "json", "junit"], default="text", help="how to print them")

    def handle(self, *args: Any, **options: Any) -> None:
        form = chosen(options)
        cases = cases_in(options["cases"]) if options["cases"] else form.cases
        if not cases:
            raise could_not(f"{form.name} has no test cases. Name a file of them with --cases.")
        try:
            results = [run(case, form.document) for case in cases]
        except DocumentError as error:
            raise could_not(f"{form.name} cannot be read as a form: {error}") from None
        self.stdout.write(_PRINTED[options["format"]](form, results))
        if not all(result.passed for result in results):
            raise SystemExit(1)


def _as_text(form: ChosenForm, results: Sequence[CaseResult]) -> str:
    lines = []
    for result in results:
        lines.append(f"{'passed' if result.passed else 'FAILED'}  {result.case.title}")
        lines += [f"        {row.sentence}" for row in result.failures]
    failed = sum(not result.passed for result in results)
    return "\n".join([*lines, f"{form.name}: {len(results)} test cases, {failed} failed."])


def _as_json(form: ChosenForm, results: Sequence[CaseResult]) -> str:
    rows = [
        {
            "key": result.case.key,
            "title": result.case.title,
            "passed": result.passed,
            "rows": [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in result.rows],
        }
        for result in results
    ]
    report = {"form": form.name, "passed": all(result.passed for result in results), "cases": rows}
    return json.dumps(report, ensure_ascii=False, indent=2)


def _as_junit(form: ChosenForm, results: Sequence[CaseResult]) -> str:
    failed = sum(not result.passed for result in results)
    suite = ElementTree.Element("testsuite", name=_xml(form.name), tests=str(len(results)), failures=str(failed))
    for result in results:
        case = ElementTree.SubElement(suite, "testcase", name=_xml(result.case.title), classname=_xml(result.case.key))
        if not result.passed:
            said = "\n".join(_xml(row.sentence) for row in result.failures)
            ElementTree.SubElement(case, "failure", message=f"{len(result.failures)} not as expected").text = said
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _xml(text: str) -> str:
    """Without the characters that no XML may hold."""
    return UNSHOWABLE.sub("", text)


_PRINTED = {"text": _as_text, "json": _as_json, "junit": _as_junit}
