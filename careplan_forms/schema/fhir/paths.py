"""FHIRPath paths into an answered form: which question they lead to, and which part of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.fhir.expressions import (
    NotFHIRPath,
    Tree,
    bare,
    constant,
    function,
    literal,
    member,
    parsed,
    steps,
)
from careplan_forms.schema.fhir.tree import Node
from careplan_forms.schema.items.kinds import REPEATS, TEXTS

_ROOTS = frozenset({"resource", "context", "rootResource", "questionnaireResponse"})
# Parts of an answer, by the members that lead there.
_PARTS = {
    (): "item",
    ("answer",): "value",
    ("answer", "value"): "value",
    ("answer", "value", "value"): "number",
    ("answer", "value", "code"): "code",
    ("answer", "value", "display"): "display",
}
_MOST_VARIABLES = 20


class NotRunnable(Exception):
    """A condition or formula has no equivalent here; the message is the reason, for the report."""


@dataclass(frozen=True, slots=True)
class Path:
    """A question and the part of its answer: item, value, number (of a quantity), code or display."""

    node: Node
    part: str


@dataclass(frozen=True)
class Paths:
    """Follows paths for one asking node."""

    asking: Node
    by_link_id: Mapping[str, Node]
    variables: Mapping[str, str]

    def unfolded(self, tree: Tree) -> Tree:
        """The tree a variable stands for, when the whole tree is one."""
        for _ in range(_MOST_VARIABLES):
            name = constant(bare(tree))
            if not name or name in _ROOTS or name not in self.variables:
                return tree
            tree = self._variable(name)
        raise NotRunnable("its variables go round in a circle")

    def path(self, tree: Tree) -> Path:
        """The question a tree leads to. Raises NotRunnable."""
        return self.of(steps(self.unfolded(tree)))

    def of(self, parts: list[Tree]) -> Path:
        """The question some steps lead to. Raises NotRunnable."""
        node: Node | None = None
        tail: list[str] = []
        for number, step in enumerate(self._spelled_out(parts)):
            found = self._linked(step)
            if found is not None:
                node, tail = found, []
            elif not _leads_on(step, first=number == 0, tail=tail):
                raise NotRunnable("it follows a path that has no equivalent here")
        if node is None:
            raise NotRunnable("it does not ask about one question of the form")
        part = _PARTS.get(tuple(tail))
        if part is None:
            raise NotRunnable("it asks for a part of an answer that has no equivalent here")
        if not node.item or node.item["type"] in ("group", *TEXTS) or (node.item["type"] in REPEATS and tail):
            raise NotRunnable(f"it depends on “{node.link_id[:80]}”, which takes no answer")
        return Path(node, part)

    def filtered(self, parts: list[Tree]) -> tuple[list[Tree], list[Tree]]:
        """The steps without the filters at their end, and those filters."""
        parts = self._spelled_out(parts)
        filters: list[Tree] = []
        while parts and function(parts[-1])[0] == "where" and not _link_id(function(parts[-1])[1]):
            filters.insert(0, function(parts[-1])[1][0])
            parts = parts[:-1]
        return parts, filters

    def may_be_several(self, node: Node) -> bool:
        """Whether the asking node meets several answers of a question: tick boxes, or inside a repeat not its own."""
        if node.item and node.item["type"] == "choices":
            return True
        own = {each.uid for each in (self.asking, *self.asking.ancestors())}
        around = [node, *node.ancestors()]
        return any(_repeats(each) and each.uid not in own for each in around)

    def _variable(self, name: str) -> Tree:
        try:
            return parsed(self.variables[name])
        except NotFHIRPath as problem:
            raise NotRunnable(f"its variable {name[:40]} cannot be read: {problem}") from None

    def _spelled_out(self, parts: list[Tree]) -> list[Tree]:
        for _ in range(_MOST_VARIABLES):
            name = constant(bare(parts[0])) if parts else ""
            if not name or name in _ROOTS:
                return parts
            if name not in self.variables:
                raise NotRunnable(f"it uses %{name[:40]}, which is not known here")
            parts = [*steps(self._variable(name)), *parts[1:]]
        raise NotRunnable("its variables go round in a circle")

    def _linked(self, step: Tree) -> Node | None:
        name, arguments = function(step)
        wanted = _link_id(arguments) if name == "where" else ""
        if not wanted:
            return None
        found = self.by_link_id.get(wanted)
        if found is None:
            raise NotRunnable(f"it depends on “{wanted[:80]}”, which is not in the form")
        return found


def _repeats(node: Node) -> bool:
    return node.holder is not None or bool(node.item and node.item["type"] in REPEATS)


def _leads_on(step: Tree, first: bool, tail: list[str]) -> bool:
    """Take one step; whether it is one we can follow."""
    name, (called, arguments) = member(step), function(step)
    if first and (constant(step) in _ROOTS or name == "QuestionnaireResponse"):
        return True
    if name == "item":
        tail.clear()
        return True
    if name in ("answer", "value", "code", "display") or name.startswith("value"):
        tail.append("value" if name.startswith("value") else name)
        return True
    if called == "descendants":
        tail.clear()
        return not arguments
    if called == "repeat":
        tail.clear()
        return bool(arguments) and member(steps(arguments[0])[0]) == "item"
    return called in ("first", "single", "ofType") and bool(tail)


def _link_id(arguments: list[Any]) -> str:
    """The linkId that `where(linkId = 'x')` asks for, empty for any other filter."""
    test: Tree = bare(arguments[0]) if len(arguments) == 1 else {"type": ""}
    if test["type"] != "EqualityExpression" or test["terminalNodeText"] != ["="]:
        return ""
    sides = test["children"]
    for here, there in ((sides[0], sides[1]), (sides[1], sides[0])):
        if member(steps(here)[-1]) == "linkId" and literal(there)[0] == "text":
            return str(literal(there)[1])
    return ""
