"""What somebody brought and has not kept yet: for an hour, for the same person, outside every table of forms."""

import secrets
import zlib

from django.core.cache import cache

from governance.actors import Actor

KEPT_FOR = 60 * 60


def put_aside(actor: Actor, content: bytes, format: str) -> str:
    """Keep the bytes of a form until they are kept as a draft or forgotten; returns the token to find them by."""
    token = secrets.token_urlsafe(24)
    cache.set(_key(actor, token), (zlib.compress(content), format), KEPT_FOR)
    return token


def find(actor: Actor, token: str) -> tuple[bytes, str] | None:
    """The bytes and their format, None when they are forgotten or were put aside by somebody else."""
    found = cache.get(_key(actor, token))
    return (zlib.decompress(found[0]), found[1]) if found else None


def forget(actor: Actor, token: str) -> None:
    """Drop what was put aside."""
    cache.delete(_key(actor, token))


def _key(actor: Actor, token: str) -> str:
    return f"brought-form:{actor.user_id}:{token}"
