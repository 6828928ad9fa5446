"""The trail: acts in their transaction, looks before the answer, refusals whatever happens to the rest."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from core.exceptions import NotAllowed, Refused
from governance import gate, ledger
from governance.enums import Action
from governance.exceptions import AuditUnavailable
from governance.models import AuditEvent, Organisation
from governance.services import audit, audit_spool, organisations


@pytest.fixture(autouse=True)
def spool(tmp_path, settings):
    settings.AUDIT_SPOOL_DIR = tmp_path / "spool"
    audit.spooled.set(False)


@pytest.fixture
def table_refuses(monkeypatch):
    """The audit table takes nothing."""

    def refuse(self, *args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent, "save", refuse)


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_what_and_carries_its_own_digest(nurse, practice):
    audit.record(by=nurse.for_purpose("care"), action="plan.read", target=practice, detail={"on": clock.today()})
    event = AuditEvent.objects.get()
    assert (event.actor_id, event.role, event.action) == (str(nurse.user_id), "clinician", "plan.read")
    assert (event.target_kind, event.target_ref) == ("organisation", str(practice.public_id))
    assert event.detail == {"on": clock.today().isoformat()}
    assert event.digest == ledger.event_digest({name: getattr(event, name) for name in ledger.EVENT_FIELDS})


@pytest.mark.django_db
def test_an_nhs_number_typed_as_a_reason_does_not_reach_the_trail(nurse):
    audit.record(by=nurse.for_purpose("looking for 943 476 5919"), action="plan.read")
    assert "5919" not in AuditEvent.objects.get().purpose


@pytest.mark.django_db
def test_an_act_that_cannot_be_recorded_does_not_happen(host_officer, table_refuses):
    with pytest.raises(DatabaseError):
        organisations.register(ods_code="A81999", name="New", care_setting="gp_practice", by=host_officer)
    assert not Organisation.objects.filter(ods_code="A81999").exists()


@pytest.mark.django_db(transaction=True)
def test_a_look_is_refused_inside_a_transaction_that_could_take_it_back(nurse):
    with transaction.atomic(), pytest.raises(RuntimeError):
        audit.record_read(by=nurse, action="plan.read")


@pytest.mark.django_db
def test_a_look_waits_on_disk_when_the_table_refuses_and_comes_home_in_order(nurse, monkeypatch):
    save = AuditEvent.save

    def refuse(self, *args, **kwargs):
        raise DatabaseError("locked")

    monkeypatch.setattr(AuditEvent, "save", refuse)
    kept = [audit.record_read(by=nurse, action="plan.read", target=("plan", str(n))) for n in range(3)]
    assert len(audit_spool.waiting()) == 3
    monkeypatch.setattr(AuditEvent, "save", save)
    assert audit_spool.replay() == 3
    assert [event.target_ref for event in AuditEvent.objects.order_by("at", "id")] == ["0", "1", "2"]
    assert {event.digest for event in AuditEvent.objects.all()} == {event.digest for event in kept}
    assert audit_spool.waiting() == []


@pytest.mark.django_db
def test_replaying_what_is_there_already_adds_nothing(nurse):
    event = audit.record(by=nurse, action="plan.read")
    audit_spool.keep(event)
    assert audit_spool.replay() == 0
    assert AuditEvent.objects.count() == 1
    assert audit_spool.waiting() == []


@pytest.mark.django_db
def test_a_spooled_event_somebody_changed_is_set_aside(nurse):
    path = audit_spool.keep(audit._event(nurse, "plan.read", None, None, "done"))
    fields = json.loads(path.read_text()) | {"action": "nothing.much"}
    path.write_text(json.dumps(fields))
    assert audit_spool.replay() == 0
    assert len(audit_spool.damaged()) == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_nothing_is_shown_when_neither_table_nor_disk_takes_the_look(nurse, settings, tmp_path, table_refuses):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    settings.AUDIT_SPOOL_DIR = blocked / "spool"
    with pytest.raises(AuditUnavailable):
        audit.record_read(by=nurse, action="plan.read")


@pytest.mark.django_db(transaction=True)
def test_a_refusal_inside_a_transaction_survives_its_rollback(nurse):
    with pytest.raises(NotAllowed), transaction.atomic():
        gate.check(nurse, Action.ORGANISATION_JOIN)
    audit.bring_home()
    event = AuditEvent.objects.get()
    assert (event.result, event.action) == ("refused", "organisation.join")
    assert event.detail["reasons"] == ["role", "not-host"]


@pytest.mark.django_db(transaction=True)
def test_a_service_that_refuses_the_request_leaves_no_half_of_it(host_officer):
    organisations.register(ods_code="A81999", name="New", care_setting="gp_practice", by=host_officer)
    with pytest.raises(Refused) as refused:
        organisations.register(ods_code="a81999", name="Again", care_setting="gp_practice", by=host_officer)
    assert refused.value.field == "ods_code"
    assert AuditEvent.objects.filter(action="organisation.registered").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE governance_auditevent SET action = 'x'"])
def test_the_database_itself_refuses_to_change_an_event(nurse, statement):
    audit.record(by=nurse, action="plan.read")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().action == "plan.read"


@pytest.mark.django_db
def test_the_database_itself_refuses_to_delete_an_event(nurse):
    from governance import guards

    audit.record(by=nurse, action="plan.read")
    with transaction.atomic():
        guards.install(connection)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM governance_auditevent")
        guards.allow_clearing(connection)
    assert AuditEvent.objects.count() == 1
