"""Writing the audit trail. An act is recorded in its own transaction, a look before its answer leaves."""

import contextvars
import datetime
import uuid
from contextlib import nullcontext
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from core import clock
from core.ids import uuid7
from core.redaction import redact
from governance import ledger
from governance.actors import Actor
from governance.models import AuditEvent
from governance.services import audit_spool

#: A model instance with a `public_id`, or (kind, reference) for what is no row.
Target = Model | tuple[str, str]

#: Set when this request put an event on disk, so that the middleware brings it home once the request is over.
spooled: contextvars.ContextVar[bool] = contextvars.ContextVar("audit_spooled", default=False)


def record(
    *,
    by: Actor,
    action: str,
    target: Target | None = None,
    detail: dict[str, Any] | None = None,
    result: str = "done",
) -> AuditEvent:
    """Record an act in the caller's transaction: both happen or neither does.

    `action` is `noun.verb`; `detail` holds codes and references, never identity or clinical text.
    """
    event = _event(by, action, target, detail, result)
    event.save()
    return event


def record_read(
    *,
    by: Actor,
    action: str,
    target: Target | None = None,
    detail: dict[str, Any] | None = None,
    result: str = "done",
) -> AuditEvent:
    """Record a look, committed when this returns; call it outside any transaction, before building the answer.

    When the table refuses, the event goes to the fsynced spool and is replayed later. Raises AuditUnavailable when
    that fails too: nobody sees what nobody recorded.
    """
    event = _event(by, action, target, detail, result)
    _commit_or_spool(event)
    return event


def record_refusal(
    *,
    by: Actor,
    action: str,
    target: Target | None = None,
    codes: list[str],
) -> AuditEvent:
    """Record that the gate said no and why, so that it stays recorded when the caller's work is rolled back."""
    event = _event(by, action, target, {"reasons": codes}, "refused")
    if _inside_transaction():
        _spool(event)
    else:
        _commit_or_spool(event)
    return event


def bring_home() -> None:
    """Replay what this request spooled; called by the middleware when the answer is ready."""
    if spooled.get():
        spooled.set(False)
        audit_spool.replay()


def target_parts(target: Target | None) -> tuple[str, str]:
    """How a target is named in the trail: model name and public id, else what the caller says."""
    if target is None:
        return "", ""
    if isinstance(target, tuple):
        return target
    return str(target._meta.model_name), str(getattr(target, "public_id", None) or target.pk)


def _event(by: Actor, action: str, target: Target | None, detail: dict[str, Any] | None, result: str) -> AuditEvent:
    kind, ref = target_parts(target)
    fields: dict[str, Any] = {
        "at": _now(),
        "id": uuid7(),
        "actor_kind": by.kind.value,
        "actor_id": by.client_id or ("" if by.user_id is None else str(by.user_id)),
        "actor_label": by.label[:120],
        "organisation_ref": "" if by.organisation_id is None else str(by.organisation_id),
        "role": by.role.value if by.role else "",
        "on_behalf_of": str(by.on_behalf_of)[:40],
        "action": action,
        "result": result,
        "target_kind": kind[:40],
        "target_ref": str(ref)[:60],
        "purpose": redact(by.purpose)[:200],
        "session": by.session[:64],
        "request_id": by.request_id[:64],
        "route": by.route[:120],
        "detail": _plain(detail or {}),
    }
    fields["actor_id"] = fields["actor_id"][:40]
    return AuditEvent(**fields, digest=ledger.event_digest(fields))


def _plain(value: Any) -> Any:
    """`detail` as JSON gives it back: keys are text, dates and ids are text, sequences are lists."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date | uuid.UUID):
        return str(value)
    if isinstance(value, float):
        raise TypeError("Audit details hold codes, references and whole numbers, not fractions")
    return value


def _commit_or_spool(event: AuditEvent) -> None:
    """Have the row committed when this returns: an insert outside any transaction is one by itself."""
    try:
        # Of the blocks there may be around this, `durable` lets only that of a test case pass.
        with transaction.atomic(durable=True) if connection.in_atomic_block else nullcontext():
            event.save()
    except DatabaseError:
        _spool(event)


def _now() -> datetime.datetime:
    return clock.now()


def _spool(event: AuditEvent) -> None:
    audit_spool.keep(event)
    spooled.set(True)


def _inside_transaction() -> bool:
    """Whether a rollback further up could take our row away (a test case's own transaction does not count)."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
