"""What upper layers bring to the engine: kinds of subject, guards and effects, each under a name specs use.

@effect("publish_version", label="Publish the version", publishes=True, requires=["role_registered"])
def publish_version(ctx: EffectContext) -> None: ...

subjects.add("plan_submission", PlanSubmissionKind())
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from core.exceptions import Absent
from core.registry import Registry
from governance.actors import Actor
from governance.clauses import Clause
from governance.facts import ActorFacts
from governance.selectors.facts import actor_facts
from workflows.engine.spec import Transition
from workflows.routing_facts import Fact

if TYPE_CHECKING:
    from workflows.models import FlowCase, FlowDecision

T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """What a case moves, as the engine sees it.

    `label` names it without naming a person ("Urgent care plan 3f2a91bc"); `content_sha256` is the hash of exactly
    what a decider is shown; `facts` are compared with a definition's `applies_when`; `record` is the upper layer's own
    object, for its guards and effects; `gate_subject` is what the access gate is asked about.
    """

    kind: str
    id: UUID
    owner_id: int
    content_sha256: str
    label: str
    link: str
    author_ids: frozenset[int] = frozenset()
    sharing_organisation_ids: frozenset[int] = frozenset()
    person_user_ids: frozenset[int] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    record: Any = None
    gate_subject: Any = None


class SubjectKind(ABC):
    """One kind of thing a flow can move; subclassed and registered by the app that owns it.

    With `own_page` its steps are taken on the subject's own page only, which may ask more than the general one.
    """

    label: str = ""
    own_page: bool = False
    facts: tuple[Fact, ...] = ()

    @abstractmethod
    def load_many(self, subject_ids: Iterable[UUID]) -> dict[UUID, Subject]:
        """Those of the subjects that are there, as they stand now, in as many queries as one takes."""

    def load(self, subject_id: UUID) -> Subject:
        """The subject as it stands now; Absent when there is none."""
        if found := self.load_many([subject_id]):
            return found[subject_id]
        raise Absent

    def authors_of(self, subject_ids: Iterable[UUID]) -> dict[UUID, frozenset[int]]:
        """Who wrote each of the subjects that are there; to be told quickly of very many."""
        return {key: subject.author_ids for key, subject in self.load_many(subject_ids).items()}

    def lock(self, subject_id: UUID) -> Subject:
        """The same for a step that is about to be taken: what its effects will change waits for nobody else."""
        return self.load(subject_id)

    def changes_since(self, subject: Subject, shown_sha256: str, viewer: Actor) -> list[tuple[str, str, str]]:
        """What changed since the content with that hash was shown, as (label, before, after) for the viewer."""
        return []

    def changed_keys(self, subject: Subject, sha256: str) -> frozenset[str] | None:
        """The items or fields (as flows name them in `significant`) that differ from the content with that hash; None
        when that cannot be said, which counts as a change of everything.
        """
        return None

    def known_keys(self) -> Collection[str] | None:
        """Every item or field a flow may call significant; None when that cannot be said."""
        return None

    def lineage(self, subject: Subject) -> Collection[UUID]:
        """The ids under which the same thing was decided on before, its own among them."""
        return [subject.id]

    def link_after(self, subject: Subject, step: str) -> str:
        """Where somebody goes on who has just taken that step."""
        return subject.link

    def visible_to(self, viewer: Actor, subject: Subject) -> bool:
        """Whether somebody outside the owning organisation may see how the case stands."""
        return False


@dataclass(frozen=True)
class GuardContext:
    """All a guard may look at.

    `shown_sha256` is None while only explaining, before anybody has read anything. `decider_ids` are the users who
    decide: the actor, and the colleague for whom they act; `parts` are the numbers of the step's actor rules that fit
    them. `exemption` is the signed text that lets authors decide alone, empty when the flow version has none.
    """

    actor: Actor
    case: "FlowCase"
    subject: Subject
    transition: Transition
    now: datetime.datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    shown_sha256: str | None = None
    decider_ids: frozenset[int] = frozenset()
    parts: frozenset[int] = frozenset()
    exemption: str = ""
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def present_facts(self) -> ActorFacts:
        """What governance knows of the actor, asked once for the gate and all guards of a step."""
        if "facts" not in self.memo:
            self.memo["facts"] = actor_facts(self.actor)
        return self.memo["facts"]

    @property
    def facts(self) -> ActorFacts:
        """The same, as of the moment of the step."""
        return self.present_facts.dated(self.now)

    @property
    def alone(self) -> bool:
        """Whether somebody would decide on what they wrote themself."""
        return bool(self.decider_ids & self.subject.author_ids)


@dataclass(frozen=True)
class GuardResult:
    """A guard's answer: when not ok, a sentence that says why and where it can be mended."""

    ok: bool
    code: str = ""
    message: str = ""
    fix_url: str = ""
    fixer: str = ""

    @classmethod
    def passed(cls) -> "GuardResult":
        return cls(True)

    @classmethod
    def blocked(cls, code: str, message: str, fix_url: str = "", fixer: str = "") -> "GuardResult":
        return cls(False, code, message, fix_url, fixer)


@dataclass(frozen=True)
class EffectContext:
    """What an effect acts on, inside the transaction of the decision; raising undoes the decision too.

    `alone` is true when one person wrote and decided, under the signed `exemption` of the flow version.
    """

    actor: Actor
    case: "FlowCase"
    subject: Subject
    decision: "FlowDecision"
    now: datetime.datetime
    params: Mapping[str, Any]
    alone: bool = False
    exemption: str = ""


@dataclass(frozen=True)
class Guard:
    """A registered condition. `params` maps each parameter to its JSON type (str, int, bool, list); `clauses` are the
    gate's, where it asks nothing but what governance knows of the decider.
    """

    label: str
    evaluate: Callable[[GuardContext], GuardResult]
    params: Mapping[str, type] = field(default_factory=dict)
    bars_authors: bool = False
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Effect:
    """A registered consequence; `run` gives what it made, when whoever takes the step wants it.

    `publishes` marks what no author may bring about alone without an exemption; `requires` names the guards
    without which no flow may have this effect. `choices` names the values a parameter may have, where not every value
    makes sense.
    """

    label: str
    run: Callable[[EffectContext], Any]
    params: Mapping[str, type] = field(default_factory=dict)
    publishes: bool = False
    requires: frozenset[str] = frozenset()
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)


subjects: Registry[SubjectKind] = Registry("kinds of subject of flows")
guards: Registry[Guard] = Registry("guards of flows")
effects: Registry[Effect] = Registry("effects of flows")


def guard(
    name: str, *, label: str, params: Mapping[str, type] | None = None, bars_authors: bool = False
) -> Callable[[Callable[[GuardContext], GuardResult]], Callable[[GuardContext], GuardResult]]:
    """Register the decorated function as the guard `name`."""

    def register(evaluate: Callable[[GuardContext], GuardResult]) -> Callable[[GuardContext], GuardResult]:
        guards.add(name, Guard(label, evaluate, params or {}, bars_authors))
        return evaluate

    return register


def effect(
    name: str,
    *,
    label: str,
    params: Mapping[str, type] | None = None,
    publishes: bool = False,
    requires: Iterable[str] = (),
    choices: Mapping[str, frozenset[str]] | None = None,
) -> Callable[[Callable[[EffectContext], T]], Callable[[EffectContext], T]]:
    """Register the decorated function as the effect `name`."""

    def register(run: Callable[[EffectContext], T]) -> Callable[[EffectContext], T]:
        effects.add(name, Effect(label, run, params or {}, publishes, frozenset(requires), choices or {}))
        return run

    return register
