"""The import law holds, and would be noticed if it did not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import rules

PACKAGES = ("config", "core", "interop", "governance", "workflows", "careplan_forms", "content", "reporting")


def lint(folder: Path, python_path: str) -> subprocess.CompletedProcess:
    """Run import-linter with our contracts over the packages on `python_path`."""
    config = str(rules.ROOT / ".importlinter")
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run(
        [*program, "--config", config, "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": python_path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path):
    """The layers as empty packages, to plant an import in."""
    for app in PACKAGES:
        (tmp_path / app).mkdir()
        (tmp_path / app / "__init__.py").touch()
    for part in ("schema", "models", "services", "selectors", "views"):
        (tmp_path / "careplan_forms" / f"{part}.py").touch()
    return tmp_path


def test_each_layer_sees_only_the_layers_below_it():
    outcome = lint(rules.ROOT, f"{rules.ROOT}:{rules.ROOT / 'site'}")
    assert outcome.returncode == 0, outcome.stdout[-4000:] + outcome.stderr[-1000:]


@pytest.mark.parametrize(("where", "what"), [
    ("governance/bad", "careplan_forms"),
    ("reporting/bad", "interop"),
    ("core/bad", "governance"),
    ("careplan_forms/services", "careplan_forms.views"),
    ("careplan_forms/schema", "careplan_forms.models"),
])  # fmt: skip
def test_an_import_against_the_law_is_caught(tree, where, what):
    assert lint(tree, str(tree)).returncode == 0
    (tree / f"{where}.py").write_text(f"import {what}\n")
    outcome = lint(tree, str(tree))
    assert outcome.returncode == 1
    assert f"{where.replace('/', '.')} -> {what}" in outcome.stdout
