"""What changed between two form documents.

And between two sets of answers, in words an approver can judge.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from careplan_forms.schema.arithmetic import number_text
from careplan_forms.schema.diff_translations import retold
from careplan_forms.schema.emergency import SLOT_FIELDS
from careplan_forms.schema.english import rule_in_words
from careplan_forms.schema.english_calculations import calculation_in_words
from careplan_forms.schema.english_settings import bands_in_words, limits_in_words
from careplan_forms.schema.items.base import is_blank
from careplan_forms.schema.model import Form, Item, Option, read, walk
from careplan_forms.schema.reading import display, files_of
from careplan_forms.schema.registry import ITEM_TYPES
from careplan_forms.schema.roles import in_words, whom
from careplan_forms.schema.wording import HELD_APART, absent_label

if TYPE_CHECKING:
    from careplan_forms.schema.compiler import CompiledForm

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a form.

    `aspect` says of what; `old` and `new` are words, empty where there is nothing to say.
    """

    kind: Kind
    uid: str
    label: str
    aspect: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """The change as one sentence."""
        name = f"“{self.label}”" if self.label else "An unnamed part"
        if self.kind == "added":
            return f"{name}: {self.aspect} added" + (f" ({self.new})." if self.new else ".")
        if self.kind == "removed":
            return f"{name}: {self.aspect} removed" + (f" ({self.old})." if self.old else ".")
        if self.kind == "moved":
            return f"{name}: moved from {self.old} to {self.new}."
        return f"{name}: {self.aspect} changed from {self.old or 'nothing'} to {self.new or 'nothing'}."


class AnswerChange(NamedTuple):
    """One changed answer as text; an empty text is no answer."""

    uid: str
    label: str
    old_text: str
    new_text: str


