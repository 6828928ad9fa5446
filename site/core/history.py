"""Writes on models with history: every row says who and why, bulk writes included.

`update()`, `bulk_create()` and `bulk_update()` leave no history, so such models are written by these functions alone.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model
from simple_history.utils import bulk_create_with_history

M = TypeVar("M", bound=Model)


def save(row: M, *, by: int | None, reason: str, fields: Sequence[str] | None = None) -> M:
    """Save one row; its history names the user `by` (None for a job) and the reason, cut to what the table holds."""
    _attribute(row, by, reason)
    row.save(update_fields=fields)
    return row


def bulk_create(rows: Sequence[M], *, by: int | None, reason: str) -> list[M]:
    """Insert many rows and their history, in two statements a batch."""
    if not rows:
        return []
    model = type(rows[0])
    return list(bulk_create_with_history(rows, model, default_user=_user(by), default_change_reason=reason[:100]))


def _attribute(row: Any, by: int | None, reason: str) -> None:
    row._history_user = _user(by)
    row._change_reason = reason[:100]


def _user(by: int | None) -> Any:
    """A user by key without asking for it: history only needs the key."""
    from django.contrib.auth import get_user_model

    return None if by is None else get_user_model()(pk=by)
