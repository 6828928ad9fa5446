"""When a step may be taken, whoever asks: the flow as signed, and its guards one by one.

What no flow can change stands here too: an effect that publishes is out of an author's reach unless the
version carries the signed exemption, whatever guards the version has or lacks.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Any

from core.exceptions import Conflict, Refused
from governance.gate import Reason
from governance.helping import SERVICE_DESK
from workflows import registry
from workflows.engine.lint import EXEMPTION_GUARD, publishes
from workflows.engine.loading import canonical_json, load_spec
from workflows.engine.spec import ReasonRule, Spec, Transition
from workflows.models import FlowCase, FlowVersion, FlowVersionApproval
from workflows.registry import GuardContext, GuardResult

MAX_REASON = 2000
NOT_AUTHOR = "author"
#: The guard by which each decision on a case is another person's.
EARLIER_DECIDER_GUARD = "not_earlier_decider"
AUTHOR_MESSAGE = "You wrote this, or part of it. Somebody else has to decide on it"
ABSENT_AUTHOR_MESSAGE = "The colleague for whom you decide wrote this, or part of it"


def spec_of(version: FlowVersion) -> Spec:
    """The flow of a version, refused when its text is no longer the one whose hash was signed."""
    text = canonical_json(version.spec)
    if hashlib.sha256(text).hexdigest() != version.sha256:
        raise Refused(
            "This flow no longer reads as it was signed, so nothing can be decided by it. Nothing was changed. "
            "Tell the service desk."
        )
    return _compiled(text)


@lru_cache(maxsize=256)
def _compiled(text: bytes) -> Spec:
    return load_spec(json.loads(text))


def signed_exemption(version: FlowVersion, spec: Spec) -> str:
    """The exemption both signatories put their names to, on this hash and in these words; else an empty text."""
    if not spec.exemption:
        return ""
    signatures = [
        approval
        for approval in version.approvals.all()
        if approval.sha256 == version.sha256 and approval.exemption == spec.exemption
    ]
    capacities = {approval.capacity for approval in signatures}
    signers = {approval.signed_by_id for approval in signatures}
    complete = capacities == set(FlowVersionApproval.Capacity.values) and len(signers) == len(capacities)
    return spec.exemption if complete else ""


def check_is_where_expected(case: FlowCase, spec: Spec, expected_state: str) -> None:
    """Raise Conflict when the case has moved on since its page was made."""
    if case.closed_at is None and case.state == expected_state:
        return
    labels = {state.key: state.label for state in spec.states}
    was, now = labels.get(expected_state, expected_state), labels.get(case.state, case.state)
    raise Conflict("This was decided before you, so your decision was not recorded.", [("State", was, now)])


def transition_from(case: FlowCase, spec: Spec, key: str) -> Transition:
    """The step with that key out of the case's state; Refused when the flow has none that people may take."""
    transition = spec.transition(key, case.state)
    if transition is None or transition.on_open or transition.on_event:
        raise Refused("This step is not possible here. Load the page again and choose from what it offers.")
    return transition


def check_reason(transition: Transition, reason: str) -> str:
    """The reason tidied up; Refused when the step needs one and there is none, or it is too long."""
    tidy = reason.strip()
    if transition.reason is ReasonRule.REQUIRED and not tidy:
        raise Refused("Enter the reason", field="reason")
    if len(tidy) > MAX_REASON:
        raise Refused(f"The reason must be {MAX_REASON:,} characters or fewer", field="reason")
    return tidy if transition.reason is not ReasonRule.NONE else ""


def check_ticked(transition: Transition, ticked: Collection[str]) -> None:
    """Refused unless every text of the step's checklist is ticked."""
    if missing := [text for text in transition.checklist if text not in ticked]:
        raise Refused(f"Tick everything in the list before you decide. Not ticked: {missing[0]}", field="ticked")


def check_in_bulk(transition: Transition, in_bulk: bool) -> None:
    """Refused when the step is one of several taken at once and the flow does not allow that."""
    if in_bulk and not transition.bulk:
        raise Refused("This step is taken one by one. Open it to decide")


def obstacles(ctx: GuardContext) -> list[Reason]:
    """Everything that stands in the way of the step in `ctx`, guards in the flow's order; empty when nothing
    does.
    """
    found = [] if not ctx.alone else _alone(ctx)
    for use in ctx.transition.guards:
        result = _evaluate(ctx, use.name, dict(use.params))
        if not result.ok and result.code not in {reason.code for reason in found}:
            found.append(Reason(result.code, result.message, result.fixer, result.fix_url))
    return found


def _evaluate(ctx: GuardContext, name: str, params: dict[str, Any]) -> GuardResult:
    if name not in registry.guards:
        message = "This step has a condition the service no longer knows, so it cannot be taken"
        return GuardResult.blocked("unknown_guard", message, fixer=SERVICE_DESK)
    return registry.guards.get(name).evaluate(replace(ctx, params=params))


def _alone(ctx: GuardContext) -> list[Reason]:
    """The rules about deciding on one's own text that hold in every flow. An exemption is the author's own: it is of no
    use to a stand-in, whichever of the two wrote it.
    """
    effects = dict(registry.effects.items())
    stands_in = len(ctx.decider_ids) > 1
    exempt = ctx.transition.uses_guard(EXEMPTION_GUARD) and bool(ctx.exemption) and not stands_in
    if ctx.transition.four_eyes or (publishes(ctx.transition, effects) and not exempt):
        wrote_it = ctx.actor.user_id in ctx.subject.author_ids
        return [
            Reason(
                NOT_AUTHOR, AUTHOR_MESSAGE if wrote_it else ABSENT_AUTHOR_MESSAGE, "A colleague who did not write it"
            )
        ]
    return []
