"""Faults of conditions: unreadable, dangling, circular, out of order, impossible; of what is needed and warned of."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from careplan_forms.schema.calculation_parts import nodes
from careplan_forms.schema.findings import Findings, Spot, listed, text
from careplan_forms.schema.items.kinds import REPEATS
from careplan_forms.schema.lint_calculations import calculations, type_finder
from careplan_forms.schema.lint_reach import Reach
from careplan_forms.schema.model import read
from careplan_forms.schema.registry import answer_type
from careplan_forms.schema.rules import RuleError, compile_rule, references
from careplan_forms.schema.visibility import order_of


class _Asking(NamedTuple):
    """One rule of an item: which part it is, how findings tell it from the others, and its text when it warns."""

    part: str
    about: str
    rule: Any
    text: str = ""


def rules(spots: list[Spot], value_sets: Mapping[str, Any]) -> Findings:
    """All faults of the conditions, warnings and calculations of a document."""
    by_uid: dict[str, Spot] = {}
    for spot in spots:
        by_uid.setdefault(spot.uid, spot)
    yield from _loops(spots, by_uid)
    reach = Reach(by_uid, value_sets, type_finder(by_uid))
    for spot in spots:
        yield from _advice(spot)
        for asking in _askings(spot):
            yield from _rule(spot, asking, by_uid, reach)
    yield from calculations(spots, by_uid, value_sets)


def _askings(spot: Spot) -> Iterator[_Asking]:
    yield _Asking("show_if", "", spot.item.get("show_if"))
    yield _Asking("required_if", " (when it is needed)", spot.item.get("required_if"))
    for number, warning in enumerate(listed(spot.item.get("warnings"))):
        if isinstance(warning, Mapping):
            said = text(warning.get("text"))
            yield _Asking(f"warnings/{number}/rule", " (when it warns)", warning.get("rule"), said)
    for node in nodes(spot.item.get("calculation")):
        yield _Asking("calculation", " (in its calculation)", node.get("if"))


def _rule(spot: Spot, asking: _Asking, by_uid: Mapping[str, Spot], reach: Reach) -> Findings:
    if asking.rule is None or asking.rule == {}:
        if asking.part.startswith("warnings"):
            yield spot.find("warning-always", asking.part, key=asking.text)
        return
    try:
        compile_rule(asking.rule)
    except RuleError as problem:
        yield spot.find("rule-malformed", asking.part, asking.about, problem=str(problem))
        return
    yield from _references(spot, asking, by_uid)
    yield from _reach(spot, asking, reach)


def _loops(spots: list[Spot], by_uid: Mapping[str, Spot]) -> Findings:
    top = [spot.item for spot in spots if not spot.around]
    form = read({"sections": [{"items": top}]})
    for loop in order_of(form.sections[0].items).loops:
        first = by_uid[loop[0]]
        chain = f"{first.what} depends on " + ", which depends on ".join(
            by_uid[uid].what for uid in (*loop[1:], loop[0])
        )
        yield first.find("rule-loop", "show_if" if first.item.get("show_if") else "calculation", chain=chain)


def _references(spot: Spot, asking: _Asking, by_uid: Mapping[str, Spot]) -> Findings:
    for uid in references(asking.rule):
        asked = by_uid.get(uid)
        if asked is None:
            yield spot.find("rule-dangling", asking.part, asking.about)
        elif answer_type(asked.type) is None and asked.type not in REPEATS:
            yield spot.find("rule-unanswerable", asking.part, asking.about, key=asked.what)
        elif asked.position > spot.position and not any(each.uid == spot.uid for each in asked.around):
            if asked.section != spot.section:
                yield spot.find("rule-later-section", asking.part, asking.about, key=asked.what.strip("“”"))
            elif asking.part == "show_if":
                yield spot.find("rule-later", asking.part, key=asked.what.strip("“”"))


def _reach(spot: Spot, asking: _Asking, reach: Reach) -> Findings:
    around = [each.item.get("show_if") for each in (*spot.around, spot) if each.item.get("show_if")]
    reach.begin()
    possible = reach.possible(asking.rule, 0)
    faults = reach.faults()
    shown = asking.rule if asking.part == "show_if" else None
    together = reach.possible({"all": [*around, *([] if shown else [asking.rule])]}, 0)
    if asking.part == "show_if" and not together:
        yield spot.find("rule-unreachable", "show_if")
    elif asking.part == "required_if" and not (possible and together):
        yield spot.find("required-if-hidden" if possible else "required-if-unreachable", "required_if")
    elif asking.part.startswith("warnings") and not (possible and together):
        yield spot.find("warning-unreachable", asking.part, key=asking.text)
    elif asking.part.startswith("warnings") and reach.certain(asking.rule, 0):
        yield spot.find("warning-always", asking.part, key=asking.text)
    for code, asked in faults:
        yield spot.find(code, asking.part, asking.about, key=asked.strip("“”"))


def _advice(spot: Spot) -> Findings:
    warnings = [each for each in listed(spot.item.get("warnings")) if isinstance(each, Mapping)]
    needs, recommended = spot.item.get("required_if"), spot.item.get("recommended") is True
    if (needs or recommended or warnings) and answer_type(spot.type) is None and spot.type not in REPEATS:
        yield spot.find("advice-unanswerable")
    if needs and spot.item.get("required") == "publish":
        yield spot.find("required-if-idle", "required_if")
    if recommended and spot.item.get("required") == "publish":
        yield spot.find("recommended-idle", "recommended")
    uids = Counter(text(each.get("uid")) for each in warnings)
    for number, each in enumerate(warnings):
        if not text(each.get("text")).strip():
            yield spot.find("warning-without-text", f"warnings/{number}")
        if uids[text(each.get("uid"))] > 1 and text(each.get("uid")):
            yield spot.find("warning-uid-duplicate", f"warnings/{number}", key=text(each.get("uid")))
