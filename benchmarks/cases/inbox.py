"""The inbox of one doctor among 20,000 cases of whom 2,000 are open, all of them at one practice and all for doctors:
the worst that can be. What the database takes for a whole page, beside the ten milliseconds it may.
"""

import datetime
import re
import uuid
from typing import Any

from django.db import connection
from django.http import QueryDict

from benchmarks import data
from benchmarks.harness import Bound, Case, DatabaseTime, Part
from benchmarks.requests import Browser
from careplan_forms.services.submissions import SUBJECT_KIND
from core import clock
from core.pagination import keyset_page
from governance.actors import Actor
from governance.models import Organisation
from tests.factories import careplan_forms as plans
from workflows.models import FlowCase, FlowTask, FlowVersion
from workflows.selectors import inbox

CASES, OPEN, SHOWN = 20_000, 2_000, 25
MOST = datetime.timedelta(milliseconds=10)


def build() -> list[Case]:
    plans.flows()
    here, nurse, doctor = data.practice()
    _fill(here, _sent(nurse))
    browser = Browser(doctor)
    page, empty = browser.get("/tasks/"), browser.get("/benchmarks/empty/")
    shown = page().decode()
    assert shown.count("<tr") == SHOWN + 1 and "99+" in shown and "Care plan" in shown
    _check_index(doctor)
    limit = MOST / datetime.timedelta(microseconds=1)
    return [
        Case("inbox in the database / 10 ms", DatabaseTime("inbox", page), Bound("10 ms", limit)),
        Case("inbox page / empty page", Part("inbox", page), Part("empty page", empty)),
    ]


def _sent(nurse: Actor) -> list[uuid.UUID]:
    """As many plans as a page shows, sent through the product's own door, for the page reads what they are."""
    ids = []
    for _ in range(SHOWN):
        plan = plans.plan(nurse)
        plans.save(nurse, plan, cpr=plans.CPR_DO_NOT)
        ids.append(plans.submission(nurse, plan).public_id)
    FlowTask.objects.filter(case__subject_id__in=ids).update(due_at=clock.now())
    return ids


def _fill(here: Organisation, sent: list[uuid.UUID]) -> None:
    """The rest of the cases and their tasks, due after those of the first page."""
    like = FlowCase.objects.select_related("version").get(subject_id=sent[0])
    asked = FlowTask.objects.get(case=like)
    now = clock.now()
    rows = []
    for number in range(len(sent), CASES):
        rows.append(
            FlowCase(
                version_id=like.version_id,
                subject_kind=SUBJECT_KIND,
                subject_id=uuid.uuid4(),
                owner=here,
                state=asked.state,
                opened_at=now,
                closed_at=None if number < OPEN else now,
            )
        )
    made = FlowCase.objects.bulk_create(rows, batch_size=2_000)
    FlowTask.objects.bulk_create(
        [_task(case, asked, now, number) for number, case in enumerate(made)], batch_size=2_000
    )
    _analyse()


def _task(case: FlowCase, like: FlowTask, now: datetime.datetime, number: int) -> FlowTask:
    return FlowTask(
        case=case,
        state=like.state,
        role=like.role,
        organisation_id=like.organisation_id,
        opened_at=now,
        due_at=None if number % 10 == 0 else now + datetime.timedelta(minutes=number + 1),
        closed_at=case.closed_at,
    )


def _analyse() -> None:
    with connection.cursor() as cursor:
        for model in (FlowCase, FlowTask, FlowVersion):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _check_index(doctor: Actor) -> None:
    """The page is read from the index, in its order, and no further than it shows."""
    if connection.vendor != "postgresql":
        return
    asked: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    rows = inbox.with_cases(inbox.inbox_of(doctor).listed("all"))
    with connection.execute_wrapper(listen):
        keyset_page(rows, order=inbox.DUE_FIRST, query=QueryDict())
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0][0]}", asked[0][1])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "open_tasks_by_org_role" in plan and not re.search(r"Seq Scan on workflows_flow(task|case)", plan), plan
