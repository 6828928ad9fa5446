"""The house rules as functions over source text; each gives complaints, so it can be tried on good and bad samples."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
APPS = ("governance", "workflows", "careplan_forms", "content", "reporting", "site/core", "site/interop", "site/config")
LAYERS = {
    "core": 0,
    "governance": 1,
    "workflows": 2,
    "careplan_forms": 3,
    "content": 3,
    "interop": 4,
    "reporting": 4,
    "demo": 5,
}
LONGEST_MODULE = 250
LONGEST_FUNCTION = 30

#: What would name a person where nobody may be named.
_IDENTIFYING = re.compile(
    r"(^|_)(first|last|full|family|given|display|preferred|legal|sur)_?name$|^surname$|nhs_number|birth|^dob$|e?mail$"
    r"|postcode|address|telephone|phone|typed_name|get_full_name|get_short_name"
)
_MARKS = {
    "the NHS logo": re.compile(r"nhsuk-header__logo|nhsuk-logo|nhsuk-header__organisation-logo"),
    "the Frutiger typeface": re.compile(r"frutiger", re.IGNORECASE),
    "a file from the NHS asset host": re.compile(r"assets\.nhs\.uk"),
    "the drawing of the NHS logo": re.compile(r"M200 0v80H0V0h200|M3\.9 1\.5h4\.4l2\.6 9"),
}


def python_files(*folders: str) -> list[Path]:
    """Our own modules below `folders` (every app by default), migrations left out."""
    found = [path for folder in folders or APPS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not {"migrations", "__pycache__"} & set(path.parts)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def complaints(paths: list[Path], rule: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """What `rule` finds in each file, files without a complaint left out."""
    found = {name_of(path): rule(path.read_text(errors="replace")) for path in paths}
    return {name: said for name, said in found.items() if said}


def too_long(source: str) -> list[str]:
    """Modules over 250 lines, and functions with a body over 30 (signature and docstring not counted)."""
    complaints = []
    lines = len(source.splitlines())
    if lines > LONGEST_MODULE:
        complaints.append(f"{lines} lines: split it by concept")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.body[0].lineno + 1 - _docstring_lines(node)
            if length > LONGEST_FUNCTION:
                complaints.append(f"{node.name} has {length} lines")
    return complaints


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return (first.end_lineno or first.lineno) - first.lineno + 1 if is_docstring else 0


def leftovers(source: str) -> list[str]:
    """Notes to oneself, and functions that only promise."""
    found = [word for word in ("TODO", "FIXME", "XXX") if re.search(rf"#.*\b{word}\b", source)]
    if re.search(r"\braise NotImplementedError\b", source):
        found.append("NotImplementedError")
    return found


def manager_uses(source: str) -> list[str]:
    """Every place that reaches for a model's manager."""
    return [
        f"line {node.lineno}: .{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
    ]


def asks_the_clock(source: str) -> list[str]:
    """Where a module asks what time it is while it is loaded; a run that lasts past midnight would work with both days.

    A function's body runs later, its decorators and defaults do not.
    """
    lines = {node.lineno for node in _run_on_loading(ast.parse(source)) if _is_of_the_clock(node)}
    return [f"line {line}" for line in sorted(lines)]


def _run_on_loading(node: ast.AST) -> Iterator[Any]:
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and child not in _when_defined(node):
            continue
        yield child
        yield from _run_on_loading(child)


def _when_defined(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.AST]:
    return [*getattr(node, "decorator_list", []), node.args]


def _is_of_the_clock(node: Any) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("now", "today", "utcnow", "localdate")


def names_in_str(source: str) -> list[str]:
    """`__str__` and `__repr__` methods that would print who somebody is."""
    complaints = []
    for owner in ast.walk(ast.parse(source)):
        if not isinstance(owner, ast.ClassDef):
            continue
        for method in owner.body:
            if isinstance(method, ast.FunctionDef) and method.name in ("__str__", "__repr__"):
                attributes = [node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute)]
                complaints += [f"{owner.name}: {name}" for name in attributes if _IDENTIFYING.search(name)]
    return complaints


def marks(text: str) -> list[str]:
    """Which protected marks the text carries; a style sheet's comment may say that one is left out."""
    said = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    return [mark for mark, pattern in _MARKS.items() if pattern.search(said)]


def inline_code(template: str) -> list[str]:
    """Scripts, styles and handlers written into a page, which the content policy would refuse."""
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    found = []
    for tag in re.findall(r"<script\b[^>]*>", text, re.IGNORECASE):
        if "src=" not in tag and "application/json" not in tag and "application/ld+json" not in tag:
            found.append(tag)
    found += re.findall(r"<style\b[^>]*>", text, re.IGNORECASE)
    found += re.findall(r"<[a-z][^>{]*\s(?:style|on[a-z]+)=\"", text, re.IGNORECASE)
    return found


def may_point_at(source: str, target: str) -> bool:
    """Whether a model of app `source` may hold a key to one of app `target`: itself or a layer below."""
    if source == target or target not in LAYERS:
        return True
    return LAYERS[source] > LAYERS[target]
