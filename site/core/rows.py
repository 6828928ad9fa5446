"""Writing rows by statements that are built once: for a single row, building one costs more than the database takes.

No signal is sent, so these are for tables whose rows nobody listens to. What the database refuses is raised as from
the ORM.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import AutoField, Field, Model


def insert(row: Model) -> None:
    """Insert a row as it stands; a key the database gives is set on it."""
    model = type(row)
    makes_key = isinstance(model._meta.pk, AutoField) and row.pk is None
    statement = _insertion(model, makes_key) + (f" RETURNING {_quoted(model._meta.pk)}" if makes_key else "")
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(statement, _values(row, makes_key, connection))
        if makes_key:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def insert_all(rows: Sequence[Model]) -> None:
    """Insert rows of one model that the database gives their keys; nobody is told which."""
    if not rows:
        return
    model, connection = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    values = [_values(row, True, connection) for row in rows]
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_insertion_of_lists(model), [list(column) for column in zip(*values, strict=True)])
            return
        at_once = (connection.features.max_query_params or 10_000) // len(values[0])
        for start in range(0, len(rows), at_once):
            part = values[start : start + at_once]
            cursor.execute(_insertion(model, True, len(part)), [value for row in part for value in row])


def update(model: type[Model], where: dict[str, Any], **values: Any) -> int:
    """Set `values` on the rows whose columns are as in `where`; returns how many. For models without history."""
    statement = _change(model, tuple(values), tuple((name, value is None) for name, value in where.items()))
    connection = connections[DEFAULT_DB_ALIAS]
    given = [*values.items(), *((name, value) for name, value in where.items() if value is not None)]
    parameters = [
        _field(model, name).get_db_prep_save(value.pk if isinstance(value, Model) else value, connection)
        for name, value in given
    ]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        changed: int = cursor.rowcount
    return changed


def delete(model: type[Model], where: dict[str, Any]) -> None:
    """Delete the rows whose columns are as in `where`. For models that nothing points at."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement = _deletion(model, tuple((name, value is None) for name, value in where.items()))
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(statement, [value for value in where.values() if value is not None])


@cache
def _columns(model: type[Model], without_key: bool) -> tuple[Field, ...]:
    return tuple(field for field in model._meta.local_concrete_fields if not (without_key and field.primary_key))


@cache
def _field(model: type[Model], name: str) -> Field:
    found = model._meta.get_field(name)
    assert isinstance(found, Field)
    return found


def _values(row: Model, without_key: bool, connection: Any) -> list[Any]:
    columns = _columns(type(row), without_key)
    return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in columns]


@cache
def _insertion(model: type[Model], without_key: bool, rows: int = 1) -> str:
    """The same on both databases, as every statement here: they quote names alike."""
    columns = _columns(model, without_key)
    names = ", ".join(map(_quoted, columns))
    places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows)
    return f"INSERT INTO {_table(model)} ({names}) VALUES {places}"  # noqa: S608 - names of our models


@cache
def _insertion_of_lists(model: type[Model]) -> str:
    """For PostgreSQL, any number of rows as one list for each column: one statement, analysed once."""
    columns, connection = _columns(model, True), connections[DEFAULT_DB_ALIAS]
    names = ", ".join(map(_quoted, columns))
    lists = ", ".join(f"(%s)::{str(column.db_type(connection)).split('(')[0]}[]" for column in columns)
    return f"INSERT INTO {_table(model)} ({names}) SELECT * FROM UNNEST({lists})"  # noqa: S608 - names of our models


@cache
def _change(model: type[Model], names: tuple[str, ...], where: tuple[tuple[str, bool], ...]) -> str:
    _check_changes(model)
    changes = ", ".join(f"{_quoted(_field(model, name))} = %s" for name in names)
    return f"UPDATE {_table(model)} SET {changes} WHERE {_tests(model, where)}"  # noqa: S608 - names of our models


@cache
def _deletion(model: type[Model], where: tuple[tuple[str, bool], ...]) -> str:
    _check_changes(model)
    if model._meta.related_objects:
        raise TypeError(f"Other rows point at {model.__name__} rows")
    return f"DELETE FROM {_table(model)} WHERE {_tests(model, where)}"  # noqa: S608 - names of our models


def _check_changes(model: type[Model]) -> None:
    if hasattr(model, "refuse_change") or hasattr(model._meta, "simple_history_manager_attribute"):
        raise TypeError(f"{model.__name__} rows are written once, or keep a history that this would not write")


def _tests(model: type[Model], where: tuple[tuple[str, bool], ...]) -> str:
    """`where` says of each column whether it is to be empty."""
    return " AND ".join(f"{_quoted(_field(model, name))} {'IS NULL' if empty else '= %s'}" for name, empty in where)


def _table(model: type[Model]) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(model._meta.db_table)


def _quoted(field: Any) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(field.column)
