"""In which relation to a case whoever decided stood on that day: known, ruled out, or not to be said.

The rules that fitted are kept with every decision, so what its own version asked is known for good. Of what only
another version asks, the organisation, who sent it, who had the task and which organisations hosted the service are
kept; the care team of that day is not.
"""

from collections.abc import Iterable, Iterator

from workflows.engine.past import Past, PastCase, Question
from workflows.engine.spec import ANY_ROLE, ActorRule, Scope, Transition

#: Roles of people who decide on their own care; anybody else's role rules their scope out.
PERSON_SIDE = frozenset({"", "patient", "delegate"})


def standing(step: Transition, past: Past, case: PastCase) -> Iterator[str | Question]:
    """Whether the step is for whoever took it: one of the new rules fits, or none can, or it cannot be said."""
    if step.on_event and (past.step is None or past.step.on_event != step.on_event):
        yield Question("event", step.on_event)
        return
    if step.on_event and not step.actors:
        return
    answers = {rule: fits(rule, past, case) for rule in step.actors}
    if any(answers.values()) or _was_let_in_by(answers, past, case):
        return
    unknown = [rule for rule, answer in answers.items() if answer is None]
    if not unknown:
        yield "not-yours"
    for rule in unknown:
        yield Question("roles") if past.on_behalf_of else Question("scope", str(rule.scope))


def _was_let_in_by(rules: Iterable[ActorRule], past: Past, case: PastCase) -> bool:
    """Whether whatever let the decider in then would let them in here: all that can have done so is here too."""
    if past.step is None:
        return False
    possible = {rule for rule in past.step.actors if fits(rule, past, case) is not False}
    return bool(possible) and possible <= set(rules)


def fits(rule: ActorRule, past: Past, case: PastCase) -> bool | None:
    """Whether the decider stood in that relation to the case; None when what was kept does not say."""
    if past.step is not None and past.parts is not None and rule in past.step.actors:
        return past.step.actors.index(rule) in past.parts
    role: bool | None = rule.role in (ANY_ROLE, past.role)
    if past.on_behalf_of and rule.role != ANY_ROLE:
        role = None
    if role is False:
        return False
    scope = _in_scope(rule.scope, past, case)
    return False if scope is False else None if None in (role, scope) else True


def _in_scope(scope: Scope, past: Past, case: PastCase) -> bool | None:
    """Whether they stood in the scope: by the rules that fitted them then, else by what else was kept."""
    if past.step is not None and any(past.step.actors[number].scope is scope for number in past.parts or ()):
        return True
    if scope is Scope.HOST:
        return past.at_host
    if scope is Scope.NAMED_USER:
        return past.had_task
    if scope is Scope.OWNER_ORG:
        return past.organisation == case.owner
    if scope is Scope.SUBMITTER:
        return past.opening or (past.on_behalf_of or past.user) == case.opened_by
    if scope is Scope.AUTHOR and not past.opening:
        return (None if past.on_behalf_of else True) if past.alone else False
    if scope is Scope.PATIENT_OR_PROXY and past.role not in PERSON_SIDE:
        return False
    return None
