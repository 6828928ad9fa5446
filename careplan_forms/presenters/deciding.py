"""What somebody who decides on a plan is offered, and what they are told when it still waits afterwards."""

from careplan_forms.models import PlanSubmission
from careplan_forms.services import submissions
from careplan_forms.services.approvals import APPROVE
from governance.actors import Actor
from governance.enums import RoleKey
from workflows import permissions, policies
from workflows.engine.spec import ActorRule, Scope
from workflows.services import cases
from workflows.services.explanations import TransitionView

#: Steps with a place of their own on the page.
APART = ("return", "withdraw")


def steps_of(viewer: Actor, submission: PlanSubmission) -> dict[str, TransitionView]:
    """The steps of the submission's flow out of where it stands, by key; none when it is decided."""
    case = submissions.open_case_of(submission)
    return {step.key: step for step in cases.explain(case, viewer)} if case else {}


def steps_on(steps: dict[str, TransitionView]) -> list[TransitionView]:
    """Those that lead on: what the page offers as the decision itself."""
    return [step for key, step in steps.items() if key not in APART]


def what_follows(by: Actor, submission: PlanSubmission, step: str) -> str:
    """What is said to somebody whose decision is recorded and brought no version into being."""
    recorded = f"Your {'approval' if step == APPROVE else 'decision'} is recorded."
    case = submissions.open_case_of(submission)
    if case is None:
        return recorded
    rules = policies.spec_of(case.version).state(case.state).waits_for
    words = dict.fromkeys(_next(by, rule, case.owner.name) for rule in rules)
    return f"{recorded} It now waits for {' or '.join(words)}" if words else recorded


def _next(by: Actor, rule: ActorRule, owner: str) -> str:
    """Somebody in one's own role is a second one: one has decided, and it waits for somebody else."""
    if rule.role == by.role and rule.scope is Scope.OWNER_ORG:
        return f"a second {RoleKey(rule.role).label.lower()}"
    return permissions.rule_words(rule, owner)
