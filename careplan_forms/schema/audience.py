"""A form as one role has it: what may be seen, changed and must be answered. The one place that decides this.

`view_of` gives a compiled form without what is not for the role. Rules are still decided on all answers, so a
question shown because of an answer somebody may not see is shown; the answer itself is in nothing the view gives.
Whatever shows, exports or saves answers asks the view of whoever looks, never the whole form.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from careplan_forms.schema.calculation_parts import decided_by, sources_of
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.items.kinds import REPEATS
from careplan_forms.schema.model import Form, Item, read, walk
from careplan_forms.schema.roles import NO_LIMITS, allows

#: Views of one form that are kept; only withheld answers make more than one for a role.
MOST_VIEWS = 32

LooksAt = Callable[[Item], list[str]]

_views: "WeakKeyDictionary[CompiledForm, OrderedDict[tuple[str, frozenset[str]], CompiledForm]]" = WeakKeyDictionary()
_limited: "WeakKeyDictionary[CompiledForm, bool]" = WeakKeyDictionary()
_lock = Lock()


def view_of(whole: CompiledForm, role: str | None, withheld: Iterable[str] = ()) -> CompiledForm:
    """The form as a role has it; `role` None is the service itself, which has all of it.

    `withheld` are uids whose answers are kept from this audience on one plan; what is shown because of them or
    worked out from them goes with them. A form without limits is its own view, at no cost.
    """
    gone = frozenset(uid for uid in withheld if uid in whole.items)
    if role is None or not (gone or is_limited(whole)):
        return whole
    key = (role, gone)
    with _lock:
        kept = _views.setdefault(whole, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    made = ViewedForm(whole, role, gone)
    with _lock:
        kept[key] = made
        while len(kept) > MOST_VIEWS:
            kept.popitem(last=False)
    return made


def is_limited(whole: CompiledForm) -> bool:
    """Whether anything in a form is not for everybody; worked out once for each form."""
    found = _limited.get(whole)
    if found is None:
        found = _limited[whole] = any(item.roles != NO_LIMITS for item in whole.plain_items.values())
    return found


class ViewedForm(CompiledForm):
    """A compiled form without what one audience may not see; rules, order and places are those of the whole."""

    def __init__(self, whole: CompiledForm, role: str, withheld: frozenset[str]) -> None:
        gone = _with_dependants(withheld, whole.plain_items, decided_by) if withheld else withheld
        form = _form_for(read(whole.document, whole.language), role, gone)
        super().__init__(whole.document, whole.sha256, whole.language, whole.audience, form)
        self.unseen = frozenset(whole.items.keys() - self.items.keys())
        self.around, self.order = whole.around, whole.order
        self.plain_items = whole.plain_items | self.plain_items
        self.showing, self.workings = whole.showing, whole.workings
        sealed = {uid for item in self.items.values() for uid in item.item.sealed}
        self.blind = _with_dependants(self.unseen | sealed, whole.plain_items, sources_of)
        self._checks = {
            key: tuple(each for each in rows if each[0] in self.editable) for key, rows in self._checks.items()
        }


def sees_all(view: CompiledForm, whole: CompiledForm, answers: Mapping[str, Any]) -> bool:
    """Whether every answer that would be approved is in the view."""
    return view.complete(answers) == whole.complete(answers)


def _form_for(form: Form, role: str, gone: frozenset[str]) -> Form:
    sections = (replace(each, items=_items(each.items, role, gone, True)) for each in form.sections)
    return replace(form, sections=tuple(each for each in sections if each.items))


def _items(items: Iterable[Item], role: str, gone: frozenset[str], may_edit: bool) -> tuple[Item, ...]:
    return tuple(_items_seen(items, role, gone, may_edit))


def _items_seen(items: Iterable[Item], role: str, gone: frozenset[str], may_edit: bool) -> Iterator[Item]:
    for item in items:
        if item.uid in gone or not allows(item.roles.see, role):
            continue
        edits = may_edit and allows(item.roles.edit, role)
        inside = _items(item.items, role, gone, edits)
        if inside or not item.items:
            yield _seen(item, role, edits, inside)


def _seen(item: Item, role: str, edits: bool, inside: tuple[Item, ...]) -> Item:
    sealed = _answers_in(item.items) - {uid for each in inside for uid in _changeable(each)}
    if not edits:
        return replace(
            item,
            items=inside,
            read_only=True,
            required=False,
            required_if=None,
            recommended=False,
            min_items=0,
            prefill=None,
            sealed=sealed if item.type in REPEATS else frozenset(),
        )
    must, rule = item.required, item.required_if
    if item.roles.require is not None:
        asked = role in item.roles.require
        must, rule = asked and (must or not rule), rule if asked else None
    sealed = sealed if item.type in REPEATS else frozenset()
    return replace(item, items=inside, required=must, required_if=rule, sealed=sealed)


def _answers_in(items: Iterable[Item]) -> frozenset[str]:
    """The questions and repeats of an entry, those in groups too."""
    return frozenset(uid for item in items for uid in (_answers_in(item.items) if item.type == "group" else {item.uid}))


def _changeable(item: Item) -> Iterator[str]:
    if item.type == "group":
        yield from (uid for each in item.items for uid in _changeable(each))
    elif not item.read_only:
        yield item.uid


def _with_dependants(uids: Iterable[str], items: Mapping[str, Item], looks_at: LooksAt) -> frozenset[str]:
    """These uids, what is inside them, and every item that looks at one of them, near or far."""
    found = set(uids)
    while True:
        more = {uid for uid, item in items.items() if uid not in found and not found.isdisjoint(looks_at(item))}
        inside = {each.uid for uid in found | more if uid in items for each in walk(items[uid].items)}
        if more | inside <= found:
            return frozenset(found)
        found |= more | inside
