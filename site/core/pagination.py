"""Lists that grow: read by keyset, so that the last page costs what the first does, with counts that stop
early.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Field, IntegerField, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy
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

    `order` names columns, all in one direction, the last of them unique: `("-updated_at", "-pk")`. A row without a
    value counts as later than all others. A cursor nobody gave out leads to the first page.
    """
    descending = order[0].startswith("-")
    names = [name.removeprefix("-") for name in order]
    fields = {name: _field(queryset, name) for name in names}
    backwards = "before" in query
    after = _cursor(fields, query.get("before") or query.get("after"))
    rows = queryset.order_by(*_ordered(_turned(order) if backwards and after else order, fields))
    if after:
        rows = rows.filter(_beyond(fields, after, lower=descending != backwards))
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


class _CountedRows(Subquery):
    """The length of a list, as a value among others."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def capped_counts(lists: Mapping[str, QuerySet], most: int = MOST_COUNTED) -> dict[str, int]:
    """How long each of several lists of one table is, counting no further than `most` + 1, in one statement."""
    named = {f"{name}_": _CountedRows(rows.order_by().values("pk")[: most + 1]) for name, rows in lists.items()}
    model = next(iter(lists.values())).model
    found = model._default_manager.order_by().values_list(*named.values())[:1]
    return dict(zip(lists, next(iter(found), [0] * len(lists)), strict=True))


def counted_words(queryset: QuerySet) -> str:
    """`1 result`, `48 results` or `More than 1,000 results`."""
    count = capped_count(queryset)
    if count > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} results"
    return "1 result" if count == 1 else f"{count:,} results"


def _turned(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


def _field(queryset: QuerySet, name: str) -> Field:
    return queryset.model._meta.pk if name == "pk" else queryset.model._meta.get_field(name)


def _ordered(order: Sequence[str], fields: Mapping[str, Field]) -> list[str | OrderBy]:
    """The order in which every database puts rows without a value at the far end, where an index keeps them."""
    return [_far_end(name) if fields[name.removeprefix("-")].null else name for name in order]


def _far_end(name: str) -> OrderBy:
    descending = name.startswith("-")
    column = F(name.removeprefix("-"))
    return column.desc(nulls_first=True) if descending else column.asc(nulls_last=True)


def _beyond(fields: Mapping[str, Field], values: Sequence[Any], *, lower: bool) -> Q:
    """Rows after the given key: the first column beyond it, or equal and the next one beyond it, and so on."""
    names = list(fields)
    found = Q()
    for place, name in enumerate(names):
        equal = dict(zip(names[:place], values[:place], strict=True))
        found |= Q(**equal) & _past(name, values[place], lower=lower, nullable=fields[name].null)
    return found


def _past(name: str, value: Any, *, lower: bool, nullable: bool) -> Q:
    """Beyond one value of one column; no value at all is beyond every other."""
    if value is None:
        return Q(**{f"{name}__isnull": False}) if lower else Q(pk__in=[])
    past = Q(**{f"{name}__{'lt' if lower else 'gt'}": value})
    return past | Q(**{name: None}) if nullable and not lower else past


def _address(query: QueryDict, direction: str, names: Sequence[str], row: Any) -> str:
    values = [getattr(row, name) for name in names]
    text = json.dumps([value.isoformat() if hasattr(value, "isoformat") else value for value in values], default=str)
    wanted = query.copy()
    for name in ("after", "before"):
        wanted.pop(name, None)
    wanted[direction] = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"?{wanted.urlencode()}"


def _cursor(fields: Mapping[str, Field], text: str | None) -> list[Any] | None:
    """The values of a cursor, each as its column holds it; None for none and for a broken one."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found = [field.to_python(value) for field, value in zip(fields.values(), values, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return None
    return found if all(f.null or v is not None for f, v in zip(fields.values(), found, strict=True)) else None
