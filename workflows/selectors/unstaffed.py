"""Roles a flow needs that nobody holds: where work would wait for nobody."""

from collections import Counter
from typing import Any

from django.db.models import Count

from core import clock
from governance.enums import CareSetting, RoleKey
from governance.models import Organisation
from workflows.engine.findings import WARNING, Finding
from workflows.engine.spec import QUEUED_SCOPES, ActorRule, Scope, Spec
from workflows.models import FlowCase
from workflows.selectors import people

_MOST_KINDS = 3


def findings(spec: Spec) -> list[Finding]:
    """A warning for every role that work waits for and that is held by nobody, with the number of organisations.

    Counted are the open organisations that could open a case: those where somebody holds a role of the first step.
    """
    held = _held()
    waited = {(rule, state.key) for state in spec.states for rule in state.waits_for if rule.scope in QUEUED_SCOPES}
    found = []
    for rule, place in sorted(waited, key=lambda pair: (pair[1], pair[0].role)):
        empty = [setting for where, setting in _places(spec, rule, held) if rule.role not in held.get(where, ())]
        if empty:
            found.append(Finding("role_held_by_nobody", place, _sentence(rule, empty), WARNING))
    return found


def open_cases(kind: str, spec: Spec) -> dict[str, Any]:
    """How many cases of this kind of subject are open, and how many in a state the flow does not have."""
    rows = FlowCase.objects.filter(subject_kind=kind, closed_at=None).values_list("state").annotate(Count("pk"))
    counts: dict[str, int] = dict(rows.order_by("state"))
    known = {state.key for state in spec.states}
    elsewhere = sum(number for state, number in counts.items() if state not in known)
    return {"open_cases": sum(counts.values()), "elsewhere": elsewhere}


def _held() -> dict[int, set[str]]:
    held: dict[int, set[str]] = {}
    for place, role in people.listed(clock.now()).values_list("organisation_id", "role").distinct():
        held.setdefault(place, set()).add(role)
    return held


def _places(spec: Spec, rule: ActorRule, held: dict[int, set[str]]) -> list[tuple[int, str]]:
    """Where the role would be needed: (organisation, kind of care)."""
    rows = Organisation.objects.filter(closed_on=None).order_by("pk").values_list("pk", "care_setting")
    if rule.scope is Scope.HOST:
        return [(place, setting) for place, setting in rows if setting == CareSetting.HOST]
    first = spec.opening or next(iter(spec.out_of(spec.start.key)), None)
    roles = {each.role for each in first.actors if each.scope is Scope.OWNER_ORG} if first else set()
    return [(place, setting) for place, setting in rows if held.get(place, set()) & roles]


def _sentence(rule: ActorRule, empty: list[str]) -> str:
    role = RoleKey(rule.role).label.lower() if rule.role in RoleKey.values else rule.role
    kinds = Counter(CareSetting(setting).label if setting in CareSetting.values else setting for setting in empty)
    named = ", ".join(f"{label} {number}" for label, number in kinds.most_common(_MOST_KINDS))
    number = f"{len(empty)} organisation{'s' if len(empty) > 1 else ''}"
    return f"Nobody is a {role} at {number} that would wait for one ({named})."
