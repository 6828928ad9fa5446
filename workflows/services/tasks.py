"""Tasks: what a state asks of whom, and who has said "I will do it"."""

import datetime
from uuid import UUID

from django.db import transaction

from core.exceptions import Conflict, Refused
from core.rows import update
from governance.actors import Actor
from governance.services import audit
from workflows import permissions, policies, registry
from workflows.engine.spec import ActorRule, Scope, State, Transition
from workflows.models import FlowCase, FlowTask
from workflows.selectors import people, votes
from workflows.services import clocks, explanations, vacancies
from workflows.services.locking import lock_case


def enter_state(*, case: FlowCase, state: State, now: datetime.datetime, kept: clocks.Kept | None = None) -> None:
    """Ask those the state waits for that a case has entered, or where none of them can act also those who may take the
    same steps and can; set its deadline, reminder and escalation. The caller saves the case. `kept` is what was left of
    the state's time when its clock was stopped.
    """
    case.due_at = clocks.start(case=case, state=state, now=now, kept=kept)
    _ask(case, state, [*asked(case, state.waits_for), *_asked_instead(case, state)], now)


@transaction.atomic
def ask_anew(*, subject_kind: str, subject_id: UUID, now: datetime.datetime) -> None:
    """Ask whom the open case of a subject waits for as its care team is now: an organisation that joined is asked too,
    and what one that left was asked is put away, for it no longer finds the subject. What was done stays done.
    """
    found = FlowCase.objects.filter(subject_kind=subject_kind, subject_id=subject_id, closed_at=None).first()
    if found is None:
        return
    case = lock_case(found.pk)
    state = policies.spec_of(case.version).state(case.state)
    subject = registry.subjects.get(subject_kind).load(subject_id)
    near = {case.owner_id, *people.host_ids(), *subject.sharing_organisation_ids}
    here = case.tasks.filter(visit=case.visit)
    here.filter(closed_at=None).exclude(organisation__in=near).update(closed_at=now)
    known = set(here.filter(organisation__in=near).values_list("role", "organisation_id"))
    pairs = [*asked(case, state.waits_for), *_asked_instead(case, state)]
    _ask(case, state, [pair for pair in pairs if pair not in known], now)


def _ask(case: FlowCase, state: State, pairs: list[tuple[str, int]], now: datetime.datetime) -> None:
    rows = [
        FlowTask(
            case=case,
            visit=case.visit,
            state=state.key,
            role=role,
            organisation_id=place,
            opened_at=now,
            due_at=case.due_at,
        )
        for role, place in pairs
    ]
    FlowTask.objects.bulk_create(rows)
    vacancies.report(by=Actor.job("vacancies"), tasks=rows, now=now)


def leave_state(*, case: FlowCase, state: State, target: State, now: datetime.datetime) -> clocks.Kept | None:
    """Put away the open tasks of the state a case leaves; gives what `target` has kept of its time, when its clock
    was stopped.
    """
    if state.waits_for or state.escalate_to:
        update(FlowTask, {"case": case.pk, "closed_at": None}, closed_at=now)
    return clocks.leave(case=case, state=state, target=target, now=now)


def close_part(*, case: FlowCase, step: Transition, counted: votes.Round, now: datetime.datetime) -> None:
    """Put away what a decision has done of a step that waits for more: tasks nobody can add to any more are closed,
    those others go on with are no longer the deciders'. A task that was done by a decision on other words is asked
    again. Somebody is always asked: where no task could add anything (two organisations are needed, and the care team
    is one), all stay, with their reminders and their escalation.
    """
    tasks = list(case.tasks.filter(visit=case.visit))
    verdicts = [votes.may_add(counted, case, step, task) for task in tasks]
    for task, goes_on in zip(tasks, verdicts, strict=True):
        if goes_on is False and task.closed_at is None and set(verdicts) != {False}:
            task.closed_at = now
            task.save(update_fields=["closed_at"])
        elif goes_on:
            _ask_on(task, counted.deciders)
    vacancies.report(by=Actor.job("vacancies"), tasks=[task for task in tasks if task.closed_at is None], now=now)


def _ask_on(task: FlowTask, deciders: frozenset[int]) -> None:
    """Leave the task to those who have not decided."""
    if task.closed_at is not None:
        task.closed_at = None
        task.save(update_fields=["closed_at"])
    task.done_by.set(deciders)
    if task.claimed_by_id in deciders:
        hold(task, None, None)


def hold(task: FlowTask, holder: int | None, since: datetime.datetime | None, by: int | None = None) -> None:
    """Put the task in somebody's hands, or nobody's."""
    task.claimed_by_id, task.claimed_at, task.assigned_by_id = holder, since, by
    task.save(update_fields=["claimed_by", "claimed_at", "assigned_by"])


@transaction.atomic
def claim(*, by: Actor, task: FlowTask, now: datetime.datetime) -> FlowTask:
    """Say that one will do a task of one's inbox. Conflict when it is done or a colleague has it; twice is
    harmless. The hold of a colleague who no longer has the role there has lapsed.
    """
    permissions.check_user_can_take_task(by, task)
    locked = lock(task)
    if locked.claimed_by_id == by.user_id:
        return locked
    if locked.claimed_by_id is not None and is_held(locked, now):
        raise Conflict("A colleague has already taken this task")
    hold(locked, by.user_id, now)
    audit.record(by=by, action="task.claimed", target=locked)
    return locked


@transaction.atomic
def release(*, by: Actor, task: FlowTask, now: datetime.datetime) -> FlowTask:
    """Give a task back to the team. Refused when it is not the actor's to give back."""
    permissions.check_user_can_take_task(by, task)
    locked = lock(task)
    if locked.claimed_by_id is None:
        return locked
    if locked.claimed_by_id != by.user_id:
        raise Refused("A colleague has this task. Only they can give it back")
    hold(locked, None, None)
    audit.record(by=by, action="task.released", target=locked)
    return locked


def is_held(task: FlowTask, now: datetime.datetime) -> bool:
    """Whether whoever took a task still holds its role at its organisation."""
    holders = people.holders(organisation_id=task.organisation_id, role=task.role, now=now)
    return task.claimed_by_id is not None and holders.filter(user_id=task.claimed_by_id).exists()


def lock(task: FlowTask) -> FlowTask:
    """The open task, held until the transaction ends; Conflict when it is done."""
    locked = FlowTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if locked.closed_at is not None:
        raise Conflict("This task is done. Somebody decided before you")
    return locked


def asked(case: FlowCase, rules: tuple[ActorRule, ...]) -> list[tuple[str, int]]:
    """(role, organisation) pairs, once each. The role may have no holder: the task waits, it never falls to
    another.
    """
    pairs: dict[tuple[str, int], None] = {}
    for rule in rules:
        places = _places(case, rule.scope)
        pairs.update({(rule.role, place): None for place in places})
    return list(pairs)


def _asked_instead(case: FlowCase, state: State) -> list[tuple[str, int]]:
    spec = policies.spec_of(case.version)
    if not explanations.others(spec, state):
        return []
    waited = set(asked(case, state.waits_for))
    able = [who for who in explanations.who_must_act(case) if who.able]
    pairs = [(who.role, who.organisation_id) for who in able if who.organisation_id is not None]
    return [pair for pair in pairs if pair not in waited]


def _places(case: FlowCase, scope: Scope) -> list[int]:
    if scope is Scope.HOST:
        return people.host_ids()
    if scope is Scope.SHARING_ORG:
        subject = registry.subjects.get(case.subject_kind).load(case.subject_id)
        return sorted(subject.sharing_organisation_ids)
    return [case.owner_id]
