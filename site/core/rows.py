"""Writing rows by statements that are built once: for a single row, building one costs more than the database takes.

No signal is sent, so these are for tables whose rows nobody listens to. What the database refuses is raised as from
the ORM.
"""

from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import AutoField, Field, Model


def insert(row: Model) -> None:
    """Insert a row as it stands; a key the database gives is set on it."""
    model = type(row)
    makes_key = isinstance(model._meta.pk, AutoField) and row.pk is None
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in _columns(model, makes_key)]
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_insertion(model, makes_key), values)
        if makes_key:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update(model: type[Model], where: dict[str, Any], **values: Any) -> int:
    """Set `values` on the rows whose columns are as in `where`; returns how many. For models without history."""
    shape = tuple(values), tuple((name, value is None) for name, value in where.items())
    given = [*values.items(), *((name, value) for name, value in where.items() if value is not None)]
    parameters = [
        _field(model, name).get_db_prep_save(value.pk if isinstance(value, Model) else value, connection)
        for name, value in given
    ]
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_change(model, *shape), parameters)
        changed: int = cursor.rowcount
    return changed


@cache
def _columns(model: type[Model], without_key: bool) -> tuple[Field, ...]:
    return tuple(field for field in model._meta.local_concrete_fields if not (without_key and field.primary_key))


@cache
def _field(model: type[Model], name: str) -> Field:
    found = model._meta.get_field(name)
    assert isinstance(found, Field)
    return found


@cache
def _insertion(model: type[Model], makes_key: bool) -> str:
    """The same on both databases, as every statement here: they quote names alike."""
    columns = _columns(model, makes_key)
    names = ", ".join(map(_quoted, columns))
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_table(model)} ({names}) VALUES ({places})"  # noqa: S608 - names of our models
    return f"{statement} RETURNING {_quoted(model._meta.pk)}" if makes_key else statement


@cache
def _change(model: type[Model], names: tuple[str, ...], where: tuple[tuple[str, bool], ...]) -> str:
    """`where` says of each column whether it is to be empty."""
    if hasattr(model, "refuse_change") or hasattr(model._meta, "simple_history_manager_attribute"):
        raise TypeError(f"{model.__name__} rows are written once, or keep a history that this would not write")
    changes = ", ".join(f"{_quoted(_field(model, name))} = %s" for name in names)
    tests = [f"{_quoted(_field(model, name))} {'IS NULL' if empty else '= %s'}" for name, empty in where]
    return f"UPDATE {_table(model)} SET {changes} WHERE {' AND '.join(tests)}"  # noqa: S608 - names of our models


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)
