"""Deciding what is shown for given answers, in one pass over the ordered units."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from careplan_forms.schema.rules import Look, Several
from careplan_forms.schema.visibility import Order, Unit

# The entries of repeats one stands in: ((uid of the repeat, entry), …), outermost first.
Chain = tuple[tuple[str, Mapping[str, Any]], ...]


class Showing:
    """Visibility of one form; holds no answers."""

    def __init__(
        self, order: Order, around: Mapping[str, tuple[str, ...]], sections: Mapping[str, Iterable[str]]
    ) -> None:
        """`around` gives for each uid the uids of the items it stands in.

        `sections` the uids of each section, with those its rules of other kinds ask about.
        """
        units = {unit.uid: unit for unit in order.units}
        by_uid = {uid: unit for uid, unit in units.items() if unit.conditional}
        top = tuple(unit for unit in by_uid.values() if not unit.repeats)
        self._top: dict[str | None, tuple[Unit, ...]] = {None: top}
        for section, uids in sections.items():
            needed = needed_units(uids, units)
            self._top[section] = tuple(unit for unit in top if unit.uid in needed)
        self._inside: dict[str, list[Unit]] = {}
        for unit in by_uid.values():
            if unit.repeats:
                self._inside.setdefault(unit.repeats[-1], []).append(unit)
        self._repeats = {uid: repeats for uid, repeats in order.repeats.items() if repeats}
        self._guards = {
            uid: tuple(by_uid[each] for each in (*around.get(uid, ()), uid) if each in by_uid and by_uid[each].repeats)
            for uid in self._repeats
        }

    def hidden(self, answers: Mapping[str, Any], section: str | None = None) -> set[str]:
        """The uids that are hidden as a whole; a hidden source counts as unanswered for what depends on it.

        With a section only what matters there is decided, and uids of other sections may be missing.
        """
        hidden: set[str] = set()
        look = self._look(answers, hidden)
        for unit in self._top[section]:
            if unit.uid not in hidden and not unit.rule(look):
                hidden |= unit.family
        return hidden

    def hidden_inside(self, answers: Mapping[str, Any], hidden: set[str], chain: Chain) -> set[str]:
        """The uids hidden in one entry of a repeat, those hidden as a whole included."""
        units = self._inside.get(chain[-1][0])
        if not units:
            return hidden
        here = set(hidden)
        look = self._look(answers, here, chain)
        for unit in units:
            if unit.uid not in here and not unit.rule(look):
                here |= unit.family
        return here

    def look(self, answers: Mapping[str, Any], hidden: set[str], chain: Chain = ()) -> Look:
        """What rules of other kinds find at a place, once it is decided what is hidden there."""
        return self._look(answers, hidden, chain)

    def _look(self, answers: Mapping[str, Any], hidden: set[str], chain: Chain = ()) -> Look:
        get = answers.get
        inner = self._repeats
        entries = dict(chain)

        def look(uid: str) -> Any:
            if uid in hidden:
                return None
            if uid not in inner:
                return get(uid)
            nearest = inner[uid][-1]
            if nearest in entries:
                return entries[nearest].get(uid)
            return self._several(uid, answers, hidden)

        return look

    def _several(self, uid: str, answers: Mapping[str, Any], hidden: set[str]) -> Several:
        found = Several()
        for chain in chains(self._repeats[uid], answers):
            look = self._look(answers, hidden, chain)
            if all(guard.rule(look) for guard in self._guards[uid]):
                found.append(chain[-1][1].get(uid))
        return found


def needed_units(uids: Iterable[str], units: Mapping[str, Unit]) -> set[str]:
    """The units among these uids and all that decide about them, near or far."""
    needed: set[str] = set()
    pending = [uid for uid in uids if uid in units]
    while pending:
        uid = pending.pop()
        if uid in units and uid not in needed:
            needed.add(uid)
            pending += units[uid].needs
    return needed


def chains(repeats: tuple[str, ...], answers: Mapping[str, Any]) -> Iterator[Chain]:
    """Every way down through the entries of nested repeats."""
    for entry in entries_of(answers.get(repeats[0])):
        here = ((repeats[0], entry),)
        if len(repeats) == 1:
            yield here
        else:
            yield from (here + deeper for deeper in chains(repeats[1:], entry))


def entries_of(value: Any) -> list[Mapping[str, Any]]:
    """The entries of a stored repeat; nothing when it is blank, absent or malformed."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
