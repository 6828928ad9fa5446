"""The gate, as tables: role × state, and every reason in words."""

import datetime

import pytest
from django.test.utils import CaptureQueriesContext
from django.db import connection

from core import clock
from core.exceptions import Absent, NotAllowed
from governance import gate
from governance.actors import Actor
from governance.decisions import Reason
from governance.enums import Action, ActorKind, Mode, RoleKey
from governance.gate_table import TABLE
from governance.models import AuditEvent
from tests.factories import governance as make

TODAY = datetime.timedelta(0)


@pytest.mark.django_db
def test_a_listed_trained_clinician_of_an_agreeing_practice_may_read_plans(nurse):
    decision = gate.decide(nurse, Action.PLAN_READ)
    assert decision == gate.Decision(True, Mode.FULL, ())


@pytest.mark.django_db
def test_the_gate_asks_one_query(nurse, django_assert_num_queries):
    with django_assert_num_queries(1):
        gate.decide(nurse, Action.PLAN_READ)
