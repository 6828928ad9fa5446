"""What somebody is offered on a case: each step in their own name, for colleagues who are away, or why not and who
can.
"""

from dataclasses import dataclass

from governance.actors import Actor
from workflows.models import FlowCase
from workflows.selectors import delegations
from workflows.services import cases
from workflows.services.explanations import TransitionView, WhoCan


@dataclass(frozen=True)
class Offer:
    """One step. `stand_ins` are the colleagues for whom it can be taken, as (delegation, words); `who` can take it is
    said to those who may not in their own name.
    """

    view: TransitionView
    stand_ins: tuple[tuple[str, str], ...] = ()
    who: tuple[WhoCan, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.view.allowed or bool(self.stand_ins)


def offers(viewer: Actor, case: FlowCase) -> dict[str, Offer]:
    """Every step out of where the case stands, by key; none when it is closed."""
    ways = _stand_in_ways(viewer, case)
    return {view.key: _offer(case, view, ways) for view in cases.explain(case, viewer)}


def _offer(case: FlowCase, view: TransitionView, ways: dict[str, list[tuple[str, str]]]) -> Offer:
    who = () if view.allowed else tuple(cases.who_can(case, view.key))
    return Offer(view, tuple(ways.get(view.key, ())), who)


def _stand_in_ways(viewer: Actor, case: FlowCase) -> dict[str, list[tuple[str, str]]]:
    """By step, the colleagues for whom the viewer may take it today, as (delegation, words)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in delegations.standing_in(viewer):
        key = str(row.public_id)
        for view in cases.explain(case, delegations.acting_for(viewer, key)):
            if view.allowed:
                found.setdefault(view.key, []).append((key, f"For {row.from_user.display_name}, who is away"))
    return found
