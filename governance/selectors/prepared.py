"""Queries the ORM builds once and the process runs many times: building the gate's costs ten times its running."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import get_related_populators


def all_but(join: str, model: type[Model], *kept: str) -> list[str]:
    """What `defer` takes to leave out of a joined model all columns but `kept`: each is text that is sent and read.

    The driver analyses a statement of more than 4,096 characters anew each time it is asked.
    """
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    return [f"{join}__{field.name}" for field in fields if field.name not in kept]


class Slot(Value):
    """A place in a query for a value that is known only when it runs; `name` says which."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(name, output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "%s", (_Marker(self.value),)


class _Marker(str):
    """What stands among a query's parameters until the value comes."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a row becomes an instance: its model, its columns from where to where, what is joined, what is annotated."""

    model: Any
    names: list[str]
    columns: slice
    joined: list[Any]
    annotated: list[tuple[str, int]]

    def made(self, row: list[Any]) -> Any:
        """An instance as a queryset makes it."""
        instance = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.columns])
        for each in self.joined:
            each.populate(row, instance)
        for name, place in self.annotated:
            setattr(instance, name, row[place])
        return instance


@dataclass(frozen=True, slots=True)
class _Built:
    """A query as the ORM has compiled it; `shape` is None where it gives bare values."""

    sql: str
    parameters: tuple[Any, ...]
    converters: list[tuple[int, tuple[list[Any], Any]]]
    shape: _Shape | None

    def run(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The rows as the driver gives them."""
        connection = connections[DEFAULT_DB_ALIAS]
        filled = [_adapted(values[item], connection) if isinstance(item, _Marker) else item for item in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def converted(self, row: tuple[Any, ...]) -> list[Any]:
        """One row with the fields' own types."""
        made, connection = list(row), connections[DEFAULT_DB_ALIAS]
        for place, (steps, expression) in self.converters:
            for step in steps:
                made[place] = step(made[place], expression, connection)
        return made


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
        """The rows as instances of the queryset's model, with all it joins, defers and annotates."""
        built = self._statement()
        assert built.shape is not None, "a values_list has no instances"
        return [built.shape.made(built.converted(row)) for row in built.run(values)]

    def _statement(self) -> _Built:
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        found = self._built.get(vendor)
        if found is None:
            found = self._built[vendor] = _built(self._build())
        return found


def _built(queryset: QuerySet) -> _Built:
    compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return _Built(sql, tuple(parameters), list(converters.items()), _shape(compiler))


def _shape(compiler: Any) -> _Shape | None:
    shape, select = compiler.klass_info, compiler.select
    if not compiler.query.default_cols:
        return None
    places = shape["select_fields"]
    columns = slice(places[0], places[-1] + 1)
    joined = get_related_populators(shape, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    names = [column[0].target.attname for column in select[columns]]
    return _Shape(shape["model"], names, columns, joined, list((compiler.annotation_col_map or {}).items()))


def _adapted(value: Any, connection: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
