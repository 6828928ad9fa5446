"""Queries the ORM builds once and the process runs many times: building the gate's costs ten times its running."""

import datetime
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, QuerySet, Value
from django.db.models.query import get_related_populators


class Slot(Value):
    """A place in a query for a value that is known only when it runs; `name` says which."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(name, output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (_Marker(self.value),)


class _Marker(str):
    """What stands among a query's parameters until the value comes."""


@dataclass(frozen=True, slots=True)
class _Built:
    """A query as the ORM has compiled it: its text, and what makes rows of models out of what comes back."""

    sql: str
    parameters: tuple[Any, ...]
    compiler: Any
    converters: list[tuple[int, tuple[list[Any], Any]]]

    def run(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The rows as the driver gives them."""
        filled = [_adapted(values[item]) if isinstance(item, _Marker) else item for item in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def converted(self, row: tuple[Any, ...]) -> list[Any]:
        """One row with the fields' own types."""
        made = list(row)
        for place, (steps, expression) in self.converters:
            for step in steps:
                made[place] = step(made[place], expression, connection)
        return made

    def models(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """The rows as instances with all that was joined and annotated, as a queryset makes them."""
        shape, select = self.compiler.klass_info, self.compiler.select
        fields = shape["select_fields"]
        first, end = fields[0], fields[-1] + 1
        names = [column[0].target.attname for column in select[first:end]]
        joined = get_related_populators(shape, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        found = []
        for row in map(self.converted, rows):
            instance = shape["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:end])
            for each in joined:
                each.populate(row, instance)
            for name, place in (self.compiler.annotation_col_map or {}).items():
                setattr(instance, name, row[place])
            found.append(instance)
        return found


class Prepared:
    """A query with slots. `build` returns a queryset; it runs once per kind of database.

    One that locks rows (`select_for_update`) is for services, inside their transaction.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self._build = build
        self._built: dict[str, _Built] = {}

    def all(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a `values_list` as the database gives them (dates may be texts); `values` fill the slots."""
        return self._statement().run(values)

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def models(self, **values: Any) -> list[Any]:
        """The rows as instances of the queryset's model."""
        built = self._statement()
        return built.models(built.run(values))

    def _statement(self) -> _Built:
        found = self._built.get(connection.vendor)
        if found is None:
            found = self._built[connection.vendor] = _built(self._build())
        return found


def _built(queryset: QuerySet) -> _Built:
    compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return _Built(sql, tuple(parameters), compiler, list(converters.items()))


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
