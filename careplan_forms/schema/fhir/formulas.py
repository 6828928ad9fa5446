"""FHIRPath conditions as rules of our document, where they say what a rule can say.

FHIRPath has three values: what asks about a missing answer is empty, and an item whose condition is empty is not
shown. So each part is read twice over, as "certainly so" and as "certainly not so": `(a = 'x').not()` is not the
same as "a is not x" while nobody answered, and becomes our `!=`, which wants an answer too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from careplan_forms.schema.fhir import types
from careplan_forms.schema.fhir.expressions import Tree, bare, function, literal, steps
from careplan_forms.schema.fhir.paths import NotRunnable, Path, Paths

Rule = dict[str, Any]

_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!=", "~": "~", "!~": "!~"}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_COMPARISONS = ("EqualityExpression", "InequalityExpression")
_LITERAL_KEYS = {"boolean": "answerBoolean", "number": "answerDecimal", "date": "answerDate", "text": "answerString"}


@dataclass
class Formulas:
    """Reads conditions; `value` turns a fixed value into what a rule compares with (or raises NotRunnable)."""

    paths: Paths
    value: Callable[[dict[str, Any], Any], Any]
    used: list[Any] = field(default_factory=list)

    def rule(self, tree: Tree, so: bool = True) -> Rule:
        """The rule that holds when the expression is certainly so (or, with `so` false, certainly not so)."""
        tree = bare(self.paths.unfolded(tree))
        read = getattr(self, f"_{tree['type'].lower()}", None)
        if read is None:
            raise NotRunnable("it uses a part of FHIRPath that has no equivalent here")
        found: Rule = read(tree, so)
        return found

    def _andexpression(self, tree: Tree, so: bool) -> Rule:
        return self._joined("all" if so else "any", tree["children"], so, so)

    def _orexpression(self, tree: Tree, so: bool) -> Rule:
        if tree["terminalNodeText"] != ["or"]:
            raise NotRunnable("it uses xor")
        return self._joined("any" if so else "all", tree["children"], so, so)

    def _impliesexpression(self, tree: Tree, so: bool) -> Rule:
        return self._joined("any" if so else "all", tree["children"], not so, so)

    def _joined(self, how: str, sides: list[Tree], first: bool, second: bool) -> Rule:
        parts: list[Rule] = []
        for side, so in zip(sides, (first, second), strict=True):
            rule = self.rule(side, so)
            parts += rule[how] if set(rule) == {how} and rule[how] else [rule]
        return {how: parts}

    def _booleanliteral(self, tree: Tree, so: bool) -> Rule:
        return {"all": []} if (tree["text"] == "true") is so else {"any": []}

    def _equalityexpression(self, tree: Tree, so: bool) -> Rule:
        operator = tree["terminalNodeText"][0]
        if operator in ("=", "!="):
            return self._comparison(tree, operator, so)
        path, fixed, _ = self._sides(tree, operator)
        found = self._condition(path, "=", fixed, several=False)
        return found if (operator == "~") is so else {"not": found}

    def _inequalityexpression(self, tree: Tree, so: bool) -> Rule:
        return self._comparison(tree, tree["terminalNodeText"][0], so)

    def _comparison(self, tree: Tree, operator: str, so: bool) -> Rule:
        counted = self._counted(tree, operator)
        if counted is not None:
            path, some = counted
            return self._exists(path, some is so)
        path, fixed, operator = self._sides(tree, operator)
        return self._condition(path, operator if so else _OPPOSITE[operator], fixed, several=False)

    def _sides(self, tree: Tree, operator: str) -> tuple[Path, tuple[str, Any], str]:
        left, right = tree["children"]
        fixed = literal(right)
        if not fixed[0]:
            left, fixed, operator = right, literal(left), _FLIPPED[operator]
        if not fixed[0]:
            raise NotRunnable("it compares two answers with each other")
        return self.paths.path(left), fixed, operator

    def _counted(self, tree: Tree, operator: str) -> tuple[Path, bool] | None:
        """`x.count() > 0` and its kin, which ask whether there is an answer."""
        left, right = tree["children"]
        last = steps(left)
        kind, number = literal(right)
        if kind != "number" or function(last[-1])[0] != "count":
            return None
        wanted = {(">", "0"): True, (">=", "1"): True, ("!=", "0"): True, ("=", "0"): False, ("<", "1"): False}
        if (operator, number) not in wanted:
            raise NotRunnable("it counts answers")
        return self.paths.of(last[:-1]), wanted[operator, number]

    def _membershipexpression(self, tree: Tree, so: bool) -> Rule:
        left, right = tree["children"]
        if tree["terminalNodeText"] == ["contains"]:
            found = self._condition(self.paths.path(left), "=", _fixed(right), several=True)
            return found if so else {"not": found}
        if literal(left)[0]:
            found = self._condition(self.paths.path(right), "=", literal(left), several=True)
            return found if so else {"not": found}
        path = self.paths.path(left)
        parts = [self._condition(path, "=" if so else "!=", each, several=False) for each in _union(right)]
        return {"any" if so else "all": parts}

    def _invocationexpression(self, tree: Tree, so: bool) -> Rule:
        parts = steps(tree)
        name, arguments = function(parts[-1])
        if name == "not" and not arguments:
            return self.rule(tree["children"][0], not so)
        if name in ("exists", "empty", "hasValue"):
            return self._existence(parts[:-1], name, arguments, so)
        path = self.paths.of(parts)
        if types_of(path) != "yes_no":
            raise NotRunnable("it takes an answer for yes or no that is neither")
        return self._condition(path, "=", ("boolean", so), several=False)

    def _existence(self, parts: list[Tree], name: str, arguments: list[Tree], so: bool) -> Rule:
        so = so if name != "empty" else not so
        before, filters = self.paths.filtered(parts)
        filters = [*filters, *arguments]
        if not filters:
            return self._exists(self.paths.of(before), so)
        if len(filters) > 1:
            raise NotRunnable("it filters answers more than once")
        found = self._filter(before, filters[0])
        return found if so else {"not": found}

    def _filter(self, before: list[Tree], test: Tree) -> Rule:
        """`answer.where(value.code = 'x')`: some answer of it is x."""
        test = bare(test)
        if test["type"] == "OrExpression":
            return {"any": [self._filter(before, each) for each in test["children"]]}
        operator = "".join(test["terminalNodeText"]) if test["type"] in _COMPARISONS else ""
        if operator not in ("=", "~", "<", "<=", ">", ">="):
            raise NotRunnable("it filters answers in a way that has no equivalent here")
        left, right = test["children"]
        if literal(left)[0]:
            left, right, operator = right, left, _FLIPPED[operator]
        inner = [each for each in steps(left) if bare(each)["type"] != "ThisInvocation"]
        path = self.paths.of([*before, *inner])
        return self._condition(path, "=" if operator == "~" else operator, _fixed(right), several=True)

    def _exists(self, path: Path, some: bool) -> Rule:
        self.used.append(path.node)
        return {"item": path.node.uid, "op": "exists", "value": some}

    def _condition(self, path: Path, operator: str, fixed: tuple[str, Any], several: bool) -> Rule:
        if not several and self.paths.may_be_several(path.node):
            raise NotRunnable("it takes a question with several answers for one with a single answer")
        entry = _entry(path, fixed)
        self.used.append(path.node)
        if operator in ("<", "<=", ">", ">=") and types_of(path) not in ("number", "date"):
            raise NotRunnable("it asks for more or less of something that has no order")
        return {"item": path.node.uid, "op": operator, "value": self.value(entry, path.node)}


def types_of(path: Path) -> str:
    """Our type of the question a path leads to."""
    return path.node.item["type"] if path.node.item else ""


def _fixed(tree: Tree) -> tuple[str, Any]:
    found = literal(tree)
    if not found[0]:
        raise NotRunnable("it compares two answers with each other")
    return found


def _union(tree: Tree) -> list[tuple[str, Any]]:
    tree = bare(tree)
    if tree["type"] == "UnionExpression":
        return [each for side in tree["children"] for each in _union(side)]
    return [_fixed(tree)]


def _entry(path: Path, fixed: tuple[str, Any]) -> dict[str, Any]:
    """The comparison as `enableWhen` would write it."""
    kind, value = fixed
    part = path.part
    coded = types_of(path) in types.CODED
    if part in ("code", "display"):
        if kind != "text" or not coded:
            raise NotRunnable("it asks for the code of something that has none")
        return {"answerCoding": {part: value}}
    if part not in ("value", "number") or (coded and kind != "text") or (part == "number" and kind != "number"):
        raise NotRunnable("it compares a part of the answer that has no equivalent here")
    if types_of(path) == "number" and kind != "number":
        raise NotRunnable("it compares a number with something else")
    return {_LITERAL_KEYS[kind]: value}


def variables_of(extensions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The FHIRPath variables that some extensions set: name → expression."""
    found: dict[str, str] = {}
    for each in extensions:
        value = each.get("valueExpression")
        if isinstance(value, Mapping) and isinstance(value.get("name"), str) and is_fhirpath(value):
            found[value["name"]] = str(value.get("expression") or "")
    return found


def is_fhirpath(expression: Mapping[str, Any]) -> bool:
    """Whether an Expression is written in FHIRPath."""
    return str(expression.get("language") or "text/fhirpath") in ("text/fhirpath", "application/fhirpath")
