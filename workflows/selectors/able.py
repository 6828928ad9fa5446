"""Who of those who hold a role could take a case on, and what keeps the others: by the rules that decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

from governance.clauses import Clause
from governance.enums import Action, ActorKind
from governance.facts import ActorFacts
from governance.gate_table import TABLE
from workflows import policies, registry
from workflows.engine.lint import EXEMPTION_GUARD, publishes
from workflows.engine.spec import ANY_ROLE, Spec, Transition
from workflows.models import FlowCase
from workflows.policies import EARLIER_DECIDER_GUARD
from workflows.selectors import people

#: What governance knows of each of several people, once for each place they hold.
Holders = Mapping[int, Sequence[ActorFacts]]


class Hindrance(TextChoices):
    """What keeps somebody who holds a role from acting in it, as the end of a sentence about one or several."""

    TRAINING = "training", "their training is not valid"
    REGISTRATION = "registration", "their registration number is not on the staff list"
    AGREEMENT = "agreement", "the organisation’s agreement is not in force"
    PLACE = "place", "their place or their organisation is suspended"
    ROLE = "role", "their role is not enough for this step"
    BARRED = "barred", "they wrote it or have decided on it"


_BY_CODE = (
    ("training-", Hindrance.TRAINING),
    ("no-registration", Hindrance.REGISTRATION),
    ("agreement-", Hindrance.AGREEMENT),
    ("organisation-", Hindrance.PLACE),
    ("entry-", Hindrance.PLACE),
)


@dataclass(frozen=True)
class Tally:
    """Of those who hold a role at a place: how many can act on a case now, and how many are kept from it by what."""

    able: int
    kept: tuple[tuple[Hindrance, int], ...] = ()

    @property
    def cause(self) -> Hindrance | None:
        """Why none of them can, by what is mended most easily; None when somebody can or nobody is there."""
        return min((why for why, _ in self.kept), key=list(Hindrance).index, default=None) if not self.able else None


@dataclass(frozen=True)
class Bars:
    """Who stands in which relation to a case: who wrote what it decides on, who has decided on it; and whether its
    flow's exemption for authors is signed.
    """

    authors: frozenset[int] = frozenset()
    deciders: frozenset[int] = frozenset()
    exempt: bool = False

    def of(self, steps: Collection[Transition]) -> frozenset[int]:
        """Those who may take none of the steps, whatever else they are."""
        each = [self._of(step) for step in steps]
        return frozenset.intersection(*each) if each else frozenset()

    def _of(self, step: Transition) -> frozenset[int]:
        authors = self.authors if _bars_authors(step, self.exempt) else frozenset()
        return authors | self.deciders if step.uses_guard(EARLIER_DECIDER_GUARD) else authors


def steps_ahead(spec: Spec, state: str, role: str) -> list[Transition]:
    """The steps by which somebody of a role takes a case on: those that publish; where none does, those that keep
    authors or deciders out; else all there are for them. Sending it back is not taking it on.
    """
    theirs = [step for step in spec.out_of(state) if {rule.role for rule in step.actors} & {role, ANY_ROLE}]
    effects = dict(registry.effects.items())
    publishing = [step for step in theirs if publishes(step, effects)]
    return publishing or [step for step in theirs if needs_authors([step]) or needs_deciders([step])] or theirs


def needs_authors(steps: Collection[Transition]) -> bool:
    """Whether it matters for any of the steps who wrote it."""
    return any(_bars_authors(step, exempt=False) for step in steps)


def needs_deciders(steps: Collection[Transition]) -> bool:
    """Whether it matters for any of the steps who decided before."""
    return any(step.uses_guard(EARLIER_DECIDER_GUARD) for step in steps)


def asks_for_exemption(steps: Collection[Transition]) -> bool:
    """Whether a signed exemption would open any of the steps to authors."""
    return any(step.uses_guard(EXEMPTION_GUARD) for step in steps)


def is_exempt(case: FlowCase, spec: Spec, steps: Collection[Transition]) -> bool:
    """Whether authors may take one of the steps by a signed exemption."""
    return asks_for_exemption(steps) and bool(policies.signed_exemption(case.version, spec))


def bars_of(case: FlowCase, spec: Spec, steps: Collection[Transition], authors: frozenset[int]) -> Bars:
    """Who is barred from what, for one case whose authors are at hand."""
    deciders = people.deciders(case) if needs_deciders(steps) else frozenset()
    return Bars(authors, deciders, is_exempt(case, spec, steps))


def hindrances(holders: Holders, steps: Collection[Transition], barred: Collection[int]) -> dict[int, Hindrance | None]:
    """By user the first thing that keeps them from every one of the steps; None where they can take one now."""
    demands = [_demands(step) for step in steps]
    return {
        user_id: Hindrance.BARRED if user_id in barred else _hindrance(facts, demands)
        for user_id, facts in holders.items()
    }


def tally(holders: Holders, steps: Collection[Transition], barred: Collection[int]) -> Tally:
    """Count those who can take one of the steps now; the others by the first thing that keeps them."""
    counts = dict.fromkeys(Hindrance, 0)
    for why in hindrances(holders, steps, barred).values():
        if why is not None:
            counts[why] += 1
    kept = tuple((why, number) for why, number in counts.items() if number)
    return Tally(len(holders) - sum(number for _, number in kept), kept)


def _bars_authors(step: Transition, exempt: bool) -> bool:
    guards = [registry.guards.get(use.name) for use in step.guards if use.name in registry.guards]
    allowed = exempt and step.uses_guard(EXEMPTION_GUARD)
    alone_barred = publishes(step, dict(registry.effects.items())) and not allowed
    return step.four_eyes or alone_barred or any(guard.bars_authors for guard in guards)


def _demands(step: Transition) -> list[Clause]:
    """What a step asks of whoever takes it, whatever it is about: by the gate, and by guards."""
    clauses = list(TABLE.get((Action(step.action), ActorKind.STAFF), ())) if step.action else []
    guards = [registry.guards.get(use.name) for use in step.guards if use.name in registry.guards]
    return [*clauses, *(clause for guard in guards for clause in guard.clauses)]


def _hindrance(places: Sequence[ActorFacts], demands: Sequence[Sequence[Clause]]) -> Hindrance | None:
    """What keeps somebody from every step there is for them, told of the first; None when nothing does."""
    if not demands:
        return None
    found = [_first_code(facts, clauses) for clauses in demands for facts in places]
    return None if "" in found else next(_hindrance_by(code) for code in found)


def _first_code(facts: ActorFacts, clauses: Sequence[Clause]) -> str:
    return next((reason.code for clause in clauses for reason in clause(facts) if reason.blocks), "")


def _hindrance_by(code: str) -> Hindrance:
    return next((why for start, why in _BY_CODE if code.startswith(start)), Hindrance.ROLE)
