"""Judging stored answers: their shape always, what approval needs when publishing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.items import absent
from careplan_forms.schema.items.base import blank_entry, is_absent, is_blank
from careplan_forms.schema.names import is_instance_id
from careplan_forms.schema.parsing import problem_of
from careplan_forms.schema.problems import Fault, Problem
from careplan_forms.schema.showing import Chain

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm


class Judge:
    """One run over one set of answers."""

    def __init__(self, form: "CompiledForm", answers: Mapping[str, Any], hidden: set[str], publish: bool) -> None:
        self.form, self.answers, self.hidden, self.publish = form, answers, hidden, publish
        self.problems: list[Problem] = []

    def item(self, item: CompiledItem, value: Any, chain: Chain, path: tuple[str, ...], hidden: set[str]) -> None:
        """Judge one answer at its place, where `hidden` is hidden."""
        needed = self.publish and item.demanding and self.needs(item, chain, hidden)
        if is_blank(value):
            if needed or (self.publish and item.item.min_items):
                self.add(item, missing(item), path)
        elif item.is_repeat:
            self.repeat(item, value, chain, path, needed)
        elif item.check is not None:
            fault = item.check(value) or (lacks_reason(item, value) if needed else None)
            if fault is None and self.publish and item.finishes and item.kind is not None and not is_absent(value):
                fault = item.kind.unfinished(item.field, value)
            if fault:
                self.add(item, fault, path)

    def needs(self, item: CompiledItem, chain: Chain, hidden: set[str]) -> bool:
        """Whether approval needs an answer here."""
        if item.required or item.need is None:
            return item.required
        return item.need(self.form.showing.look(self.answers, hidden, chain))

    def repeat(self, item: CompiledItem, value: Any, chain: Chain, path: tuple[str, ...], needed: bool) -> None:
        """Judge the entries of a repeat and how many there are."""
        if is_absent(value):
            fault = absent.verdict(item.field, value, frozenset(item.item.absent), "")
            fault = fault or (lacks_reason(item, value) if needed else None)
        else:
            fault = self.entries(item, value, chain, path, needed)
        if fault:
            self.add(item, fault, path)

    def entries(
        self, item: CompiledItem, value: Any, chain: Chain, path: tuple[str, ...], needed: bool
    ) -> Fault | None:
        """Judge the entries one by one; returns what is wrong with the list itself."""
        shape = item.field.fault("shape")
        if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
            return shape
        ids = [entry.get("id") for entry in value]
        if not all(is_instance_id(each) for each in ids) or len(set(ids)) < len(ids):
            return shape
        filled = [entry for entry in value if not blank_entry(entry)]
        for entry in filled:
            self.entry(item, entry, (*chain, (item.uid, entry)), (*path, entry["id"]))
        if item.item.max_items is not None and len(filled) > item.item.max_items:
            return item.field.fault("repeat.max", count=item.item.max_items)
        least = max(item.item.min_items, 1 if needed else 0)
        return missing(item) if self.publish and len(filled) < least else None

    def entry(self, item: CompiledItem, entry: Mapping[str, Any], chain: Chain, path: tuple[str, ...]) -> None:
        """Judge the answers inside one entry."""
        hidden = self.form.showing.hidden_inside(self.answers, self.hidden, chain)
        for child in answerables(item.children):
            if child.uid not in hidden:
                self.item(child, entry.get(child.uid), chain, path, hidden)

    def add(self, item: CompiledItem, fault: Fault, path: tuple[str, ...]) -> None:
        """Keep a problem."""
        self.problems.append(problem_of(item, fault, path))


def validate(form: "CompiledForm", answers: Mapping[str, Any], section: str | None, publish: bool) -> list[Problem]:
    """All problems of the questions shown, in the order of the form."""
    hidden = form.showing.hidden(answers, section)
    judge = Judge(form, answers, hidden, publish)
    get = answers.get
    for uid, check, demanding, item in form.checks(section):
        value = get(uid)
        if value is None:
            doubtful = publish and demanding
        elif check is None or check(value) is not None:
            doubtful = True
        else:
            # Blank or absent: only approval may want more.
            doubtful = publish and demanding and (not value or type(value) in (dict, list))
        if doubtful and uid not in hidden:
            judge.item(item, value, (), (), hidden)
    return judge.problems


def missing(item: CompiledItem) -> Fault:
    """The instruction to answer what approval needs."""
    if item.kind is not None:
        return item.kind.fault_missing(item.field)
    return item.field.fault("missing.repeat", count=max(item.item.min_items, 1))


def lacks_reason(item: CompiledItem, value: Any) -> Fault | None:
    """Approval needs to know why a question it needs has no answer."""
    if is_absent(value) and not value.get("reason"):
        code = value["absent"]
        return item.field.fault("absent.reason", part=f"reason-{code}", absent=item.field.say.absent(code))
    return None
