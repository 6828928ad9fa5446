"""Figures that do not identify anybody and do not flatter: numerator, denominator, unknown, small numbers hidden.

A count from 1 to 4 is shown as "under 5". Where a hidden count could be worked out from a total beside it, a second one
is hidden too. Missing is never counted as achieved and never left out of sight.
"""

from dataclasses import dataclass

SMALL = 5
HIDDEN = "under 5"


@dataclass(frozen=True, slots=True)
class Proportion:
    """`numerator` of `denominator`, with `unknown` more that could not be judged."""

    numerator: int
    denominator: int
    unknown: int = 0

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


def suppress(counts: list[int]) -> list[str]:
    """A column of counts that stands beside its total: one hidden count hides the next smallest too.

    Without the second, the hidden one could be had by subtracting the others from the total.
    """
    hidden = {index for index, count in enumerate(counts) if is_small(count)}
    if len(hidden) == 1:
        others = [index for index, count in enumerate(counts) if index not in hidden and count > 0]
        if others:
            hidden.add(min(others, key=lambda index: counts[index]))
    return [HIDDEN if index in hidden else f"{count:,}" for index, count in enumerate(counts)]
