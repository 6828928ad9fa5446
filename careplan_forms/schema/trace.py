"""Why a question is shown or hidden, needed, worked out or warned about: the rules of a form applied to answers, in
words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.english import item_name, rule_in_words
from careplan_forms.schema.english_calculations import calculation_in_words
from careplan_forms.schema.items.base import is_blank
from careplan_forms.schema.items.kinds import CALCULATED
from careplan_forms.schema.rules import MAX_DEPTH, Look, RuleError, Several, compile_rule
from careplan_forms.schema.showing import Chain
from careplan_forms.schema.states import chains_around, hidden_at

_LONGEST_ANSWER = 80


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a rule, or several joined: whether it holds for these answers, and what it is made of."""

    text: str
    holds: bool
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that decided about one question, each a sentence. `parts` takes its own condition apart."""

    uid: str
    label: str
    shown: bool
    sentence: str
    parts: tuple[Part, ...] = ()
    further: tuple[str, ...] = ()


def why(form: CompiledForm, answers: Mapping[str, Any], uid: str, chain: Chain = ()) -> Trace:
    """Why an item is shown or hidden for these answers; inside a repeat, in the entry that `chain` names, or
    else in the first that shows it.

    `answers` hold calculated values already (`CompiledForm.calculated`).
    """
    item = form.items.get(uid)
    if item is None:
        return Trace(uid, uid, False, "This form has no such question.")
    places = [chain] if chain or not item.repeats else chains_around(item.repeats, answers)
    traces = [_Tracer(form, answers, each).trace(item) for each in places]
    return next((trace for trace in traces if trace.shown), traces[0])


class _Tracer:
    """One set of answers at one place."""

    def __init__(self, form: CompiledForm, answers: Mapping[str, Any], chain: Chain) -> None:
        self.form, self.answers = form, answers
        self.hidden: set[str] = hidden_at(form, answers, form.showing.hidden(answers), chain)
        self.look: Look = form.showing.look(answers, self.hidden, chain)
        self.conditional = {unit.uid for unit in form.order.units if unit.conditional}

    def trace(self, item: CompiledItem) -> Trace:
        shown = item.uid not in self.hidden
        sentence, parts = self._verdict(item, shown)
        return Trace(item.uid, item.label, shown, sentence, parts, tuple(self._further(item)) if shown else ())

    def _verdict(self, item: CompiledItem, shown: bool) -> tuple[str, tuple[Part, ...]]:
        container = next((uid for uid in self.form.around[item.uid] if uid in self.hidden), None)
        if container is not None:
            around = self.form.items[container]
            sentence, parts = self._verdict(around, False)
            return f"Hidden with {self._name(container)}. {sentence}", parts
        rule = item.item.show_if
        if not rule:
            inside = next((uid for uid in reversed(self.form.around[item.uid]) if uid in self.conditional), None)
            if inside is None:
                return "Always shown.", ()
            sentence, parts = self._verdict(self.form.items[inside], True)
            return f"Shown with {self._name(inside)}. {sentence}", parts
        if item.uid not in self.conditional:
            return "Always shown, because its condition cannot be decided: it asks in a circle or cannot be read.", ()
        part = self.part(rule)
        return f"{'Shown' if shown else 'Hidden'} because {self.reason(rule)}.", (part,)

    def _further(self, item: CompiledItem) -> Iterator[str]:
        if item.type in CALCULATED:
            value = self._found(item.uid)
            how = calculation_in_words(item.item.calculation, self.form.plain_items)
            yield f"Worked out as {how}. It comes to {value or 'nothing yet'}."
        if item.required or item.item.min_items:
            yield "Approval always needs an answer."
        elif item.need is not None:
            said = "needs" if item.need(self.look) else "does not need"
            yield f"Approval {said} an answer, because {self.reason(item.item.required_if)}."
        elif item.item.recommended:
            yield "An answer is recommended; nothing stops without one."
        for caution, rule in item.cautions:
            if rule(self.look):
                yield f"Warns “{caution.text}”, because {self.reason(caution.rule)}."

    def holds(self, rule: Any) -> bool:
        try:
            return compile_rule(rule)(self.look)
        except RuleError:
            return True

    def reason(self, rule: Any, depth: int = 0) -> str:
        """What decided: the parts that made it so, and no others."""
        if not isinstance(rule, Mapping) or not rule or depth > MAX_DEPTH:
            return "there is nothing to decide"
        holds = self.holds(rule)
        for key in ("all", "any"):
            if isinstance(rule.get(key), list | tuple):
                deciding = [each for each in rule[key] if self.holds(each) is holds]
                said = dict.fromkeys(self.reason(each, depth + 1) for each in deciding)
                return " and ".join(said) or rule_in_words(rule, self.form.plain_items)
        if "not" in rule:
            return self.reason(rule["not"], depth + 1)
        listed = rule.get("op") == "in" and rule.get("item") not in self.hidden
        return self._instead(rule) if listed or not holds else rule_in_words(rule, self.form.plain_items)

    def part(self, rule: Any, depth: int = 0) -> Part:
        """The whole rule, every part with whether it holds."""
        holds = self.holds(rule)
        if isinstance(rule, Mapping) and depth <= MAX_DEPTH:
            for key, said in (("all", "All of these"), ("any", "At least one of these")):
                if isinstance(rule.get(key), list | tuple) and len(rule[key]) > 1:
                    return Part(said, holds, tuple(self.part(each, depth + 1) for each in rule[key]))
                if isinstance(rule.get(key), list | tuple) and rule[key]:
                    return self.part(rule[key][0], depth + 1)
            if "not" in rule:
                return Part("Not", holds, (self.part(rule["not"], depth + 1),))
        return Part(rule_in_words(rule, self.form.plain_items), holds)

    def _instead(self, rule: Mapping[str, Any]) -> str:
        """What there is at the question a condition asks about."""
        uid = rule.get("item")
        if not isinstance(uid, str) or uid not in self.form.plain_items:
            return f"{item_name(uid, self.form.plain_items)} has no answer"
        if uid in self.hidden:
            return f"{self._name(uid)} is hidden"
        found = self._found(uid)
        return f"{self._name(uid)} is “{found}”" if found else f"{self._name(uid)} is not answered"

    def _found(self, uid: str) -> str:
        """The answer as text, shortened."""
        value = self.look(uid)
        item = self.form.items.get(uid)
        values = list(value) if isinstance(value, Several) else [value]
        if item is None:
            said = ["an answer that is not shown"] if not all(map(is_blank, values)) else []
        else:
            said = [self.form.display(uid, each) for each in values if not is_blank(each)]
        text = ", ".join(" ".join(each.split()) for each in said if each)
        return text if len(text) <= _LONGEST_ANSWER else text[: _LONGEST_ANSWER - 1].rstrip() + "…"

    def _name(self, uid: str) -> str:
        return item_name(uid, self.form.plain_items)
