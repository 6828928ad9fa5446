"""`enableWhen` and formulas as rules of our document; what cannot be run is kept word for word and said aloud.

An item with a condition we cannot run is always shown: hiding a clinical question by mistake is worse
than asking one too many. Its `enableWhen` then stays in the residue, with the reason under `not_run`, and the form
cannot go live until a person has decided when the item is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.fhir import types
from careplan_forms.schema.fhir.elements import extension_value, extensions
from careplan_forms.schema.fhir.expressions import NotFHIRPath, parsed
from careplan_forms.schema.fhir.formulas import Formulas, is_fhirpath, variables_of
from careplan_forms.schema.fhir.loops import in_loops
from careplan_forms.schema.fhir.numbers import decimal_of
from careplan_forms.schema.fhir.paths import NotRunnable, Paths
from careplan_forms.schema.fhir.report import Outcome
from careplan_forms.schema.fhir.text import as_text, plain
from careplan_forms.schema.fhir.tree import Node

Rule = dict[str, Any]

_OPERATORS = frozenset({"=", "!=", "<", "<=", ">", ">=", "exists"})
_ORDERED = frozenset({"number", "date"})


@dataclass(frozen=True)
class Conditions:
    """Turns the conditions of all nodes of one form into rules."""

    nodes: tuple[Node, ...]
    value_sets: dict[str, dict[str, Any]]
    variables: dict[str, str]

    def apply(self) -> None:
        """Set ``show_if`` on every item that has conditions, own or inherited from a question above it."""
        by_link_id = by_link_ids(self.nodes)
        rules: dict[str, Rule] = {}
        sources: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.item and (node.source.get("enableWhen") or _formula(node)):
                self._read(node, by_link_id, rules, sources)
        for node in in_loops(self.nodes, sources):
            rules.pop(node.uid, None)
            _keep(node, "its condition leads back to itself, so it is not run; the item is always shown")
        for node in self.nodes:
            rule = _joined([rules[each.uid] for each in _lineage(node) if each.uid in rules])
            if rule and node.item:
                (node.holder or node.item)["show_if"] = rule
            if node.item and "not_run" in node.item.get("residue", {}):
                node.item["residue"]["not_run"]["show_if"] = rule

    def paths(self, node: Node, by_link_id: dict[str, Node]) -> Paths:
        """How formulas of a node find their way: by linkIds, and by the variables set on it and above it."""
        known = dict(self.variables)
        for each in (*reversed(list(node.ancestors())), node):
            known |= variables_of(extensions(each, "variable"))
        return Paths(node, by_link_id, known)

    def value(self, entry: dict[str, Any], source: Node) -> Any:
        """A fixed answer as our rules compare with it. Raises NotRunnable when the question cannot have it."""
        return self._value(entry, source)

    def _read(
        self, node: Node, by_link_id: dict[str, Node], rules: dict[str, Rule], sources: dict[str, list[Node]]
    ) -> None:
        raw = node.source.get("enableWhen") or []
        entries = raw if isinstance(raw, list) else [raw]
        try:
            found = [self._condition(node, entry, by_link_id) for entry in entries]
            formula = self._formula(node, by_link_id)
        except NotRunnable as reason:
            _keep(node, f"{reason}; its condition is not run and the item is always shown")
            return
        conditions = [rule for rule, _ in found]
        own = [conditions[0] if len(conditions) == 1 else {_behaviour(node): conditions}] if conditions else []
        joined = _joined(own + [rule for rule, _ in formula])
        if joined is not None:
            rules[node.uid] = joined
        sources[node.uid] = [source for _, source in found] + [each for _, used in formula for each in used]

    def _formula(self, node: Node, by_link_id: dict[str, Node]) -> list[tuple[Rule, list[Node]]]:
        expression = _formula(node)
        if not expression:
            return []
        if not is_fhirpath(expression):
            raise NotRunnable(f"a formula in {as_text(expression.get('language'))[:40]} decides when it is shown")
        formulas = Formulas(self.paths(node, by_link_id), self.value)
        try:
            rule = formulas.rule(parsed(as_text(expression.get("expression"))))
        except NotFHIRPath as problem:
            raise NotRunnable(f"the formula that decides when it is shown cannot be read: {problem}") from None
        except RecursionError:
            raise NotRunnable("the formula that decides when it is shown is nested too deeply") from None
        except NotRunnable as problem:
            raise NotRunnable(f"a formula decides when it is shown, and {problem}") from None
        node.outcome.note(Outcome.MAPPED, "the formula that decides when it is shown is a rule here")
        return [(rule, formulas.used)] if rule != {"all": []} else []

    def _condition(self, node: Node, entry: Any, by_link_id: dict[str, Node]) -> tuple[Rule, Node]:
        if not isinstance(entry, dict):
            raise NotRunnable("its enableWhen is not a condition")
        name = "-".join(as_text(entry.get("question")).split())
        source = by_link_id.get(as_text(entry.get("question"))) or by_link_id.get(name)
        if source is None:
            raise NotRunnable(f"it depends on “{name[:80]}”, which is not in the form")
        if not source.item or source.item["type"] in (types.GROUP, types.REPEAT, types.GUIDANCE):
            raise NotRunnable(f"it depends on “{name[:80]}”, which takes no answer")
        return self._rule(entry, source), source

    def _rule(self, entry: dict[str, Any], source: Node) -> Rule:
        operator = as_text(entry.get("operator")).strip()
        if not operator and isinstance(entry.get("hasAnswer"), bool):
            operator, entry = "exists", {"answerBoolean": entry["hasAnswer"]}
        operator = operator or "="
        if operator not in _OPERATORS:
            raise NotRunnable(f"it compares with “{operator[:20]}”, which is not a FHIR operator")
        if operator == "exists":
            value = _boolean(entry.get("answerBoolean"))
        else:
            value = self._value(entry, source)
            if operator not in ("=", "!=") and _kind(source) not in _ORDERED:
                raise NotRunnable("it asks for more or less of something that has no order")
        if operator == "!=":
            # FHIR: true when no answer is equal, so also when there is none yet; our "!=" wants an answer.
            return {"not": {"item": source.uid, "op": "=", "value": value}}
        return {"item": source.uid, "op": operator, "value": value}

    def _value(self, entry: dict[str, Any], source: Node) -> Any:
        given = {key: value for key, value in entry.items() if key.startswith("answer")}
        if len(given) != 1:
            raise NotRunnable("it does not say which one answer it waits for")
        value = next(iter(given.values()))
        kind = _kind(source)
        if kind == "yes_no":
            return _boolean(value)
        if kind in types.CODED:
            return self._coded(value, source)
        if kind == "number":
            return _number(value)
        text = plain(value)[0]
        if not text or isinstance(value, bool):
            raise NotRunnable("the answer it waits for is not one this question can have")
        if kind == "date":
            return text[:10]
        return text

    def _coded(self, value: Any, source: Node) -> dict[str, str]:
        item = source.item or {}
        options = item.get("options") or self.value_sets.get(item.get("value_set", ""), {}).get("options", [])
        for option in options:
            if _means(value, option):
                return {"code": option["code"], "system": option["system"]}
        raise NotRunnable("the answer it waits for is not among the answers of that question")


def by_link_ids(nodes: tuple[Node, ...]) -> dict[str, Node]:
    """Every node by the linkId it came with, or the one it was given; the first of several counts."""
    found: dict[str, Node] = {}
    for node in nodes:
        found.setdefault(node.outcome.link_id, node)
    for node in nodes:
        found.setdefault(node.link_id, node)
    return found


def _formula(node: Node) -> dict[str, Any]:
    """The item's enableWhenExpression, empty when it has none."""
    value = extension_value(node, "enableWhenExpression")
    return value if isinstance(value, dict) else {}


