"""Rows that are written once. History, versions, decisions and audit build on this."""

from typing import Any

from django.db import models

from core.rows import insert


class ImmutableError(RuntimeError):
    """Somebody tried to change or delete a row that is written once."""


class ImmutableQuerySet(models.QuerySet):
    """Refuses every bulk way round `ImmutableModel.save`."""

    def update(self, **kwargs: Any) -> int:
        raise ImmutableError(f"{self.model.__name__} rows are never changed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise ImmutableError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ImmutableError(f"{self.model.__name__} rows are never deleted")


class ImmutableModel(models.Model):
    """A row that may be inserted and read, nothing else."""

    objects = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert it. No signal is sent: nobody listens to what is written once."""
        self.refuse_change()
        insert(self)

    def refuse_change(self) -> None:
        """Raise ImmutableError for a row that has been written."""
        if not self._state.adding:
            raise ImmutableError(f"{type(self).__name__} rows are never changed")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ImmutableError(f"{type(self).__name__} rows are never deleted")
