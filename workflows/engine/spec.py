"""A flow as a typed value: states, the transitions between them, who may fire each and under which guards.

The JSON form is what people sign. `load_spec` reads it strictly: an unknown word, a missing state or a wrong
type is a `SpecError` with the path to it, so nothing half-understood is ever run. Soundness (dead ends,
self-approval and the like) is `engine.lint`'s business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SPEC_VERSION = 1
ANY_ROLE = "any"


class StateKind(StrEnum):
    """What a state means: where a case begins, somebody works, something is awaited, or it is over."""

    START = "start"
    WORK = "work"
    WAIT = "wait"
    FINAL = "final"


class Scope(StrEnum):
    """In which relation to the case an actor must stand."""

    OWNER_ORG = "owner_org"
    SHARING_ORG = "sharing_org"
    HOST = "host"
    SUBMITTER = "submitter"
    AUTHOR = "author"
    PATIENT_OR_PROXY = "patient_or_proxy"
    NAMED_USER = "named_user"


#: Scopes whose people are found by role at an organisation, so that work can wait in their inbox.
QUEUED_SCOPES = frozenset({Scope.OWNER_ORG, Scope.SHARING_ORG, Scope.HOST})
#: Scopes that say who it is, so that no role need be named.
PERSONAL_SCOPES = frozenset({Scope.SUBMITTER, Scope.AUTHOR, Scope.PATIENT_OR_PROXY, Scope.NAMED_USER})


class ReasonRule(StrEnum):
    """Whether a decision must say why."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Counts(StrEnum):
    """Which days count for a state's reminder and deadline: all, or those that are neither weekend nor holiday."""

    EVERY_DAY = "every_day"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class ActorRule:
    """A role (`any` for whoever stands in the scope) in a relation to the case."""

    role: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Use:
    """A registered guard or effect by name, with its parameters."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many have to decide before a step is taken: different people; or people of as many different
    `organisations`; or, with `each`, somebody else for every rule of the step's actors, which is how several roles
    work on one state side by side.
    """

    people: int = 1
    organisations: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can be. `waits_for` names who must act here; hours count from entering the state.

    `counts` says which days they run on. While the case is in a state that `pauses`, the clock of the state it came
    from stands still: back there, it has what was left.
    """

    key: str
    label: str
    kind: StateKind
    outcome: str = ""
    waits_for: tuple[ActorRule, ...] = ()
    due_hours: int | None = None
    reminder_hours: int | None = None
    escalate_to: str = ""
    counts: Counts = Counts.EVERY_DAY
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A step somebody may take. `on_open` ones are taken by opening the case; `action` is what the gate is
    asked.

    `four_eyes` keeps authors out whatever the guards say; only a signed exemption (guard
    `author_only_if_exempt`) takes its place. Without a `quorum` the first decision takes the step. Every text of the
    `checklist` is ticked with a decision. A change that touches none of the `significant` items leaves earlier
    decisions standing; with none named, every change counts. `bulk` steps may be taken for several cases at once.
    With `on_event` nobody presses it: it is taken when that is recorded elsewhere, by whoever recorded it; its actors,
    if it names any, say whose recording the flow accepts.
    """

    key: str
    label: str
    source: str
    target: str
    actors: tuple[ActorRule, ...]
    guards: tuple[Use, ...] = ()
    effects: tuple[Use, ...] = ()
    reason: ReasonRule = ReasonRule.NONE
    confirm_text: str = ""
    four_eyes: bool = False
    on_open: bool = False
    action: str = ""
    quorum: Quorum | None = None
    checklist: tuple[str, ...] = ()
    significant: tuple[str, ...] = ()
    bulk: bool = False
    on_event: str = ""

    def uses_guard(self, name: str) -> bool:
        return any(guard.name == name for guard in self.guards)


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole flow. `exemption` is the text both signatories must repeat when authors may decide alone; `note`
    says what the flow is for and on what practice it rests.
    """

    title: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    exemption: str = ""
    note: str = ""

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)

    @property
    def start(self) -> State:
        return next(state for state in self.states if state.kind is StateKind.START)

    def transition(self, key: str, source: str) -> Transition | None:
        """The transition `key` out of state `source`, if the flow has one."""
        return next((t for t in self.transitions if t.key == key and t.source == source), None)

    def out_of(self, source: str) -> list[Transition]:
        """The transitions people may fire in a state (not what opening the case or an event takes)."""
        return [t for t in self.transitions if t.source == source and not t.on_open and not t.on_event]

    def leading_out(self, source: str) -> list[Transition]:
        """Every transition that can leave a state a case stands in, pressed or taken by an event."""
        return [t for t in self.transitions if t.source == source and not t.on_open]

    def upon(self, event: str, source: str) -> Transition | None:
        """The transition that an event takes in a state, if the flow has one."""
        return next((t for t in self.leading_out(source) if t.on_event == event), None)

    @property
    def opening(self) -> Transition | None:
        """The step that opening a case takes at once, if there is one."""
        return next((t for t in self.transitions if t.on_open and t.source == self.start.key), None)
