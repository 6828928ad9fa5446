"""How a lower layer learns of an upper one: it declares a registry, the upper one fills it in `AppConfig.ready()`."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

#: Every registry made, so that a system check can name the required ones that stayed empty.
ALL: list["Registry"] = []


class AlreadyRegistered(RuntimeError):
    """Two providers claimed one key."""


class Registry(Generic[T]):
    """Named providers of one kind.

    `name` is for people reading an error; `required` makes an empty registry fail the system check.
    """

    def __init__(self, name: str, *, required: bool = False) -> None:
        self.name = name
        self.required = required
        self._entries: dict[str, T] = {}
        ALL.append(self)

    def add(self, key: str, entry: T) -> T:
        """Register `entry` under `key`; registering the same object twice is harmless (reloads do)."""
        if key in self._entries and self._entries[key] is not entry:
            raise AlreadyRegistered(f"{self.name}: {key} is taken")
        self._entries[key] = entry
        return entry

    def register(self, key: str) -> Callable[[T], T]:
        """Decorator form of `add`."""
        return lambda entry: self.add(key, entry)

    def get(self, key: str) -> T:
        """The provider of `key`; KeyError with a sentence when nobody provides it."""
        try:
            return self._entries[key]
        except KeyError:
            raise KeyError(f"{self.name}: nothing is registered as {key!r}") from None

    def only(self) -> T:
        """The single provider of a registry that takes one."""
        (entry,) = self._entries.values()
        return entry

    def keys(self) -> list[str]:
        return sorted(self._entries)

    def items(self) -> list[tuple[str, T]]:
        return sorted(self._entries.items(), key=lambda pair: pair[0])

    def __iter__(self) -> Iterator[T]:
        return iter([entry for _, entry in self.items()])

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)
