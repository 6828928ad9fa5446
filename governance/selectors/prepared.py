"""Queries the ORM builds once and the process runs many times: building the gate's costs ten times its running."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Field, QuerySet, Value


class Slot(Value):
    """A place in a query for a value that is known only when it runs; `name` says which."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(name, output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (_Marker(self.value),)


class _Marker(str):
    """What stands among a query's parameters until the value comes."""


class Prepared:
    """A query with slots. `build` returns a `values_list` queryset; it runs once per kind of database."""

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def all(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows as the database gives them (dates may be texts); `values` fill the slots."""
        sql, parameters = self._statement()
        filled = [_adapted(values[item]) if isinstance(item, _Marker) else item for item in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = self._build().query.sql_with_params()
        return self._compiled[connection.vendor]


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