def _means(value: Any, option: dict[str, Any]) -> bool:
    if isinstance(value, dict):
        code, system = as_text(value.get("code")), as_text(value.get("system"))
        if code:
            return bool(code == option["code"] and (not system or option["system"] in (system, "")))
        return as_text(value.get("display")) == option["display"]
    text = str(value).strip().lower() if isinstance(value, bool) else plain(value)[0]
    return bool(text) and text in (option["code"], option["display"])


def _kind(source: Node) -> str:
    return source.item["type"] if source.item else ""


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise NotRunnable("it waits for yes or no, but does not say which")


def _number(value: Any) -> Any:
    number = decimal_of(value.get("value") if isinstance(value, dict) else value)
    if number is None:
        raise NotRunnable("it waits for a number, but does not give one")
    return int(number) if number == number.to_integral_value() else float(number)


def _behaviour(node: Node) -> str:
    behaviour = node.source.get("enableBehavior")
    if behaviour in ("all", "any"):
        return str(behaviour)
    node.outcome.note(Outcome.MAPPED, "it does not say whether all or any of its conditions count; any is used")
    return "any"


def _lineage(node: Node) -> Iterable[Node]:
    """The node, and the questions above it: what stands under one is shown only when it is.

    Groups and repeats hide what they hold by themselves; a repeat made of one question holds its children.
    """
    yield node
    for above in node.ancestors():
        if above.holder or not above.item or above.item["type"] in (types.GROUP, types.REPEAT):
            return
        yield above


def _joined(rules: list[Rule]) -> Rule | None:
    if len(rules) < 2:
        return rules[0] if rules else None
    return {"all": rules}


def _keep(node: Node, reason: str) -> None:
    node.outcome.note(Outcome.NOT_EXECUTED, reason)
    if node.item is None:
        return
    kept = node.item.setdefault("residue", {})
    kept["not_run"] = {"reason": reason, "show_if": None}
    for name in ("enableWhen", "enableBehavior"):
        if name in node.source:
            kept[name] = node.source[name]
