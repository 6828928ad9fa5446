"""Write docs/reference/form-document.schema.json from the code that reads form documents."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

from careplan_forms.schema.document_schema import document_schema  # noqa: E402

TARGET = ROOT / "docs" / "reference" / "form-document.schema.json"


def main() -> int:
    """Write the file; 0 when done."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(document_schema(), indent=2, sort_keys=True) + "\n")
    print(f"Wrote {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
