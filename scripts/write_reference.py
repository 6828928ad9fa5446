"""Write docs/reference/ from the code: schemas, commands, the delivered flows as pictures and tables."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site"), str(ROOT / "scripts")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import django  # noqa: E402

django.setup()

from commands_reference import commands_page  # noqa: E402

from careplan_forms.schema.document_schema import document_schema  # noqa: E402
from workflows.engine.json_schema import flow_schema  # noqa: E402
from workflows.engine.loading import load_spec  # noqa: E402
from workflows.engine.scenario_schema import scenario_schema  # noqa: E402
from workflows.presenters.diagram import svg  # noqa: E402
from workflows.presenters.documents import document_of  # noqa: E402
from workflows.services.seeds import read_seeds  # noqa: E402

FOLDER = ROOT / "docs" / "reference"


def reference() -> dict[str, str]:
    """The text of each generated file by its path below docs/reference."""
    schemas = {"form-document": document_schema(), "flow": flow_schema(), "scenarios": scenario_schema()}
    files = {f"{name}.schema.json": json.dumps(each, indent=2, sort_keys=True) + "\n" for name, each in schemas.items()}
    files["commands.md"] = commands_page()
    for seed in read_seeds():
        spec = load_spec(seed["spec"])
        files[f"flows/{seed['key']}.svg"] = svg(spec)
        files[f"flows/{seed['key']}.md"] = document_of(spec, picture=f"{seed['key']}.svg")
    return files


def main() -> int:
    """Write the files; 0 when done."""
    for name, text in reference().items():
        target = FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        print(f"Wrote {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
