"""Lists that grow: read by keyset, so that the last page costs what the first does, with counts that stop
early.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from core.tables import NHSTable

PER_PAGE = 25
#: Nobody reads further; counting further would cost more than the page.
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class KeysetPage:
    """One page of a list: its rows, and the addresses of its neighbours (empty where there is none)."""

    rows: list[Any]
    previous_url: str
    next_url: str
    counted: str


class KeysetTable(NHSTable):
    """A table over a `KeysetPage`. Its order is the list's own, so no column sorts it."""

    def __init__(self, page: KeysetPage, **kwargs: Any) -> None:
        super().__init__(page.rows, orderable=False, **kwargs)
        self.previous_url, self.next_url, self.counted = page.previous_url, page.next_url, page.counted


def keyset_page(queryset: QuerySet, *, order: Sequence[str], query: QueryDict, per_page: int = PER_PAGE) -> KeysetPage:
    """The page of `queryset` that `query` (a request's GET) asks for by `after` or `before`.

    `order` names columns that are never null, all in one direction, the last of them unique: `("-updated_at",
    "-pk")`. A cursor nobody gave out leads to the first page.
    """
    descending = order[0].startswith("-")
    names = [name.removeprefix("-") for name in order]
    backwards = "before" in query
    after = _cursor(queryset, names, query.get("before") or query.get("after"))
    rows = queryset.order_by(*(_turned(order) if backwards and after else order))
    if after:
        rows = rows.filter(_beyond(names, after, lower=descending != backwards))
    found = list(rows[: per_page + 1])
    more, found = len(found) > per_page, found[:per_page]
    if backwards and after:
        found.reverse()
        has_previous, has_next = more, True
    else:
        has_previous, has_next = bool(after), more
    return KeysetPage(
        rows=found,
        previous_url=_address(query, "before", names, found[0]) if has_previous and found else "",
        next_url=_address(query, "after", names, found[-1]) if has_next and found else "",
        counted=counted_words(queryset),
    )


def capped_count(queryset: QuerySet, most: int = MOST_COUNTED) -> int:
    """How many rows there are, counting no further than `most` + 1."""
    return queryset.order_by()[: most + 1].count()


def counted_words(queryset: QuerySet) -> str:
    """`1 result`, `48 results` or `More than 1,000 results`."""
    count = capped_count(queryset)
    if count > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} results"
    return "1 result" if count == 1 else f"{count:,} results"


def _turned(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


def _beyond(names: Sequence[str], values: Sequence[Any], *, lower: bool) -> Q:
    """Rows after the given key: the first column beyond it, or equal and the next one beyond it, and so on."""
    lookup = "lt" if lower else "gt"
    found = Q()
    for place, name in enumerate(names):
        equal = dict(zip(names[:place], values[:place], strict=True))
        found |= Q(**equal, **{f"{name}__{lookup}": values[place]})
    return found


def _address(query: QueryDict, direction: str, names: Sequence[str], row: Any) -> str:
    values = [getattr(row, name) for name in names]
    text = json.dumps([value.isoformat() if hasattr(value, "isoformat") else value for value in values], default=str)
    wanted = query.copy()
    for name in ("after", "before"):
        wanted.pop(name, None)
    wanted[direction] = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"?{wanted.urlencode()}"


def _cursor(queryset: QuerySet, names: Sequence[str], text: str | None) -> list[Any] | None:
    """The values of a cursor, each as its column holds it; None for none and for a broken one."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        fields = [queryset.model._meta.pk if name == "pk" else queryset.model._meta.get_field(name) for name in names]
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return None
