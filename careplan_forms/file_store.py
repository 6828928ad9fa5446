"""The bytes of plans' files: encrypted, under names that say nothing."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from core.encryption import CannotDecrypt, decrypt_bytes, encrypt_bytes


class Damaged(RuntimeError):
    """The bytes are gone, or are not those that were stored."""


def _storage() -> Storage:
    return storages["plan-files"]


def path_of(public_id: UUID) -> str:
    """Where a file lies: folders of moderate size, names without meaning."""
    return f"{public_id.hex[:2]}/{public_id.hex}"


def put(public_id: UUID, content: bytes) -> None:
    """Store a file's bytes. It counts only once its row is there; see `plan_file_upkeep`."""
    _storage().save(path_of(public_id), ContentFile(encrypt_bytes(content)))


def get(facts: Mapping[str, Any]) -> bytes:
    """The bytes of the file an answer names. Raises Damaged unless they are exactly those."""
    try:
        with _storage().open(path_of(UUID(facts["id"]))) as stored:
            content = decrypt_bytes(stored.read())
    except (OSError, CannotDecrypt) as error:
        raise Damaged("a file of a plan cannot be read") from error
    if len(content) != facts["size"] or hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise Damaged("a file of a plan is not the one that was stored")
    return content


def has(public_id: UUID) -> bool:
    return _storage().exists(path_of(public_id))


def remove(public_id: UUID) -> None:
    """Delete a file's bytes; deleting what is gone is no error."""
    _storage().delete(path_of(public_id))


def stored() -> Iterator[tuple[UUID, Any]]:
    """Every file that lies in the storage, with the moment it was written."""
    storage = _storage()
    if not storage.exists(""):
        return
    for folder in sorted(storage.listdir("")[0]):
        for name in sorted(storage.listdir(folder)[1]):
            try:
                public_id = UUID(hex=name)
            except ValueError:
                continue
            yield public_id, storage.get_modified_time(f"{folder}/{name}")
