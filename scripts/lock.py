"""Write requirements*.txt: the exact versions installed in this environment for what requirements*.in names.

Run it by `make lock` after upgrading; it follows the dependency graph, so the runtime file holds nothing
that only the tests need.
"""

import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
#: The oldest interpreter we promise to run on: Debian 12's.
OLDEST_PYTHON = "3.11.2"


def wanted(path: Path) -> list[Requirement]:
    """The requirements a `.in` file names, comments left out."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def closure(requirements: list[Requirement]) -> dict[str, str]:
    """Every distribution the requirements pull in, as {canonical name: installed version}."""
    found: dict[str, str] = {}
    queue = [(canonicalize_name(r.name), frozenset(r.extras)) for r in requirements]
    seen = set()
    while queue:
        item = queue.pop()
        if item in seen:
            continue
        seen.add(item)
        name, extras = item
        dist = distribution(name)
        found[name] = dist.version
        for text in dist.requires or []:
            requirement = Requirement(text)
            contexts = [{"extra": extra} for extra in extras] or [{"extra": ""}]
            if requirement.marker is None or any(requirement.marker.evaluate(c) for c in contexts):
                queue.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return found


def too_new(pins: dict[str, str]) -> list[str]:
    """Packages that would not install on the oldest Python."""
    declared = {name: distribution(name).metadata["Requires-Python"] for name in pins}
    return [name for name, wanted in declared.items() if wanted and OLDEST_PYTHON not in SpecifierSet(wanted)]


def main() -> int:
    runtime = closure(wanted(ROOT / "requirements.in"))
    everything = closure(wanted(ROOT / "requirements.in") + wanted(ROOT / "requirements-dev.in"))
    if refused := too_new(everything):
        print(f"These do not install on Python {OLDEST_PYTHON}: {', '.join(refused)}", file=sys.stderr)
        return 1
    tests_only = {name: version for name, version in everything.items() if name not in runtime}
    for filename, pins in (("requirements.txt", runtime), ("requirements-dev.txt", tests_only)):
        head = "# Written by `make lock`; edit the .in file instead.\n"
        if filename == "requirements-dev.txt":
            head += "-r requirements.txt\n"
        body = "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))
        (ROOT / filename).write_text(head + body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
