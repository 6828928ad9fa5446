"""Run the importer over a folder of forms and say, file by file, what came of each.

Every Questionnaire is written out again and compared with what came in; `equal` says whether the two mean the same,
`differs` in how many places they do not (the first three are printed).

Usage: python scripts/compat.py FOLDER. Needs no database. Exit code 1 when the importer crashed on a file, or a
Questionnaire did not come back the same.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

from careplan_forms.schema.bringing import read_form  # noqa: E402
from careplan_forms.schema.compiler import compile_form  # noqa: E402
from careplan_forms.schema.document import canonical_json  # noqa: E402
from careplan_forms.schema.fhir.meaning import same_meaning  # noqa: E402
from careplan_forms.schema.fhir.writing import export_questionnaire  # noqa: E402
from careplan_forms.schema.linter import errors  # noqa: E402

COLUMNS = "{:<9} {:>6} {:>6} {:>7} {:>8} {:>8} {:>5} {:>7}  {}"
HEADS = ("result", "items", "kept", "mapped", "not run", "refused", "lint", "ms", "file")


def examine(path: Path) -> tuple[str, tuple[int, ...], float, str]:
    """One file: equal, differs, imported (no Questionnaire), refused or crashed; figures; milliseconds; why."""
    started = time.perf_counter()
    try:
        raw = path.read_bytes()
        result = read_form(raw)
        if result.document is None:
            return "refused", (0, 0, 0, 0, 0, 0), _since(started), result.report.refusal
        took = _since(started)
        form = compile_form(result.document)
        for section in form.sections:
            form.render_section(section.key, {})
        figures = (len(result.report.items), *result.report.counts().values(), len(errors(result.document)))
        outcome, differences = compared(raw, result.document)
        return outcome, figures, took, "\n          ".join(differences[:3])
    except Exception:
        return "crashed", (0, 0, 0, 0, 0, 0), _since(started), traceback.format_exc(limit=-3)


def compared(raw: bytes, document: dict[str, object]) -> tuple[str, list[str]]:
    """Whether a Questionnaire means the same after it was kept, published and written out again."""
    source = json.loads(raw.decode("utf-8-sig"))
    if source.get("resourceType") != "Questionnaire":
        return "imported", []
    published = json.loads(canonical_json(document))
    differences = same_meaning(source, export_questionnaire(published, version=1, status="active").resource)
    return ("differs" if differences else "equal"), differences


def main() -> int:
    """Print the table and its last line; 0 when nothing crashed and everything came back the same."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("Say which folder: python scripts/compat.py FOLDER", file=sys.stderr)
        return 2
    paths = sorted(Path(sys.argv[1]).rglob("*.json"))
    totals = {"equal": 0, "differs": 0, "imported": 0, "refused": 0, "crashed": 0}
    items, slowest = [0] * 6, 0.0
    print(COLUMNS.format(*HEADS))
    for path in paths:
        outcome, figures, took, why = examine(path)
        totals[outcome] += 1
        slowest = max(slowest, took)
        items = [before + now for before, now in zip(items, figures, strict=True)]
        print(COLUMNS.format(outcome, *figures, f"{took:.0f}", path.relative_to(sys.argv[1])))
        if why:
            print(f"          {why}")
    print(COLUMNS.format("all", *items, "", f"{len(paths)} files"))
    print(", ".join(f"{number} {outcome}" for outcome, number in totals.items()) + f"; slowest {slowest:.0f} ms")
    return 1 if totals["crashed"] or totals["differs"] else 0


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
