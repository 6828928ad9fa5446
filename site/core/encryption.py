"""Encryption of what must stay unreadable in a copy of the database or of the disk."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotDecrypt(RuntimeError):
    """No configured key opens this value: a key was rotated away too early, or the bytes were changed."""


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"foreword field:" + key.encode()).digest())) for key in keys]
    )


def _keys() -> tuple[str, ...]:
    return tuple(settings.FIELD_ENCRYPTION_KEYS) or (settings.SECRET_KEY,)


def encrypt(text: str) -> bytes:
    """`text` under the first configured key; older keys stay listed until everything is written anew."""
    return _cipher(_keys()).encrypt(text.encode())


def encrypt_bytes(content: bytes) -> bytes:
    """A file's bytes under the same keys."""
    return _cipher(_keys()).encrypt(content)


def decrypt_bytes(value: bytes) -> bytes:
    """The bytes of `encrypt_bytes`; raises CannotDecrypt, also when a single bit was changed."""
    try:
        return _cipher(_keys()).decrypt(value)
    except InvalidToken as error:
        raise CannotDecrypt("no key opens this file") from error


def decrypt(value: bytes) -> str:
    """The text of `encrypt`; raises CannotDecrypt."""
    try:
        return _cipher(_keys()).decrypt(bytes(value)).decode()
    except InvalidToken as error:
        raise CannotDecrypt("no key opens this value") from error
