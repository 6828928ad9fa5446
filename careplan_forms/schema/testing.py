"""Running the test cases of a form: what these answers make of it, and whether that is what was expected."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.cases import Case, Names
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.decimals import decimal_of
from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.items.base import is_absent, is_blank
from careplan_forms.schema.states import State, state_of
from careplan_forms.schema.trace import why


@dataclass(frozen=True, slots=True)
class Row:
    """One expectation and what came of it. `what` is its kind, `name` what it is about."""

    what: str
    name: str
    expected: str
    found: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case came out; a case that expects nothing passes."""

    case: Case
    passed: bool
    rows: tuple[Row, ...]

    @property
    def failures(self) -> tuple[Row, ...]:
        """What came out otherwise than expected."""
        return tuple(row for row in self.rows if not row.passed)


def run_case(form: CompiledForm, case: Case) -> CaseResult:
    """Judge what the case expects, and nothing else."""
    state, unknown = state_of(form, case)
    rows = [
        Row(
            "answers",
            name,
            "a question of this form",
            "none",
            False,
            f"Answers “{name}”, which this form does not ask.",
        )
        for name in unknown
    ]
    judge = _Judge(form, state)
    for what, judged in _JUDGES.items():
        if what in case.expects:
            rows += judged(judge, what, case.expects[what])
    return CaseResult(case, all(row.passed for row in rows), tuple(rows))


def same(expected: Any, found: Any) -> bool:
    """Whether a value is the expected one: numbers by what they are worth, of an object only what is named."""
    if is_blank(expected) or is_blank(found):
        return is_blank(expected) and is_blank(found)
    if isinstance(found, Mapping):
        if isinstance(expected, Mapping):
            return all(same(value, found.get(key)) for key, value in expected.items())
        return not is_absent(found) and same(expected, found.get("value" if "value" in found else "code"))
    if isinstance(found, list):
        wanted = expected if isinstance(expected, list) else [expected]
        return len(wanted) == len(found) and all(map(same, wanted, found))
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    one, other = decimal_of(expected), decimal_of(found)
    return one == other if one is not None and other is not None else expected == found


class _Judge:
    """Holds expectations against one state."""

    def __init__(self, form: CompiledForm, state: State) -> None:
        self.form, self.state, self.names = form, state, Names(form)

    def shown(self, what: str, names: Any) -> Iterator[Row]:
        """Questions that must be shown, or must not."""
        for name in names:
            item = self.names.item(name)
            if item is None:
                yield self._kept_back(what, name) or self._unknown(what, name)
                continue
            found = "visible" if item.uid in self.state.visible else "hidden"
            said = "shown" if what == "visible" else "hidden"
            sentence = f"“{item.label}” must be {said}. {why(self.form, self.state.answers, item.uid).sentence}"
            yield Row(what, name, what, found, found == what, sentence)

    def needed(self, what: str, names: Any) -> Iterator[Row]:
        """Questions that approval must need, or must do without."""
        for name in names:
            item = self.names.item(name)
            if item is None:
                yield self._kept_back(what, name) or self._unknown(what, name)
                continue
            found = "required" if item.uid in self.state.required else "optional"
            said = {"required": "needs an answer for approval", "optional": "needs no answer for approval"}
            yield Row(what, name, what, found, found == what, f"“{item.label}” {said[what]}: {_yes_no(found == what)}.")

    def values(self, what: str, values: Any) -> Iterator[Row]:
        """Answers, calculated ones above all, that must be these."""
        for name, expected in values.items():
            item = self.names.item(name)
            if item is None or not item.answerable:
                yield self._unknown(what, name)
                continue
            value = self.state.answers.get(item.uid) if item.uid in self.state.visible else None
            wanted, found = text_of(expected), text_of(value)
            sentence = f"“{item.label}” must come to {wanted}; it comes to {found}."
            yield Row(what, name, wanted, found, same(expected, value), sentence)

    def listed(self, what: str, names: Any) -> Iterator[Row]:
        """Errors or warnings: every one that is named, and no other."""
        there = self.state.errors if what == "errors" else self.state.warnings
        rest = dict.fromkeys(sorted(there))
        word = "an error" if what == "errors" else "a warning"
        for name in names:
            uid, code = self.names.split(name)
            if uid is None:
                yield self._unknown(what, name)
                continue
            met = [each for each in there if each[0] == uid and code in ("", each[1])]
            for each in met:
                rest.pop(each, None)
            label = self.form.items[uid].label
            sentence = f"There must be {word} at “{label}”: {_yes_no(bool(met))}."
            yield Row(what, name, name, name if met else "none", bool(met), sentence)
        for uid, code in rest:
            sentence = f"There is {word} at “{self.form.items[uid].label}” that is not expected ({code})."
            yield Row(what, f"{uid}/{code}", "none", f"{uid}/{code}", False, sentence)
        if not names and not rest:
            yield Row(what, "", "none", "none", True, f"There must be no {what}.")

    def slots(self, what: str, slots: Any) -> Iterator[Row]:
        """What the emergency view must be given."""
        for slot, expected in slots.items():
            if slot not in SLOT_FIELDS or SLOT_FIELDS[slot].secret:
                yield self._unknown(what, slot)
                continue
            found = self.state.slots.get(slot)
            sentence = f"The emergency view must be told “{slot}” is {text_of(expected)}; it is told {text_of(found)}."
            yield Row(what, slot, text_of(expected), text_of(found), same(expected, found), sentence)

    def complete(self, what: str, expected: Any) -> Iterator[Row]:
        """Whether the answers could be sent for approval."""
        found = self.state.complete
        sentence = (
            f"The answers {'can' if expected else 'cannot'} be approved as they are: {_yes_no(found is expected)}."
        )
        yield Row(what, "", _yes_no(expected), _yes_no(found), found is expected, sentence)

    def _kept_back(self, what: str, name: str) -> Row | None:
        """What comes of a question that whoever looks may not see: it is hidden from them and they need not answer."""
        item = self.names.kept_back(name)
        if item is None:
            return None
        found = "hidden" if what in ("visible", "hidden") else "optional"
        sentence = f"“{item.label}” is for other roles: here it is neither shown nor needed."
        return Row(what, name, what, found, found == what, sentence)

    def _unknown(self, what: str, name: str) -> Row:
        kind = "no such slot that may be read" if what == "slots" else "no such question"
        return Row(what, name, name, "none", False, f"Expects something of “{name}”, but this form has {kind}.")


_JUDGES: dict[str, Callable[[_Judge, str, Any], Iterator[Row]]] = {
    "visible": _Judge.shown,
    "hidden": _Judge.shown,
    "required": _Judge.needed,
    "optional": _Judge.needed,
    "values": _Judge.values,
    "errors": _Judge.listed,
    "warnings": _Judge.listed,
    "slots": _Judge.slots,
    "complete": _Judge.complete,
}


def _yes_no(value: object) -> str:
    return "yes" if value else "no"


def text_of(value: Any) -> str:
    """A value in a sentence."""
    if is_blank(value):
        return "nothing"
    if isinstance(value, bool):
        return _yes_no(value)
    if isinstance(value, Mapping):
        parts = [value.get(key) for key in ("display", "value", "unit", "code", "absent", "text") if value.get(key)]
        return f"“{' '.join(str(part) for part in parts[:2])}”" if parts else "an entry"
    return ", ".join(map(text_of, value)) if isinstance(value, list) else f"“{value}”"
