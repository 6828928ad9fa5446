"""Run the importer over a folder of Questionnaires and say, file by file, what came of each.

Usage: python scripts/compat.py FOLDER. Needs no database. Exit code 1 when the importer crashed on a file.
"""

import os
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

from careplan_forms.schema.compiler import compile_form  # noqa: E402
from careplan_forms.schema.fhir.questionnaire import read_questionnaire  # noqa: E402
from careplan_forms.schema.linter import errors  # noqa: E402

COLUMNS = "{:<9} {:>6} {:>6} {:>7} {:>8} {:>8} {:>5} {:>7}  {}"
HEADS = ("result", "items", "kept", "mapped", "not run", "refused", "lint", "ms", "file")


def examine(path: Path) -> tuple[str, tuple[int, ...], float, str]:
    """One file: imported, refused or crashed; items, outcomes and lint errors; milliseconds; why."""
    started = time.perf_counter()
    try:
        result = read_questionnaire(path.read_bytes())
        if result.document is None:
            return "refused", (0, 0, 0, 0, 0, 0), _since(started), result.report.refusal
        form = compile_form(result.document)
        for section in form.sections:
            form.render_section(section.key, {})
        figures = (len(result.report.items), *result.report.counts().values(), len(errors(result.document)))
        return "imported", figures, _since(started), ""
    except Exception:
        return "crashed", (0, 0, 0, 0, 0, 0), _since(started), traceback.format_exc(limit=-3)


def main() -> int:
    """Print the table and its last line; 0 when nothing crashed."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("Say which folder: python scripts/compat.py FOLDER", file=sys.stderr)
        return 2
    paths = sorted(Path(sys.argv[1]).rglob("*.json"))
    totals = {"imported": 0, "refused": 0, "crashed": 0}
    items = [0] * 6
    print(COLUMNS.format(*HEADS))
    for path in paths:
        outcome, figures, took, why = examine(path)
        totals[outcome] += 1
        items = [before + now for before, now in zip(items, figures, strict=True)]
        print(COLUMNS.format(outcome, *figures, f"{took:.0f}", path.relative_to(sys.argv[1])))
        if why:
            print(f"          {why}")
    print(COLUMNS.format("all", *items, "", f"{len(paths)} files"))
    print(", ".join(f"{number} {outcome}" for outcome, number in totals.items()))
    return 1 if totals["crashed"] else 0


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
