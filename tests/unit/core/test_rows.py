"""Rows written by statements that are built once are those the ORM writes."""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models.signals import post_save, pre_save

from careplan_forms.enums import FactKind
from careplan_forms.models import AnswerFact
from core import clock
from core.immutability import ImmutableModel
from core.models import OutboxEvent
from core.rows import delete, insert, insert_all, update
from governance.models import AuditSeal, Organisation
from tests.factories import careplan_forms as plans

pytestmark = pytest.mark.django_db


def seal(number):
    return AuditSeal(number=number, sealed_at=clock.now(), count=1, merkle_root="a", seal_sha256="b")


def test_a_row_written_once_has_the_key_the_database_gave_it():
    first, second = seal(1), seal(2)
    for row in (first, second):
        row.save()
    assert first.pk and second.pk and first.pk != second.pk
    assert AuditSeal.objects.get(pk=second.pk).number == 2
    assert not second._state.adding


def test_what_a_field_sets_at_its_first_save_is_set():
    event = OutboxEvent(topic="a", payload={"b": [1, None]})
    insert(event)
    kept = OutboxEvent.objects.get(pk=event.pk)
    assert (kept.payload, kept.created_at) == ({"b": [1, None]}, event.created_at)
    assert abs((clock.now() - kept.created_at).total_seconds()) < 60


def test_what_the_database_refuses_is_raised_and_ends_the_transaction():
    seal(1).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        seal(1).save()
    assert AuditSeal.objects.count() == 1


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_many_rows_are_inserted_at_once_whatever_a_statement_may_hold(count, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        insert_all([seal(number) for number in range(count)])
    assert set(AuditSeal.objects.values_list("number", flat=True)) == set(range(count))


def test_many_rows_hold_what_each_was_given(nurse):
    plan = plans.plan(nurse)
    given = [
        {"item_uid": "a", "kind": FactKind.EMPTY, "visible": True},
        {"item_uid": "b", "kind": FactKind.ANSWERED, "number": Decimal("3.5"), "code": 'a "{b}", \\ NULL'},
        {"item_uid": "c", "kind": FactKind.MORE, "date": datetime.date(2026, 2, 28), "absent": "not-known"},
    ]
    insert_all([AnswerFact(plan=plan, version_number=1, **facts) for facts in given])
    kept = AnswerFact.objects.filter(plan=plan).order_by("item_uid")
    for row, facts in zip(kept, given, strict=True):
        blank = AnswerFact(plan=plan, version_number=1, **facts)
        for field in AnswerFact._meta.concrete_fields[1:]:
            assert getattr(row, field.attname) == getattr(blank, field.attname), field.name


def test_only_the_rows_that_are_as_said_are_changed():
    kept = [OutboxEvent.objects.create(topic=topic, sequence=number) for topic, number in (("a", 1), ("a", None))]
    assert update(OutboxEvent, {"topic": "a", "sequence": None}, error="late", payload={"c": 1}) == 1
    assert update(OutboxEvent, {"topic": "a", "sequence": 1}, error="early", handled_at=None) == 1
    assert update(OutboxEvent, {"topic": "b"}, error="never") == 0
    assert [OutboxEvent.objects.get(pk=each.pk).error for each in kept] == ["early", "late"]
    assert OutboxEvent.objects.get(pk=kept[1].pk).payload == {"c": 1}


def test_only_the_rows_that_are_as_said_are_deleted(nurse):
    ours, other = plans.plan(nurse), plans.plan(nurse)
    for plan in (ours, other):
        insert_all([AnswerFact(plan=plan, version_number=1, item_uid=uid) for uid in ("a", "b")])
    delete(AnswerFact, {"plan": ours.pk})
    assert set(AnswerFact.objects.values_list("plan", flat=True)) == {other.pk}


@pytest.mark.parametrize("model", [AuditSeal, Organisation])
def test_rows_written_once_and_rows_with_a_history_are_not_changed_this_way(model):
    for attempt in (lambda: update(model, {"id": 1}, name="x"), lambda: delete(model, {"id": 1})):
        with pytest.raises(TypeError):
            attempt()


def test_rows_that_others_point_at_are_not_deleted_this_way():
    with pytest.raises(TypeError):
        delete(OutboxEvent, {"topic": "a"})


def test_nobody_listens_to_rows_that_are_written_once():
    """Inserting them sends no signal. Wagtail's listener, which looks at translated rows alone, misses nothing."""
    for model in apps.get_models():
        if issubclass(model, ImmutableModel):
            listening = [
                each.__qualname__ for signal in (pre_save, post_save) for each in signal._live_receivers(model)[0]
            ]
            assert set(listening) <= {"set_locale_on_new_instance"}, model
            assert not hasattr(model, "locale_id"), model
