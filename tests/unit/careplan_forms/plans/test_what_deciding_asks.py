"""What saving and approving ask of the database, in a process that has seen form and flow before."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careplan_forms.models import CarePlan, PlanSummary
from careplan_forms.services import approvals, drafts
from core import clock
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.worlds import shared

pytestmark = pytest.mark.django_db

#: The trail: what was done, the case's chained history, and the decision, whose row is never changed and whose digest
#: that chain repeats (`verify_history` checks one against the other). And what is written for those who read.
AUDIT = {"governance_auditevent", "workflows_flowevent", "workflows_flowdecision"}
PROJECTION = {"careplan_forms_plansummary", "careplan_forms_answerfact", "core_outboxevent"}
#: The projector's one look at its sources.
SOURCES = "careplan_forms_planstopmark"
WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


@shared
def waiting(plan, nurse, doctor, flows):
    """A second text of an approved plan: nothing is asked for the first time."""
    make.save(nurse, plan, cpr=make.CPR_DO_NOT)
    make.approve(doctor, make.submission(nurse, plan))
    fresh = CarePlan.objects.get(pk=plan.pk)
    make.save(nurse, fresh, "about", matters="Tulips")
    return make.submission(nurse, fresh)


def of_the_decision(captured):
    """The statements besides audit, projection and savepoints."""
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    besides = [f'"{table}"' for table in AUDIT | PROJECTION]
    return [sql for sql in asked if SOURCES not in sql and not any(f"{table} " in sql for table in besides)]


def test_an_approval_asks_twelve_things_besides_audit_and_projection(waiting, doctor, django_assert_max_num_queries):
    with django_assert_max_num_queries(22) as queries:
        approvals.approve(by=doctor, submission=waiting, shown_sha256=waiting.content_sha256, now=clock.now())
    asked = of_the_decision(queries.captured_queries)
    assert len(asked) <= 12, asked
    written = [found.group(2) for sql in asked if (found := WRITES.match(sql))]
    assert sorted(written) == [
        "careplan_forms_careplan",
        "careplan_forms_careplanversion",
        "workflows_flowcase",
        "workflows_flowtask",
    ]


def test_saving_a_section_asks_six_things(plan, nurse, django_assert_max_num_queries):
    make.save(nurse, plan, "about", matters="Roses")
    with django_assert_max_num_queries(8):  # the savepoint of this test and its end among them
        drafts.save_section(
            by=nurse, plan=plan, section="about", answers={"matters": "Tulips"}, shown={}, now=clock.now()
        )


def test_the_page_of_a_section_asks_eight_things_and_the_gate_one_of_them(plan, nurse):
    """Session, account, staff list, plan, the gate's facts, the look, drafts, and the decision about sharing, which
    this form's questions begin with. Of what is withheld and of a change of form the plan itself tells.
    """
    client, path = people.client_of(nurse), f"/plans/{plan.public_id}/sections/about/"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 8, asked
    assert sum("governance_agreementsignature" in sql for sql in asked) == 1


def test_saving_tells_readers_of_an_approved_plan_once(waiting, plan, nurse):
    PlanSummary.objects.filter(plan=plan).update(newer_draft=False)
    fresh = CarePlan.objects.get(pk=plan.pk)
    make.save(nurse, fresh, "about", matters="Roses")
    told = PlanSummary.objects.get(plan=plan)
    assert told.newer_draft
    make.save(nurse, fresh, "about", matters="Tulips")
    again = PlanSummary.objects.get(plan=plan)
    assert (again.newer_draft, again.updated_at) == (True, told.updated_at)
    assert again.facts == told.facts
