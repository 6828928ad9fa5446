"""Where audit events wait, synced to disk, while the table cannot take them; and how they come home in order."""

import datetime
import json
import os
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from governance import ledger
from governance.exceptions import AuditUnavailable
from governance.models import AuditEvent


def keep(event: AuditEvent) -> Path:
    """Write the event and its digest to disk and sync it. Raises AuditUnavailable when the disk refuses."""
    fields = {name: getattr(event, name) for name in ledger.EVENT_FIELDS}
    body = ledger.canonical(ledger.as_plain(fields) | {"digest": event.digest})
    name = f"{event.at:%Y%m%dT%H%M%S%f}-{event.id}"
    try:
        folder = Path(settings.AUDIT_SPOOL_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{name}.json"
        _write_synced(folder / f"{name}.part", body)
        os.replace(folder / f"{name}.part", path)
        _sync(folder)
    except OSError as error:
        raise AuditUnavailable from error
    return path


def waiting() -> list[Path]:
    """The events on disk, oldest first."""
    folder = Path(settings.AUDIT_SPOOL_DIR)
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def damaged() -> list[Path]:
    """Files set aside because they are not what was written."""
    folder = Path(settings.AUDIT_SPOOL_DIR)
    return sorted(folder.glob("*.damaged")) if folder.is_dir() else []


def replay() -> int:
    """Insert what waits, oldest first, and return how many; one that is already there is simply put away.

    A file whose digest does not fit is set aside as `.damaged` for `verify_history` to report.
    """
    count = 0
    for path in waiting():
        try:
            body = path.read_bytes()
        except FileNotFoundError:  # another process was quicker
            continue
        event = _read(body)
        if event is None:
            path.rename(path.with_suffix(".damaged"))
            continue
        count += _insert(event)
        path.unlink(missing_ok=True)
    return count


def _insert(event: AuditEvent) -> int:
    """1 when the event was inserted, 0 when it is there already."""
    try:
        with transaction.atomic():
            event.save()
    except IntegrityError:
        if not AuditEvent.objects.filter(at=event.at, id=event.id).exists():
            raise
        return 0
    return 1


def _read(body: bytes) -> AuditEvent | None:
    try:
        fields: dict[str, Any] = json.loads(body)
        fields["at"] = datetime.datetime.fromisoformat(fields["at"])
        fields["id"] = uuid.UUID(fields["id"])
        event = AuditEvent(**fields)
        intact = event.digest == ledger.event_digest(fields)
    except (ValueError, KeyError, TypeError):
        return None
    return event if intact else None


def _write_synced(path: Path, body: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
