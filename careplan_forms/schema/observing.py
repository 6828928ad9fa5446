"""Test cases written by looking: what a form shows for some answers, offered as expectations to tick."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careplan_forms.schema.compiled import CompiledItem
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.items.kinds import CALCULATED
from careplan_forms.schema.states import State
from careplan_forms.schema.testing import text_of
from careplan_forms.schema.trace import why

_BY_NAME = ("visible", "hidden", "required", "optional")
_OPPOSITE = {"visible": "hidden", "hidden": "visible", "required": "optional", "optional": "required"}


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that is so, as an expectation of kind `what` about `name`."""

    what: str
    name: str
    value: Any
    sentence: str

    @property
    def id(self) -> str:
        """What the observation is called on a page; the same as long as it stays true."""
        return f"{self.what}:{self.name}"


def observe(form: CompiledForm, state: State) -> list[Observation]:
    """Everything worth expecting, in the order of the form; what is the same for everybody and always is left out."""
    found = [each for item in form.items.values() for each in _of_item(form, state, item)]
    found += [
        Observation("hidden", uid, True, f"“{item.label}” is hidden: it is for other roles.")
        for uid, item in form.plain_items.items()
        if uid not in form.items
    ]
    for what, there in (("errors", state.errors), ("warnings", state.warnings)):
        names = [f"{uid}/{code}" for uid, code in sorted(there)]
        labels = ", ".join(dict.fromkeys(f"“{form.items[uid].label}”" for uid, _ in sorted(there)))
        found.append(
            Observation(
                what, "", names, f"There are {what} at {labels} and nowhere else." if names else f"There are no {what}."
            )
        )
    for slot, values in state.slots.items():
        said = f"{SLOT_FIELDS[slot].description}: {text_of(values)}"
        found.append(Observation("slots", slot, values, f"The emergency view is told: {said}."))
    ready = "can be approved as they are" if state.complete else "cannot be approved yet"
    return [*found, Observation("complete", "", state.complete, f"The answers {ready}.")]


def parts_of(expects: Mapping[str, Any]) -> dict[str, tuple[str, str, Any]]:
    """Expectations one by one: id → (what, name, value)."""
    found: dict[str, tuple[str, str, Any]] = {}
    for what, value in expects.items():
        if what in _BY_NAME:
            found |= {f"{what}:{name}": (what, name, True) for name in value}
        elif isinstance(value, Mapping):
            found |= {f"{what}:{name}": (what, name, each) for name, each in value.items()}
        else:
            found[f"{what}:"] = (what, "", value)
    return found


def joined(parts: Iterable[tuple[str, str, Any]]) -> dict[str, Any]:
    """Expectations put together again; of two that contradict each other the later counts."""
    found: dict[str, Any] = {}
    for what, name, value in parts:
        if what in _BY_NAME:
            if name in found.get(_OPPOSITE[what], ()):
                found[_OPPOSITE[what]].remove(name)
            found.setdefault(what, []).append(name)
        elif what in ("values", "slots"):
            found.setdefault(what, {})[name] = value
        else:
            found[what] = value
    return {what: value for what, value in found.items() if what not in _BY_NAME or value}


def _of_item(form: CompiledForm, state: State, item: CompiledItem) -> Iterator[Observation]:
    visible = item.uid in state.visible
    if item.item.show_if:
        what = "visible" if visible else "hidden"
        said = f"“{item.label}” is {'shown' if visible else 'hidden'}. {why(form, state.answers, item.uid).sentence}"
        yield Observation(what, item.uid, True, said)
    if item.item.required_if and visible:
        what = "required" if item.uid in state.required else "optional"
        said = "needs an answer" if what == "required" else "needs no answer"
        yield Observation(what, item.uid, True, f"“{item.label}” {said} for approval.")
    if item.type in CALCULATED and visible and not item.repeats:
        value = state.answers.get(item.uid)
        yield Observation("values", item.uid, value, f"“{item.label}” comes to {text_of(value)}.")
