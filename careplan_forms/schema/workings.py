"""Working out the calculated values of a form over answers, in one pass over the ordered units.

What is hidden counts as unanswered, so showing and calculating go hand in hand: on a copy of the answers, each unit
in turn takes away what it hides or adds what it comes to.
"""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from careplan_forms.schema.arithmetic import stored
from careplan_forms.schema.calculating import Scope, Scores
from careplan_forms.schema.items.base import blank_entry
from careplan_forms.schema.items.kinds import CALCULATED, REPEATS
from careplan_forms.schema.model import Item
from careplan_forms.schema.rules import Look, Several
from careplan_forms.schema.visibility import Order, Unit


class _Place(dict[str, Any]):
    """The answers of the form, or of one entry of a repeat: what still counts, beside what is kept."""

    __slots__ = ("gone", "kept")

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__(answers)
        self.gone: set[str] = set()
        self.kept: dict[str, Any] = dict(answers)


_Chain = tuple[tuple[str, _Place], ...]


class Workings:
    """The calculations of one form; holds no answers."""

    def __init__(self, order: Order, items: Mapping[str, Item]) -> None:
        self._units = order.units
        self._items = items
        self.uids = frozenset(uid for uid, item in items.items() if item.type in CALCULATED)
        self._repeats = {uid: repeats for uid, repeats in order.repeats.items() if repeats}
        self._lists = frozenset(uid for uid, item in items.items() if item.type in REPEATS)
        self.scores: Scores = {uid: weights for uid, item in items.items() if (weights := _weights(item))}

    def filled(self, answers: Mapping[str, Any], today: datetime.date) -> dict[str, Any]:
        """The answers with every calculated value as it comes out now; none that was brought along is kept.

        Hidden answers stay where they are; a hidden calculation comes to nothing.
        """
        if not self.uids:
            return dict(answers)
        top = self._copied(answers)
        for unit in self._units:
            for place, chain in list(self._places(unit, top)):
                self._settle(unit, place, Scope(self._look(top, dict(chain)), today, self.scores))
        return top.kept

    def _settle(self, unit: Unit, place: _Place, scope: Scope) -> None:
        empty_entry = bool(unit.repeats) and blank_entry(place.kept)
        if unit.uid in place.gone or empty_entry:
            return
        if not unit.rule(scope.look):
            place.gone |= unit.family
            for uid in unit.family:
                place.pop(uid, None)
        elif unit.working is not None:
            item = self._items[unit.uid]
            value = stored(unit.working(scope), item.decimals, item.unit)
            if value is not None:
                place[unit.uid] = place.kept[unit.uid] = value

    def _copied(self, answers: Mapping[str, Any]) -> _Place:
        """Copies down to the entries of repeats, without calculated values."""
        place = _Place({uid: value for uid, value in answers.items() if uid not in self.uids})
        for uid in self._lists & place.keys():
            if isinstance(place[uid], list):
                entries = [self._copied(each) if isinstance(each, Mapping) else each for each in place[uid]]
                place[uid] = entries
                place.kept[uid] = [each.kept if isinstance(each, _Place) else each for each in entries]
        return place

    def _places(self, unit: Unit, top: _Place) -> Iterator[tuple[_Place, _Chain]]:
        if not unit.repeats:
            yield top, ()
        for chain in _chains(unit.repeats, top):
            yield chain[-1][1], chain

    def _look(self, top: _Place, entries: Mapping[str, _Place]) -> Look:
        repeats = self._repeats

        def look(uid: str) -> Any:
            if uid not in repeats:
                return top.get(uid)
            nearest = repeats[uid][-1]
            if nearest in entries:
                return entries[nearest].get(uid)
            return Several(chain[-1][1].get(uid) for chain in _chains(repeats[uid], top))

        return look


def _chains(repeats: tuple[str, ...], place: _Place) -> Iterator[_Chain]:
    if not repeats:
        return
    entries = place.get(repeats[0])
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, _Place):
            here = ((repeats[0], entry),)
            if len(repeats) == 1:
                yield here
            else:
                yield from (here + deeper for deeper in _chains(repeats[1:], entry))


def _weights(item: Item) -> tuple[tuple[str, str, Any], ...]:
    return tuple((each.code, each.system, each.score) for each in item.options if each.score is not None)
