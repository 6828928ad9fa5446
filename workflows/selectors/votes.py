"""What was decided in this round on a case that waits for several decisions, as far as it still counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from governance.enums import RoleKey
from workflows import registry
from workflows.engine.quorum import Ballot, Vote, adds, heard, last_words, needed
from workflows.engine.spec import Quorum, Scope, Transition
from workflows.models import FlowCase, FlowDecision, FlowTask
from workflows.registry import GuardContext, Subject
from workflows.selectors import people

Asked = dict[tuple[str, int], frozenset[int]] | None
_ONE_BY_ONE = Quorum()
#: The person and everybody who acts for them have one voice.
_PERSON_SIDE = frozenset({RoleKey.PATIENT, RoleKey.DELEGATE})
_SOMEBODY_ELSE = frozenset({"somebody else"})


@dataclass(frozen=True)
class Round:
    """How far a step has come: the votes that count, of how many."""

    need: Quorum
    rules: int
    votes: tuple[Vote, ...] = ()

    @property
    def heard(self) -> int:
        return heard(self.need, self.votes)

    @property
    def needed(self) -> int:
        return needed(self.need, self.rules)

    @property
    def deciders(self) -> frozenset[int]:
        """The users whose voice was heard."""
        return frozenset(int(name) for vote in self.votes for name in vote.people if name.isdigit())

    def adds(self, vote: Vote) -> bool:
        return adds(self.need, self.votes, vote)

    def has_heard(self, vote: Vote) -> bool:
        """Whether whoever would give this vote is among those who have decided."""
        return any(vote.people & other.people for other in self.votes)

    def and_then(self, vote: Vote) -> "Round":
        """The same with one vote more."""
        return Round(self.need, self.rules, (*self.votes, vote))


def round_of(case: FlowCase, subject: Subject, step: Transition, rows: Sequence[FlowDecision] | None = None) -> Round:
    """What counts towards a step out of the case's state; `rows` are its `given` when they are at hand."""
    need = step.quorum or _ONE_BY_ONE
    if step.quorum is None:
        return Round(need, len(step.actors))
    ballots = last_words(_ballot(row) for row in (given(case) if rows is None else rows))
    mine = [ballot for ballot in ballots if ballot.step == step.key]
    stale = {sha256 for sha256 in {ballot.sha256 for ballot in mine} if changed(subject, step, sha256)}
    return Round(need, len(step.actors), tuple(ballot.vote for ballot in mine if ballot.sha256 not in stale))


def given(case: FlowCase) -> list[FlowDecision]:
    """The decisions since the case came into its state that did not move it on, in order."""
    return [row for row in case.decisions.filter(visit=case.visit).order_by("pk") if not row.completed]


def changed(subject: Subject, step: Transition, sha256: str) -> bool:
    """Whether anything the step counts as significant has changed since the content had that hash."""
    if sha256 == subject.content_sha256:
        return False
    keys = registry.subjects.get(subject.kind).changed_keys(subject, sha256)
    return keys is None or not step.significant or bool(keys & set(step.significant))


def offered(ctx: GuardContext) -> Vote:
    """The vote that whoever is weighed in `ctx` would give."""
    names = (*map(str, sorted(ctx.decider_ids)), ctx.actor.on_behalf_of)
    return Vote(_voice(names, ctx.actor.role), _place(ctx.actor.organisation_id), ctx.parts)


def may_add(state_of: Round, case: FlowCase, step: Transition, task: FlowTask) -> bool | None:
    """Whether somebody who is asked by a task and has not decided could add to a step; None when they have no part."""
    parts = frozenset(number for number, rule in enumerate(step.actors) if _is_asked(rule.role, rule.scope, case, task))
    if not parts:
        return None
    return state_of.adds(Vote(_SOMEBODY_ELSE, _place(task.organisation_id), parts))


def asked_still(case: FlowCase) -> Asked:
    """Whom a case asks once part of it is decided: (role, organisation) with those there who have done their part.
    None while nobody has.
    """
    if not given(case):
        return None
    found: dict[tuple[str, int], set[int]] = {}
    rows = case.tasks.filter(closed_at=None).values_list("role", "organisation_id", "done_by")
    for role, place, user_id in rows:
        found.setdefault((role, place), set()).update({user_id} - {None})
    return {key: frozenset(users) for key, users in found.items()}


def _is_asked(role: str, scope: Scope, case: FlowCase, task: FlowTask) -> bool:
    if role != task.role:
        return False
    if scope is Scope.OWNER_ORG:
        return task.organisation_id == case.owner_id
    if scope is Scope.HOST:
        return task.organisation_id in people.host_ids()
    return scope in (Scope.NAMED_USER, Scope.SHARING_ORG)


def _ballot(row: FlowDecision) -> Ballot:
    voice = _voice((row.user_id_text, row.on_behalf_of), row.role_at_time)
    parts = frozenset(row.evidence.get("parts", ()))
    return Ballot(row.transition, row.sha256, Vote(voice, row.organisation_ref, parts))


def _voice(names: Sequence[str], role: str | None) -> frozenset[str]:
    side = {"the person"} if role in _PERSON_SIDE else set()
    return frozenset({name for name in names if name} | side)


def _place(organisation_id: int | None) -> str:
    return "" if organisation_id is None else str(organisation_id)
