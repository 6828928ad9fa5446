"""Where open cases of one version go on in another: what equal keys suggest, and what is wrong with an answer.

Nobody decides by moving a case. It goes only where the steps it is sure to have taken would have brought it in the
new version: not into an end, and past no approval that nobody has given.
"""

from collections.abc import Mapping

from workflows.engine.loading import sha256_of
from workflows.engine.quorum import needed
from workflows.engine.spec import Quorum, Spec, State, StateKind, Transition

#: The value of a state whose cases stay on the old version.
STAYS = ""
#: Different ways to one state. Of a flow with more nothing is sure, so no case goes past a step of it.
MOST_ROUTES = 64

#: Steps that together lead to a state, the one of opening a case aside.
Route = frozenset[tuple[str, str]]


def resting(spec: Spec) -> tuple[State, ...]:
    """The states an open case can stand in: not an end, and people or an event can take it out of there."""
    return tuple(state for state in spec.states if state.kind is not StateKind.FINAL and spec.leading_out(state.key))


def targets(old: Spec, new: Spec) -> dict[str, tuple[State, ...]]:
    """Every state a case of the old version can stand in, with those of the new one where such a case may go on."""
    came, comes = routes(old), routes(new)
    nothing_sure: set[Route] = {frozenset()}
    return {
        state.key: tuple(
            there
            for there in resting(new)
            if all(
                any(_covers(had, route, old, new) for route in comes.get(there.key, ()))
                for had in came.get(state.key, nothing_sure)
            )
        )
        for state in resting(old)
    }


def routes(spec: Spec) -> dict[str, set[Route]]:
    """The fewest steps with which a case can have come to each state, by each way there is; empty for a flow whose
    ways are too many.
    """
    found: dict[str, set[Route]] = {spec.start.key: {frozenset()}}
    growing: list[tuple[str, Route]] = [(spec.start.key, frozenset())]
    while growing:
        source, taken = growing.pop()
        for step in (each for each in spec.transitions if each.source == source):
            route = taken if step.on_open else taken | {(step.key, step.source)}
            known = found.setdefault(step.target, set())
            if any(shorter <= route for shorter in known):
                continue
            found[step.target] = {longer for longer in known if not route <= longer} | {route}
            if len(found[step.target]) > MOST_ROUTES:
                return {}
            growing.append((step.target, route))
    return found


def propose(old: Spec, new: Spec) -> dict[str, str]:
    """Every such state of the old version with the one of the same key in the new, where its cases may go there."""
    may = targets(old, new)
    return {key: key if any(state.key == key for state in there) else STAYS for key, there in may.items()}


def faults(state_map: Mapping[str, str], old: Spec, new: Spec) -> list[str]:
    """What is wrong with a map, in sentences; an empty list when it can be carried out."""
    before, after = {state.key: state for state in resting(old)}, {state.key: state.label for state in resting(new)}
    found = [
        f"The old version has no state “{key}” that a case can stand in" for key in sorted({*state_map} - {*before})
    ]
    found += [
        f"Say where cases in “{before[key].label}” go, or that they stay" for key in before if key not in state_map
    ]
    for key, may in targets(old, new).items():
        target = state_map.get(key, STAYS)
        if target != STAYS and target not in after:
            found.append(f"Cases in “{before[key].label}” cannot go to “{target}”: choose a state people act in")
        elif target != STAYS and all(state.key != target for state in may):
            found.append(
                f"Cases in “{before[key].label}” cannot go to “{after[target]}”: a case comes there only by a decision "
                "that nobody has made on these. Choose an earlier state, or let them stay"
            )
    return found


def map_sha256(state_map: Mapping[str, str], old_sha256: str, new_sha256: str) -> str:
    """The hash of all that decides where cases go: both versions and the map between them."""
    return sha256_of({"from": old_sha256, "to": new_sha256, "states": dict(state_map)})


def _covers(had: Route, route: Route, old: Spec, new: Spec) -> bool:
    """Whether each step of a route of the new version was taken, as another one of those that were."""
    left = [step for key, source in sorted(had) if (step := old.transition(key, source))]
    for key, source in sorted(route):
        step = new.transition(key, source)
        taken = next((each for each in left if step and _is_as_good(each, step)), None)
        if taken is None:
            return False
        left.remove(taken)
    return True


def _is_as_good(taken: Transition, asked: Transition) -> bool:
    """Whether a step of the old version is the decision that one of the new asks for: of the same key, by nobody who
    could not take the new one, and by as many.
    """
    before, now = taken.quorum or Quorum(), asked.quorum or Quorum()
    return (
        taken.key == asked.key
        and set(taken.actors) <= set(asked.actors)
        and bool(taken.actors) == bool(asked.actors)
        and needed(before, len(taken.actors)) >= needed(now, len(asked.actors))
        and before.organisations >= now.organisations
        and before.each >= now.each
    )