def diff_documents(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The changes of meaning from one document to the next, in the order of the new one, removals last."""
    before, after = read(old), read(new)
    return [*_sections(before, after), *_items(before, after), *(Change("changed", *each) for each in retold(old, new))]


def diff_answers(compiled: "CompiledForm", old: Mapping[str, Any], new: Mapping[str, Any]) -> list[AnswerChange]:
    """The answers that read differently, hidden ones left out: what somebody who approves must see.

    A changed secret answer is listed, its text is not.
    """
    before, after = compiled.complete(old), compiled.complete(new)
    changes = []
    for item in compiled.asked(None):
        left, right = before.get(item.uid), after.get(item.uid)
        if left == right:
            continue
        texts = [display(compiled, item, each) if not is_blank(each) else "" for each in (left, right)]
        if texts[0] == texts[1] and files_of(item, left) != files_of(item, right):
            texts[1] += " – another file of the same name"
        if texts[0] != texts[1] or item.secret or HELD_APART in texts[0]:
            changes.append(AnswerChange(item.uid, item.label, texts[0], texts[1]))
    return changes


def _sections(before: Form, after: Form) -> Iterator[Change]:
    if before.title != after.title:
        yield Change("changed", "", after.title, "form title", before.title, after.title)
    old = {section.key: section for section in before.sections}
    new = {section.key: section for section in after.sections}
    for key, section in new.items():
        if key not in old:
            yield Change("added", "", section.title, "section", "", "")
            continue
        for aspect in ("title", "hint", "group"):
            left, right = getattr(old[key], aspect), getattr(section, aspect)
            if left != right:
                yield Change("changed", "", section.title, f"section {aspect}", left, right)
    for key, section in old.items():
        if key not in new:
            yield Change("removed", "", section.title, "section", "", "")
    kept = [key for key in new if key in old]
    if kept != [key for key in old if key in new]:
        names = [" › ".join(side[key].title for key in side if key in kept) for side in (old, new)]
        yield Change("changed", "", after.title, "order of sections", *names)


def _items(before: Form, after: Form) -> Iterator[Change]:
    old, new = _placed(before), _placed(after)
    words = {uid: item for uid, (item, _, _) in (old | new).items()}
    for uid, (item, place, path) in new.items():
        if uid not in old:
            yield Change("added", uid, item.label, _kind_of(item), "", _said(item, words))
            continue
        left, was, old_path = old[uid]
        if old_path != path:
            yield Change("moved", uid, item.label, "place", was, place)
        yield from _aspects(left, item, words)
    for uid, (item, place, _) in old.items():
        if uid not in new:
            yield Change("removed", uid, item.label, _kind_of(item), place, "")
    yield from _orders(before, after)


def _placed(form: Form) -> dict[str, tuple[Item, str, tuple[str, ...]]]:
    """uid → the item, the names of what it stands in, and their keys: what is only renamed moves nothing."""
    placed: dict[str, tuple[Item, str, tuple[str, ...]]] = {}

    def visit(items: tuple[Item, ...], place: str, path: tuple[str, ...]) -> None:
        for item in items:
            placed.setdefault(item.uid, (item, place, path))
            visit(item.items, f"{place} › {item.label}" if item.label else place, (*path, item.uid))

    for section in form.sections:
        visit(section.items, f"“{section.title}”", (section.key,))
    return placed


def _orders(before: Form, after: Form) -> Iterator[Change]:
    old = {section.key: [item.uid for item in walk(section.items)] for section in before.sections}
    for section in after.sections:
        now = [item.uid for item in walk(section.items)]
        then = old.get(section.key, [])
        if [uid for uid in now if uid in then] != [uid for uid in then if uid in now]:
            yield Change("changed", "", section.title, "order of questions", "the old order", "a new one")


def _kind_of(item: Item) -> str:
    kind = ITEM_TYPES.get(item.type)
    return kind.title.lower() if kind else item.type


def _said(item: Item, words: Mapping[str, Item]) -> str:
    said = ["required for approval"] if item.required else []
    said += [each[0].lower() + each[1:] for each in in_words(item.roles)]
    said += [f"shown if {rule_in_words(item.show_if, words)}"] if item.show_if else []
    said += [f"required for approval if {rule_in_words(item.required_if, words)}"] if item.required_if else []
    said += ["recommended"] if item.recommended else []
    said += [_calculation(item, words)] if item.calculation else []
    said += [_warnings(item, words)] if item.warnings else []
    return ", ".join(said)


_Say = Callable[[Item, Mapping[str, Item]], str]
_ASPECTS: dict[str, _Say] = {
    "wording": lambda item, words: item.label,
    "hint": lambda item, words: item.hint,
    "wording for patients": lambda item, words: item.patient_label,
    "link id": lambda item, words: item.link_id,
    "type": lambda item, words: _kind_of(item),
    "need": lambda item, words: "required for approval" if item.required else "optional",
    "need by condition": lambda item, words: rule_in_words(item.required_if, words) if item.required_if else "",
    "recommendation": lambda item, words: "recommended" if item.recommended else "not recommended",
    "warnings": lambda item, words: _warnings(item, words),
    "calculation": lambda item, words: _calculation(item, words),
    "who may see it": lambda item, words: whom(item.roles.see),
    "who may change it": lambda item, words: whom(item.roles.edit),
    "who must answer": lambda item, words: whom(item.roles.require),
    "reasons for no answer": lambda item, words: ", ".join(absent_label(code) for code in item.absent),
    "condition": lambda item, words: rule_in_words(item.show_if, words),
    "free text beside": lambda item, words: "allowed" if item.other else "not allowed",
    "limits": lambda item, words: limits_in_words(item),
    "meaning of the score": lambda item, words: bands_in_words(item),
    "ends of the scale": lambda item, words: " to ".join(filter(None, (item.min_label, item.max_label))),
    "unit": lambda item, words: item.unit,
    "codes": lambda item, words: ", ".join(str(each.get("code") or "") for each in item.code),
    "emergency slot": lambda item, words: _slot(item),
    "meaning in the emergency view": lambda item, words: _mapping(item),
    "prefill": lambda item, words: item.prefill or "",
}


def _aspects(left: Item, right: Item, words: Mapping[str, Item]) -> Iterator[Change]:
    for aspect, say in _ASPECTS.items():
        was, now = say(left, words), say(right, words)
        if was != now:
            yield Change("changed", right.uid, right.label, aspect, was, now)
    yield from _options(left, right)


def _options(left: Item, right: Item) -> Iterator[Change]:
    old = {option.id: option for option in left.options}
    new = {option.id: option for option in right.options}
    for key, option in new.items():
        if key not in old:
            yield Change("added", right.uid, right.label, "option", "", option.display)
        elif _option(old[key]) != _option(option):
            words = _option(old[key]), _option(option)
            yield Change("changed", right.uid, right.label, "option", *words)
    for key, option in old.items():
        if key not in new:
            yield Change("removed", right.uid, right.label, "option", option.display, "")


def _option(option: Option) -> str:
    retired = ", retired" if option.retired else ""
    replaced = f", replaced by {option.replaced_by}" if option.replaced_by else ""
    score = f", score {number_text(option.score)}" if option.score is not None else ""
    return f"{option.display} ({option.code}{score}{retired}{replaced})"


def _calculation(item: Item, words: Mapping[str, Item]) -> str:
    return f"worked out as {calculation_in_words(item.calculation, words)}" if item.calculation else ""


def _warnings(item: Item, words: Mapping[str, Item]) -> str:
    return "; ".join(f"warns “{each.text}” if {rule_in_words(each.rule, words)}" for each in item.warnings)


def _slot(item: Item) -> str:
    known = SLOT_FIELDS.get(item.slot or "")
    return f"{item.slot}: {known.description}" if known else item.slot or ""


def _mapping(item: Item) -> str:
    displays = {option.code: option.display for option in item.options}
    return ", ".join(f"{displays.get(key, key)} → {token}" for key, token in sorted(item.slot_values.items()))
