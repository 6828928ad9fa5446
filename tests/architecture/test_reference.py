"""What docs/reference says is what the code says."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
sys.path.insert(0, str(ROOT / "scripts"))

from write_reference import reference  # noqa: E402


def test_the_generated_pages_are_those_in_the_repository():
    found = {
        path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.rglob("*") if path.is_file()
    }
    assert found == reference(), "run scripts/write_reference.py"
