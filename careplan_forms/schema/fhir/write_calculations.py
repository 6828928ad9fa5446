"""Calculations of our document as FHIRPath, for other systems; ours come back by our own words."""

from collections.abc import Callable, Mapping
from typing import Any

from careplan_forms.schema.fhir.calculations import DIVISION_SCALE
from careplan_forms.schema.fhir.expressions import quoted
from careplan_forms.schema.fhir.paths import NotRunnable
from careplan_forms.schema.fhir.write_rules import RuleWriter

_BETWEEN = {"add": " + ", "subtract": " - ", "multiply": " * "}


class CalculationWriter:
    """Writes calculations over the places of one layout. Raises NotRunnable for what FHIRPath cannot say."""

    def __init__(self, rules: RuleWriter) -> None:
        self.rules = rules

    def expression(self, node: Any) -> str:
        """One operator with its parts as FHIRPath."""
        if not isinstance(node, Mapping):
            raise NotRunnable("it is not a calculation")
        for kind, write in self._writers().items():
            if kind in node:
                return write(node)
        raise NotRunnable(f"FHIRPath has no word for {', '.join(sorted(node))}")

    def _writers(self) -> dict[str, Callable[[Mapping[str, Any]], str]]:
        joined = {kind: self._joined(kind, between) for kind, between in _BETWEEN.items()}
        gathered = {kind: self._gathered(kind) for kind in ("sum", "count", "min", "max")}
        single = {
            "item": lambda node: self._answer(node["item"]),
            "value": lambda node: _fixed(node["value"]),
            "today": lambda node: "today()",
            "score": lambda node: f"{self._path(node['score'])}.value.ordinal().sum()",
            "if": self._if,
            "coalesce": self._coalesce,
            "concat": self._concat,
            "divide": self._divide,
        }
        return joined | gathered | single

    def _joined(self, kind: str, between: str) -> Callable[[Mapping[str, Any]], str]:
        return lambda node: between.join(f"({self.expression(each)})" for each in node[kind])

    def _gathered(self, kind: str) -> Callable[[Mapping[str, Any]], str]:
        def write(node: Mapping[str, Any]) -> str:
            first, *rest = (f"({self.expression(each)})" for each in node[kind])
            return f"{first}{''.join(f'.combine{each}' for each in rest)}.{kind}()"

        return write

    def _divide(self, node: Mapping[str, Any]) -> str:
        over, under = (f"({self.expression(each)})" for each in node["divide"])
        scale = node.get("scale", DIVISION_SCALE)
        return f"({over} / {under})" if scale == DIVISION_SCALE else f"({over} / {under}).round({int(scale)})"

    def _if(self, node: Mapping[str, Any]) -> str:
        otherwise = f", {self.expression(node['else'])}" if node.get("else") is not None else ""
        return f"iif({self.rules.expression(node['if'])}, {self.expression(node['then'])}{otherwise})"

    def _coalesce(self, node: Mapping[str, Any]) -> str:
        *front, last = (f"({self.expression(each)})" for each in node["coalesce"])
        for each in reversed(front):
            last = f"iif({each}.exists(), {each}, {last})"
        return last

    def _concat(self, node: Mapping[str, Any]) -> str:
        separator = quoted(str(node.get("separator", " ")))
        first, *rest = (f"({self.expression(each)})" for each in node["concat"])
        return f"{first}{''.join(f'.combine{each}' for each in rest)}.toString().join({separator})"

    def _path(self, uid: Any) -> str:
        place = self.rules.places.get(str(uid))
        if place is None:
            raise NotRunnable("it asks about a question that is not in the form")
        return f"%resource.descendants().where(linkId = {quoted(place.link_id)}).answer"

    def _answer(self, uid: Any) -> str:
        path = self._path(uid)
        kind = self.rules.fhir_types.get(str(uid), "")
        part = {"quantity": ".value.value", "choice": ".value.display", "open-choice": ".value.display"}
        return path + part.get(kind, ".value")


def _fixed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else quoted(str(value))
