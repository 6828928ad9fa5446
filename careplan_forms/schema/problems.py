"""What is wrong with an answer, said as an instruction at the right place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

# What a person typed into the controls of one field: {part of the name: values}.
Raw = Mapping[str, Sequence[str]]


class FormData(Protocol):
    """A posted form: Django's QueryDict, or anything shaped like it."""

    def getlist(self, key: str) -> list[Any]:
        """All values posted under a name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A type's verdict on one answer, before it has a place in a form."""

    code: str
    message: str
    part: str = ""


class Problem(NamedTuple):
    """One thing to mend. `field_name` is also the id to link to; `path` names the repeat instances above it.

    `typed` holds what was posted, so that the page can show it again: nothing typed is lost.
    """

    uid: str
    field_name: str
    code: str
    message: str
    path: tuple[str, ...] = ()
    typed: Raw | None = None
