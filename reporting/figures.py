"""Figures that do not identify anybody and do not flatter: numerator, denominator, unknown, small numbers hidden.

A count from 1 to 4 is shown as "under 5". Where it could be worked out from a total, in this table or in another of the
report, more counts are "hidden" until it cannot. Missing is never counted as achieved and never left out of sight.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

SMALL = 5
HIDDEN = "under 5"
#: A count that is not small and is kept back all the same, because a small one could be worked out from it.
WITHHELD = "hidden"
#: What every report says of it.
RULE = (
    "A count from 1 to 4 is shown as “under 5”. Where it could be worked out from a total and the counts beside it, "
    "more of them are shown as “hidden”."
)


@dataclass(frozen=True, slots=True)
class Proportion:
    """`numerator` of `denominator`; those that could not be judged are in neither."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> str:
        """Whole percent; a dash when there is nobody to count, hidden when the parts are small."""
        if not self.denominator:
            return "–"
        rest = self.denominator - self.numerator
        if is_small(self.numerator) or is_small(rest) or is_small(self.denominator):
            return HIDDEN
        return f"{round(100 * self.numerator / self.denominator)}%"


def is_small(count: int) -> bool:
    """Whether a count could point at a person."""
    return 0 < count < SMALL


def shown(count: int) -> str:
    """A count as it may be published."""
    return HIDDEN if is_small(count) else f"{count:,}"


@dataclass(frozen=True, slots=True)
class Sum:
    """What a reader can add up: `parts` make `whole`. Each names a count, printed or not."""

    whole: Hashable
    parts: tuple[Hashable, ...]


def publish(counts: Mapping[Hashable, int], sums: Iterable[Sum]) -> dict[Hashable, str]:
    """Every count as it may be published, such that no small one follows from the others by the `sums`.

    In a sum that would give a small count away the smallest count still shown is hidden, the whole last of all, until
    nothing follows; what is hidden in one sum is hidden in all of them.
    """
    hidden = {key for key, count in counts.items() if is_small(count)}
    waiting = list(sums)
    while waiting:
        before = len(hidden)
        for each in waiting:
            _protect(each, counts, hidden)
        waiting = waiting if len(hidden) > before else []
    return {key: _text(count, key in hidden) for key, count in counts.items()}


def _text(count: int, is_hidden: bool) -> str:
    return shown(count) if is_small(count) or not is_hidden else WITHHELD


def _protect(each: Sum, counts: Mapping[Hashable, int], hidden: set[Hashable]) -> None:
    """Hide counts of one sum until it gives none of its hidden ones away."""
    open_ = sorted((key for key in each.parts if key not in hidden and counts[key]), key=lambda key: counts[key])
    open_ += [each.whole] if each.whole not in hidden else []
    for key in open_:
        if not _gives_away(each, counts, hidden):
            return
        hidden.add(key)


def _gives_away(each: Sum, counts: Mapping[Hashable, int], hidden: set[Hashable]) -> bool:
    """Whether subtraction tells what a hidden count of the sum is, knowing that one "under 5" is from 1 to 4."""
    inside = [counts[key] for key in each.parts if key in hidden]
    if each.whole in hidden:
        return not inside
    if len(inside) < 2:
        return bool(inside)
    least = sum(is_small(count) for count in inside)
    most, others = (SMALL - 1) * least, len(inside) - least
    return sum(inside) < most + SMALL * others if others else not least < sum(inside) < most
