"""FHIRPath calculations as trees of our closed set of operators (see `schema.calculating`)."""

from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.fhir.expressions import Tree, bare, function, literal, steps
from careplan_forms.schema.fhir.formulas import Formulas
from careplan_forms.schema.fhir.paths import NotRunnable, Path

Calculation = dict[str, Any]

# FHIRPath divides to more places than our numbers hold; what is beyond these is rounded half up.
DIVISION_SCALE = 8
_GATHERED = frozenset({"sum", "count", "min", "max"})
_WEIGHTS = frozenset({"ordinal", "weight"})


@dataclass
class Calculations:
    """Reads calculations; `formulas` reads the conditions inside them and follows their paths."""

    formulas: Formulas

    def calculation(self, tree: Tree) -> Calculation:
        """The calculation an expression stands for. Raises NotRunnable."""
        tree = bare(self.formulas.paths.unfolded(tree))
        kind, value = literal(tree)
        if kind:
            return {"value": _number(value) if kind == "number" else value}
        if tree["type"] == "AdditiveExpression":
            return self._additive(tree)
        if tree["type"] == "MultiplicativeExpression":
            return self._multiplicative(tree)
        if tree["type"] in ("InvocationExpression", "FunctionInvocation"):
            return self._invocation(tree)
        raise NotRunnable("it uses a part of FHIRPath that has no equivalent here")

    def _additive(self, tree: Tree) -> Calculation:
        operator = tree["terminalNodeText"][0]
        left, right = (self.calculation(each) for each in tree["children"])
        if operator == "&":
            return {"concat": [*_parts(left, "concat"), right], "separator": ""}
        for each in (left, right):
            if isinstance(each.get("value"), str):
                raise NotRunnable("it adds up words")
        if operator == "-":
            return {"subtract": [left, right]}
        return {"add": [*_parts(left, "add"), right]}

    def _multiplicative(self, tree: Tree) -> Calculation:
        operator = tree["terminalNodeText"][0]
        left, right = (self.calculation(each) for each in tree["children"])
        if operator == "*":
            return {"multiply": [*_parts(left, "multiply"), right]}
        if operator == "/":
            return {"divide": [left, right], "scale": DIVISION_SCALE}
        raise NotRunnable(f"it uses {operator}")

    def _invocation(self, tree: Tree) -> Calculation:
        parts = steps(tree)
        name, arguments = function(parts[-1])
        if name == "iif":
            return self._if(arguments)
        if name == "today" and len(parts) == 1:
            return {"today": True}
        if name == "round":
            return self._rounded(tree["children"][0], arguments)
        if name in _GATHERED and not arguments:
            inner = self._item(parts[:-1], several=True)
            return {name: [inner]}
        return self._item(parts, several=False)

    def _if(self, arguments: list[Tree]) -> Calculation:
        if len(arguments) not in (2, 3):
            raise NotRunnable("its iif does not say what follows")
        found: Calculation = {"if": self.formulas.rule(arguments[0]), "then": self.calculation(arguments[1])}
        if len(arguments) == 3 and bare(arguments[2])["type"] != "NullLiteral":
            found["else"] = self.calculation(arguments[2])
        return found

    def _rounded(self, tree: Tree, arguments: list[Tree]) -> Calculation:
        kind, places = literal(arguments[0]) if arguments else ("number", "0")
        if kind != "number" or not places.isdigit() or int(places) > 10:
            raise NotRunnable("it rounds in a way that has no equivalent here")
        inner = self.calculation(tree)
        if set(inner) == {"divide", "scale"} and inner["scale"] == DIVISION_SCALE:
            return inner | {"scale": int(places)}
        return {"divide": [inner, {"value": 1}], "scale": int(places)}

    def _item(self, parts: list[Tree], several: bool) -> Calculation:
        weighed = function(parts[-1])[0] in _WEIGHTS if parts else False
        path: Path = self.formulas.paths.of(parts[:-1] if weighed else parts)
        if not several and self.formulas.paths.may_be_several(path.node):
            raise NotRunnable("it takes a question with several answers for one with a single answer")
        self.formulas.used.append(path.node)
        if weighed:
            return {"score": path.node.uid}
        kind = path.node.item["type"] if path.node.item else ""
        if path.part not in ("value", "number") or (path.part == "number" and kind != "number"):
            raise NotRunnable("it takes a part of an answer that has no equivalent here")
        return {"item": path.node.uid}


def _parts(calculation: Calculation, kind: str) -> list[Calculation]:
    """The parts of a calculation of the same kind, so that a + b + c is one sum."""
    parts: list[Calculation] = calculation.get(kind, [calculation])
    return parts


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number == int(number) else number
