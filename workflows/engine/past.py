"""Decisions as they were kept, and what can be asked of them no more."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from workflows.engine.spec import Transition


@dataclass(frozen=True, slots=True)
class Past:
    """One decision as it was kept. `step` is what the version it was taken on said of it, where that is known, and
    `state_label` what it called the state; `awaits` how many more decisions the step waited for after this one;
    `counted` whether the answer is wanted.

    `parts` are the numbers of that version's rules that fitted whoever decided, `at_host` says whether their
    organisation hosted the service then, `had_task` whether they had a task of the case: None where it was not kept.
    """

    transition: str
    from_state: str
    to_state: str
    at: datetime.datetime
    user: str = ""
    on_behalf_of: str = ""
    organisation: str = ""
    role: str = ""
    reason: str = ""
    sha256: str = ""
    alone: bool = False
    opening: bool = False
    ticked: frozenset[str] = frozenset()
    awaits: int = 0
    parts: frozenset[int] | None = None
    at_host: bool | None = None
    had_task: bool | None = None
    step: Transition | None = None
    state_label: str = ""
    counted: bool = True

    @property
    def people(self) -> frozenset[str]:
        """Everybody whose decision it is."""
        return frozenset({self.user, self.on_behalf_of} - {""})


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case with its decisions in the order they were taken."""

    ref: str
    owner: str
    opened_by: str
    decisions: Sequence[Past]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that cannot be asked of the past: `kind` is scope, roles, authors, reason, checklist, event, gate or
    guard, `name` which one.
    """

    kind: str
    name: str = ""
