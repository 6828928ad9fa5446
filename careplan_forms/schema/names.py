"""Names of form fields and ids of HTML elements, derived from item uids.

A name is also the id of its first control, so an error summary can link to it. Inside a repeat the name holds
one marker per level, replaced by the instance's id when the page is drawn.
"""

import hashlib
import re
from typing import TypeGuard

# Private-use characters that no text of a document or of a person can bring in: `markup.esc` drops them.
INSTANCE_MARKS = "\uf8f0\uf8f1\uf8f2\uf8f3\uf8f4\uf8f5\uf8f6\uf8f7"

SHOWN = "_shown"
# Questions that scripts had hidden when the page was sent, as `uid|entry/entry`.
PUT_AWAY = "_put_away"
ADD, REMOVE, UP, DOWN = "_add", "_remove", "_move_up", "_move_down"

_PLAIN = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*\Z")
_INSTANCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}\Z")


def safe_key(uid: str) -> str:
    """A uid as it may stand in a name and an id.

    An unusual one becomes a digest that cannot meet a plain one.
    """
    if len(uid) <= 80 and _PLAIN.match(uid):
        return uid
    return "u--" + hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()[:24]


def field_name(uid: str, part: str = "") -> str:
    """The name of a field outside repeats: `field_name("born", "day") == "q-born__day"`."""
    return join(f"q-{safe_key(uid)}", part)


def join(name: str, part: str) -> str:
    """The name of one control of a field with several."""
    return f"{name}__{part}" if part else name


def instance_field_name(name: str, instance: str, uid: str) -> str:
    """The name of a field inside one instance of a repeat."""
    return f"{name}__{instance}__{safe_key(uid)}"


def place(text: str, path: tuple[str, ...]) -> str:
    """Put the instance ids of a path where the markers stand."""
    for mark, instance in zip(INSTANCE_MARKS, path, strict=False):
        text = text.replace(mark, instance)
    return text


def is_instance_id(value: object) -> TypeGuard[str]:
    """Whether a value may name an instance of a repeat."""
    return isinstance(value, str) and _INSTANCE.match(value) is not None
