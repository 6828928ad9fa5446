"""What the linter is told of the words a flow may use, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

ERROR, WARNING = "error", "warning"


class _Registered(Protocol):
    @property
    def params(self) -> Mapping[str, type]: ...


class KnownGuard(_Registered, Protocol):
    """What the linter needs to know of a guard."""

    @property
    def bars_authors(self) -> bool: ...


class KnownEffect(_Registered, Protocol):
    """What the linter needs to know of an effect."""

    @property
    def publishes(self) -> bool: ...

    @property
    def requires(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Catalogue:
    """The words a spec may use: guards, effects, roles, the gate's actions, what is recorded elsewhere."""

    guards: Mapping[str, KnownGuard]
    effects: Mapping[str, KnownEffect]
    roles: frozenset[str]
    actions: frozenset[str] = field(default_factory=frozenset)
    events: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Finding:
    """One thing wrong: a stable code, the state or transition, and a sentence.

    An error stands between a flow and its signatures; a warning has to be read before signing.
    """

    code: str
    place: str
    message: str
    severity: str = ERROR

    @property
    def blocks(self) -> bool:
        return self.severity == ERROR
