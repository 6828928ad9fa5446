"""Where open cases of one version go on in another: what equal keys suggest, and what is wrong with an answer."""

from collections.abc import Mapping

from workflows.engine.loading import sha256_of
from workflows.engine.spec import Spec, State, StateKind

#: The value of a state whose cases stay on the old version.
STAYS = ""


def resting(spec: Spec) -> tuple[State, ...]:
    """The states an open case can stand in: not an end, and people or an event can take it out of there."""
    return tuple(state for state in spec.states if state.kind is not StateKind.FINAL and spec.leading_out(state.key))


def propose(old: Spec, new: Spec) -> dict[str, str]:
    """Every such state of the old version with the one of the same key in the new, where there is one."""
    there = {state.key for state in resting(new)}
    return {state.key: state.key if state.key in there else STAYS for state in resting(old)}


def faults(state_map: Mapping[str, str], old: Spec, new: Spec) -> list[str]:
    """What is wrong with a map, in sentences; an empty list when it can be carried out."""
    before, after = {state.key: state for state in resting(old)}, {state.key for state in resting(new)}
    found = [
        f"The old version has no state “{key}” that a case can stand in" for key in sorted({*state_map} - {*before})
    ]
    found += [
        f"Say where cases in “{before[key].label}” go, or that they stay" for key in before if key not in state_map
    ]
    for key in before:
        target = state_map.get(key, STAYS)
        if target != STAYS and target not in after:
            found.append(f"Cases in “{before[key].label}” cannot go to “{target}”: choose a state people act in")
    return found


def map_sha256(state_map: Mapping[str, str], old_sha256: str, new_sha256: str) -> str:
    """The hash of all that decides where cases go: both versions and the map between them."""
    return sha256_of({"from": old_sha256, "to": new_sha256, "states": dict(state_map)})
