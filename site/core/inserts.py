"""Inserting rows that bring their own key, by a statement that is built once for each model."""

from functools import cache

from django.db import connection, transaction
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """Insert a row whose key and every column is set. What the database refuses is raised as from `save`.

    No signal is sent and nothing comes back from the database: for tables whose rows nobody listens to.
    """
    fields = _columns(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_statement(type(row)), values)
    row._state.adding, row._state.db = False, connection.alias


@cache
def _columns(model: type[Model]) -> tuple[Field, ...]:
    return tuple(model._meta.local_concrete_fields)


@cache
def _statement(model: type[Model]) -> str:
    """The same on both databases: they quote names alike."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in _columns(model))
    places = ", ".join(["%s"] * len(_columns(model)))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 - names of our models
