"""What an approval asks of the database, in a process that has seen its form and flow before."""

import re

import pytest

from careplan_forms.models import CarePlan
from careplan_forms.services import approvals
from core import clock
from tests.factories import careplan_forms as make

pytestmark = pytest.mark.django_db

#: The trail, the case's chained history among it; and what is written for those who read.
AUDIT = {"governance_auditevent", "workflows_flowevent"}
PROJECTION = {"careplan_forms_plansummary", "careplan_forms_answerfact", "core_outboxevent"}
#: The projector's one look at its sources.
SOURCES = "careplan_forms_planstopmark"
WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


@pytest.fixture
def waiting(plan, nurse, doctor, flows):
    """A second text of an approved plan: nothing is asked for the first time."""
    make.save(nurse, plan, cpr=make.CPR_DO_NOT)
    make.approve(doctor, make.submission(nurse, plan))
    fresh = CarePlan.objects.get(pk=plan.pk)
    make.save(nurse, fresh, cpr=make.CPR_ATTEMPT)
    return make.submission(nurse, fresh)


def of_the_decision(captured):
    """The statements besides audit, projection and savepoints."""
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    besides = [f'"{table}"' for table in AUDIT | PROJECTION]
    return [sql for sql in asked if SOURCES not in sql and not any(f"{table} " in sql for table in besides)]


def test_an_approval_asks_twelve_things_besides_audit_and_projection(waiting, doctor, django_assert_max_num_queries):
    with django_assert_max_num_queries(23) as queries:
        approvals.approve(by=doctor, submission=waiting, shown_sha256=waiting.content_sha256, now=clock.now())
    asked = of_the_decision(queries.captured_queries)
    assert len(asked) <= 12, asked
    written = [found.group(2) for sql in asked if (found := WRITES.match(sql))]
    assert sorted(written) == [
        "careplan_forms_careplan",
        "careplan_forms_careplanversion",
        "workflows_flowcase",
        "workflows_flowdecision",
        "workflows_flowtask",
        "workflows_flowtimer",
    ]
