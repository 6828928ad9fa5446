"""One object of a flow's JSON on its way to a value: every word known, every type right, every fault with its place."""

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
SLUG = re.compile(r"^[a-zA-Z0-9_-]{1,50}$")
NAME_LENGTH = 40
TEXT_LENGTH = 500
MAX_ROWS = 200
MAX_HOURS = 24 * 366

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class SpecError(ValueError):
    """The text is not a flow; the message says where and what is wrong."""


def read_json(content: bytes) -> Any:
    """What the bytes of a file hold; SpecError, with the place, when that is no JSON."""
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError):
        raise SpecError("This is not a text in UTF-8, or it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise SpecError(f"This is not JSON: line {error.lineno}, column {error.colno}") from None


class Reader:
    """One JSON object on its way to a value, knowing its place for the sake of messages."""

    def __init__(self, value: Any, path: str, known: set[str]) -> None:
        if not isinstance(value, Mapping):
            raise SpecError(f"{path}: this must be an object")
        if unknown := sorted(str(key) for key in set(value) - known):
            raise SpecError(f"{path}: {unknown[0]!r} is not a word of the flow language")
        self._value = value
        self._path = path

    def value(self, key: str, kind: type[T], default: T | None = None) -> T:
        found = self._value.get(key, default)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise SpecError(f"{self._path}.{key}: this must be {_WORDS[kind]}")
        return found

    def text(self, key: str, *, required: bool = False, limit: int = TEXT_LENGTH) -> str:
        found = self.value(key, str, "").strip()
        if required and not found:
            raise SpecError(f"{self._path}.{key}: this is missing")
        if len(found) > limit:
            raise SpecError(f"{self._path}.{key}: this is longer than {limit} characters")
        return found

    def key(self) -> str:
        found = self.text("key", required=True)
        if not KEY.match(found):
            raise SpecError(f"{self._path}.key: use small letters, digits and _ only, 40 at most")
        return found

    def slug(self, key: str) -> str:
        found = self.text(key, required=True)
        if not SLUG.match(found):
            raise SpecError(f"{self._path}.{key}: use letters, digits, - and _ only, 50 at most")
        return found

    def number(self, key: str, default: int, most: int, *, least: int = 0) -> int:
        found = self.value(key, int, default)
        if not least <= found <= most:
            raise SpecError(f"{self._path}.{key}: this must be between {least} and {most}")
        return found

    def word(self, key: str, words: type[E], default: E | None = None) -> E:
        found: str = self.value(key, str, str(default or ""))
        if found not in set(words):
            raise SpecError(f"{self._path}.{key}: this must be one of {', '.join(words)}")
        return words(found)

    def hours(self, key: str) -> int | None:
        if self._value.get(key) is None:
            return None
        found = self.value(key, int)
        if not 1 <= found <= MAX_HOURS:
            raise SpecError(f"{self._path}.{key}: this must be between 1 and {MAX_HOURS} hours")
        return found

    def one(self, key: str, read: Callable[[Any, str], T]) -> T | None:
        found = self._value.get(key)
        return None if found is None else read(found, f"{self._path}.{key}")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts, none of them empty."""
        found = self.rows(key, _text)
        if len(set(found)) < len(found):
            raise SpecError(f"{self._path}.{key}: no text may be given twice")
        return found

    def rows(self, key: str, read: Callable[[Any, str], T], *, required: bool = False) -> tuple[T, ...]:
        found = self.value(key, list, None if required else [])
        if len(found) > MAX_ROWS:
            raise SpecError(f"{self._path}.{key}: more than {MAX_ROWS} rows")
        return tuple(read(row, f"{self._path}.{key}[{number}]") for number, row in enumerate(found))


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value.strip()) > TEXT_LENGTH:
        raise SpecError(f"{path}: this must be a text of 1 to {TEXT_LENGTH} characters")
    return value.strip()


_WORDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}
