"""FHIRPath as a tree, by the parser of fhirpathpy. Nothing of it is ever run."""

import re
from functools import lru_cache
from typing import Any

from antlr4 import CommonTokenStream, InputStream, ParseTreeWalker, Token
from antlr4.error.ErrorListener import ErrorListener
from fhirpathpy.parser.ASTPathListener import ASTPathListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

Tree = dict[str, Any]
LONGEST = 4000
_DEEPEST = 60
# The functions that have an equivalent here; parsing is slow, and most formulas that use others say so at a glance.
_FUNCTIONS = frozenset(
    {
        *("where", "exists", "empty", "hasValue", "not", "count", "first", "single", "ofType", "repeat", "descendants"),
        *("iif", "today", "round", "sum", "min", "max", "ordinal", "weight"),
    }
)
_OPERATORS = frozenset({"and", "or", "implies", "in", "contains", "xor", "div", "mod"})
_CALL = re.compile(r"'(?:[^'\\]|\\.)*'|([A-Za-z_]+)\s*\(")


class NotFHIRPath(ValueError):
    """The text is not FHIRPath, or more of it than a form needs."""


class _Strict(ErrorListener):
    """The library's own `parse` passes over faults and reads only the front of a text."""

    def syntaxError(self, *_: Any) -> None:
        raise NotFHIRPath("it is not FHIRPath")


@lru_cache(maxsize=4096)
def parsed(text: str) -> Tree:
    """The tree of one whole expression. Raises NotFHIRPath."""
    if not text.strip() or len(text) > LONGEST or _depth(text) > _DEEPEST:
        raise NotFHIRPath("it is empty or too long")
    unknown = {found[1] for found in _CALL.finditer(text) if found[1]} - _FUNCTIONS - _OPERATORS
    if unknown:
        raise NotFHIRPath(f"it uses {sorted(unknown)[0][:40]}(), which has no equivalent here")
    try:
        lexer = FHIRPathLexer(InputStream(text))
        lexer.removeErrorListeners()
        lexer.addErrorListener(_Strict())
        tokens = CommonTokenStream(lexer)
        parser = FHIRPathParser(tokens)
        parser.removeErrorListeners()
        parser.addErrorListener(_Strict())
        tree = parser.expression()
        if tokens.LA(1) != Token.EOF:
            raise NotFHIRPath("it is more than one expression")
        listener = ASTPathListener()
        ParseTreeWalker().walk(listener, tree)
    except RecursionError:
        raise NotFHIRPath("it is nested too deeply") from None
    found: Tree = listener.parentStack[0]["children"][0]
    return found


def _depth(text: str) -> int:
    deepest = depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    return deepest


def bare(tree: Tree) -> Tree:
    """The tree without the brackets and the wrappings of single terms round it."""
    while tree["type"] in ("TermExpression", "ParenthesizedTerm", "LiteralTerm", "InvocationTerm"):
        tree = tree["children"][0]
    return tree


def steps(tree: Tree) -> list[Tree]:
    """`a.b(c).d` as its steps a, b(c), d, each a member, a function or whatever stands first."""
    tree = bare(tree)
    if tree["type"] != "InvocationExpression":
        return [tree]
    before, last = tree["children"]
    return [*steps(before), last]


def member(step: Tree) -> str:
    """The name of a plain member (`answer`); empty for anything else."""
    return name_in(step) if step["type"] == "MemberInvocation" else ""


def function(step: Tree) -> tuple[str, list[Tree]]:
    """The name and the arguments of a function; an empty name for anything else."""
    if step["type"] != "FunctionInvocation":
        return "", []
    parts = step["children"][0]["children"]
    arguments = parts[1].get("children", []) if len(parts) > 1 else []
    return str(parts[0]["text"]).strip("`"), arguments


def constant(step: Tree) -> str:
    """The name of an external constant (`resource` for %resource); empty for anything else."""
    if step["type"] != "ExternalConstantTerm":
        return ""
    inside = step["children"][0]
    return name_in(inside) if inside.get("children") else "".join(inside["terminalNodeText"]).strip("%`'")


def name_in(step: Tree) -> str:
    """The identifier inside a step."""
    return str(step["children"][0]["text"]).strip("`") if step.get("children") else ""


def literal(tree: Tree) -> tuple[str, Any]:
    """What a fixed value is (text, number, boolean, date) and says; an empty kind for anything else."""
    tree = bare(tree)
    kind, text = tree["type"], str(tree.get("text", ""))
    if kind == "PolarityExpression":
        kind_inside, value = literal(tree["children"][0])
        sign = tree["terminalNodeText"][0]
        return (kind_inside, value if sign == "+" else f"-{value}") if kind_inside == "number" else ("", None)
    if kind == "StringLiteral":
        return "text", _unescaped(text[1:-1])
    if kind == "NumberLiteral":
        return "number", text
    if kind == "BooleanLiteral":
        return "boolean", text == "true"
    if kind in ("DateLiteral", "DateTimeLiteral"):
        return "date", text.removeprefix("@").rstrip("T")
    return "", None


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


def _unescaped(text: str) -> str:
    out, index = [], 0
    while index < len(text):
        char = text[index]
        if char == "\\" and index + 1 < len(text):
            index += 1
            char = _ESCAPES.get(text[index], text[index])
        out.append(char)
        index += 1
    return "".join(out)


def quoted(text: str) -> str:
    """Text as a FHIRPath string."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    for letter, char in _ESCAPES.items():
        escaped = escaped.replace(char, f"\\{letter}")
    return f"'{escaped}'"
