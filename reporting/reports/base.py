"""What every report is made of."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from governance.actors import Actor


@dataclass(frozen=True, slots=True)
class Period:
    """From a day up to and including another, in London."""

    start: datetime.date
    end: datetime.date

    def __str__(self) -> str:
        return f"{self.start:%d-%b-%Y} to {self.end:%d-%b-%Y}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart under a table; `value` is a share from 0 to 100, None when it is hidden."""

    label: str
    value: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be shown: texts only, so that page, CSV and PDF say the same."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric_from: int = 1
    bars: tuple[Bar, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Report:
    """A report: what it counts, said beside what it found."""

    key: str
    title: str
    definition: tuple[str, ...]
    tables: Callable[[Actor, Period], list[Table]]
    #: What the file says beyond the page, where a page would be too long.
    detail: Callable[[Actor, Period], list[Table]] | None = None
