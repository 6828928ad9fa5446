"""The licence of every pinned package is one we may use: permissive, or weak copyleft used unchanged.

What only the tests run (requirements-dev.txt) may also be under the GPL: it is a tool, no part of what we give away.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

ALLOWED = re.compile(
    r"\bMIT\b|\bBSD\b|BSD-[0-4]|0BSD|Apache|\bISC\b|\bPSF\b|Python Software Foundation|\bMPL\b|Mozilla Public"
    r"|Lesser General Public|\bLGPL|Unlicense|\bZlib\b|CNRI|HPND|CC0|Public Domain|PIL Software",
    re.IGNORECASE,
)
TOOLS_ONLY = re.compile(r"\bGPL|GNU General Public", re.IGNORECASE)
#: Packages whose metadata do not say; read by a person in the package itself.
READ_BY_US = {"fhirpathpy": "MIT"}


def licence_of(name: str) -> str:
    """What a package says of itself, in one line; empty when it says nothing."""
    metadata: Any = distribution(name).metadata
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    classified = [line.split(" :: ")[-1] for line in metadata.get_all("Classifier") or [] if line.startswith("License")]
    said = " / ".join(classified) or (metadata.get("License") or "").strip().split("\n")[0]
    return said or READ_BY_US.get(name, "")


def pinned(filename: str) -> list[str]:
    lines = (ROOT / filename).read_text().splitlines()
    return [line.split("==")[0] for line in lines if "==" in line]


def complaints(filename: str, *, tools: bool) -> list[str]:
    """One line for each package of the file whose licence is missing or not ours to use."""
    found = []
    for name in pinned(filename):
        try:
            licence = licence_of(name)
        except PackageNotFoundError:
            found.append(f"{name} is pinned and not installed")
            continue
        if not ALLOWED.search(licence) and not (tools and TOOLS_ONLY.search(licence)):
            found.append(f"{name}: {licence or 'says nothing about its licence'}")
    return found


def main() -> int:
    found = complaints("requirements.txt", tools=False) + complaints("requirements-dev.txt", tools=True)
    own = ROOT / "LICENCE"
    if not own.exists() or "Redistribution and use" not in own.read_text():
        found.append("LICENCE does not hold the BSD licence")
    for complaint in found:
        print(complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
