"""Queries that are built once give what the ORM gives, each time anew."""

import dataclasses

import pytest
from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Concat

from careplan_forms.models import CarePlan
from core import clock
from core.immutability import ImmutableError
from governance import clauses
from governance.models import AuditEvent, Organisation
from governance.selectors.facts import actor_facts
from governance.selectors.prepared import Prepared, Slot
from governance.services.audit import record
from tests.factories import careplan_forms as plans

pytestmark = pytest.mark.django_db

KEY = BigIntegerField()


def plan_rows():
    rows = CarePlan.objects.select_related("patient", "current_version").defer("return_reason")
    return rows.annotate(said=Concat(F("owner__name"), Value("!"), output_field=CharField())).order_by("pk")


def test_joined_deferred_and_annotated_rows_are_those_of_the_queryset(nurse, doctor):
    plans.flows()
    approved = plans.approved_plan(nurse, doctor)
    fresh = plans.plan(nurse)
    prepared = Prepared(lambda: plan_rows().filter(owner=Slot("owner", KEY)))
    for _ in range(2):
        found = prepared.models(owner=nurse.organisation_id)
        assert [each.pk for each in found] == [approved.pk, fresh.pk]
        for made, wanted in zip(found, plan_rows(), strict=True):
            assert (made.said, made.updated_at, made.public_id) == (wanted.said, wanted.updated_at, wanted.public_id)
            assert made.get_deferred_fields() == wanted.get_deferred_fields()
            assert made.patient.address_lines == wanted.patient.address_lines
            assert getattr(made.current_version, "answers", None) == getattr(wanted.current_version, "answers", None)


def test_joined_rows_are_not_asked_for_again(nurse, django_assert_num_queries):
    plans.plan(nurse)
    prepared = Prepared(lambda: plan_rows().filter(owner=Slot("owner", KEY)))
    with django_assert_num_queries(1):
        (found,) = prepared.models(owner=nurse.organisation_id)
        assert found.patient.family_name
        assert found.current_version is None


def test_a_change_is_seen_at_the_next_question(nurse):
    prepared = Prepared(lambda: Organisation.objects.filter(pk=Slot("key", KEY)))
    assert prepared.models(key=nurse.organisation_id)[0].phone == ""
    Organisation.objects.filter(pk=nurse.organisation_id).update(phone="01632 960001")
    assert prepared.models(key=nurse.organisation_id)[0].phone == "01632 960001"
    assert prepared.models(key=0) == []


def test_an_audit_event_is_inserted_whole_and_never_again(nurse):
    made = record(by=nurse, action="plan.read", target=("plan", "x"), detail={"page": "é"})
    kept = AuditEvent.objects.get(id=made.id)
    fields = [field.attname for field in AuditEvent._meta.concrete_fields]
    assert [getattr(kept, name) for name in fields] == [getattr(made, name) for name in fields]
    for each in (made, kept):
        with pytest.raises(ImmutableError):
            each.save()
    assert AuditEvent.objects.filter(id=made.id).count() == 1


@pytest.mark.parametrize("clause", [clauses.leads, clauses.admin_grant])
def test_no_decision_rests_on_a_grant_nobody_asked_for(nurse, clause):
    facts = actor_facts(nurse, with_grants=False)
    with pytest.raises(LookupError):
        clause(facts)
    assert clause(actor_facts(nurse))
    asked = actor_facts(nurse, facts.at)
    assert dataclasses.replace(facts, has_lead_grant=False, has_admin_grant=False) == asked


def test_an_actor_outside_the_lists_is_told_so_without_grants(nurse):
    stranger = dataclasses.replace(nurse, entry_id=None, organisation_id=None)
    assert clauses.leads(actor_facts(stranger, clock.now(), with_grants=False))
