"""What depends on what: which questions are shown, which values are worked out, in which order, and what one
hidden question takes with it.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from careplan_forms.schema.calculating import Working, compile_calculation
from careplan_forms.schema.calculation_parts import calculation_references
from careplan_forms.schema.items.kinds import CALCULATED, REPEATS
from careplan_forms.schema.model import Item, walk
from careplan_forms.schema.rules import Compiled, Look, RuleError, compile_rule, references


@dataclass(frozen=True, slots=True)
class Unit:
    """An item that is conditional, or worked out, or both. Hidden, it hides its whole family."""

    uid: str
    # Always true of an item that is only worked out.
    rule: Compiled
    conditional: bool
    working: Working | None
    family: frozenset[str]
    # The units that decide about it: those around it, and those around and at what it asks about.
    needs: tuple[str, ...]
    # The repeats around it, outermost first; a unit inside a repeat is decided for each instance.
    repeats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """The units in an order in which each comes after all it depends on, and the loops left out of it."""

    units: tuple[Unit, ...]
    loops: tuple[tuple[str, ...], ...]
    # uid → uids of the repeats around it.
    repeats: Mapping[str, tuple[str, ...]]


def order_of(items: Iterable[Item]) -> Order:
    """Read all rules and calculations of a form's top-level items.

    Malformed ones count as none: showing is safer than hiding, and missing is safer than wrong.
    """
    placed = _placed(items)
    known = {uid: (_rule(item), _working(item)) for uid, (item, _, _) in placed.items()}
    known = {uid: found for uid, found in known.items() if found != (None, None)}
    needs = {uid: _needs(uid, placed, known) for uid in known}
    ordered, loops = _sorted({uid: list(needed) for uid, needed in needs.items()})
    looping = {uid for loop in loops for uid in loop}
    units = tuple(_unit(uid, placed, known[uid], needs[uid]) for uid in ordered if uid not in looping)
    return Order(units, tuple(loops), {uid: repeats for uid, (_, _, repeats) in placed.items()})


_Placed = dict[str, tuple[Item, tuple[str, ...], tuple[str, ...]]]


def _placed(items: Iterable[Item]) -> _Placed:
    """uid → (item, uids of the items around it, uids of the repeats around it).

    The first of duplicates counts.
    """
    placed: _Placed = {}

    def visit(these: Sequence[Item], around: tuple[str, ...], repeats: tuple[str, ...]) -> None:
        for item in these:
            placed.setdefault(item.uid, (item, around, repeats))
            inner = (*repeats, item.uid) if item.type in REPEATS else repeats
            visit(item.items, (*around, item.uid), inner)

    visit(tuple(items), (), ())
    return placed


def _rule(item: Item) -> Compiled | None:
    if not item.show_if:
        return None
    try:
        return compile_rule(item.show_if)
    except RuleError:
        return None


def _working(item: Item) -> Working | None:
    if item.type not in CALCULATED or item.calculation is None:
        return None
    try:
        return compile_calculation(item.calculation)
    except RuleError:
        return None


def _needs(uid: str, placed: _Placed, known: Container[str]) -> list[str]:
    item, around, _ = placed[uid]
    needed = [each for each in around if each in known]
    for reference in references(item.show_if):
        if reference in placed:
            needed += [each for each in (*placed[reference][1], reference) if each in known]
    for reference in calculation_references(item.calculation) if item.type in CALCULATED else ():
        if reference in placed:
            # Counting the entries of a repeat looks at everything in them.
            inside = [each.uid for each in walk(placed[reference][0].items)]
            needed += [each for each in (*placed[reference][1], reference, *inside) if each in known]
    return list(dict.fromkeys(needed))


def _sorted(needs: Mapping[str, list[str]]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Depth-first order of the dependencies, deterministic, without recursion."""
    ordered: dict[str, None] = {}
    loops: list[tuple[str, ...]] = []
    for start in needs:
        path: dict[str, list[str]] = {} if start in ordered else {start: list(needs[start])}
        while path:
            uid = next(reversed(path))
            if not path[uid]:
                ordered.setdefault(uid)
                del path[uid]
                continue
            needed = path[uid].pop(0)
            if needed in path:
                trail = list(path)
                loops.append(tuple(trail[trail.index(needed) :]))
            elif needed not in ordered:
                path[needed] = list(needs[needed])
    return list(ordered), loops


def _unit(uid: str, placed: _Placed, known: tuple[Compiled | None, Working | None], needs: list[str]) -> Unit:
    item, _, repeats = placed[uid]
    rule, working = known
    family = frozenset([uid, *(each.uid for each in walk(item.items))])
    return Unit(uid, rule or _always, rule is not None, working, family, tuple(needs), repeats)


def _always(look: Look) -> bool:
    return True
