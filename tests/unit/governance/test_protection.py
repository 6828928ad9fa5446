"""What the database itself allows the application's role, and connected systems' rows."""

import datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from core import clock, migration_state
from core.exceptions import Refused
from governance.models import AuditEvent, User
from governance.services import access, audit, sealing
from tests.factories import governance as make

pytestmark = pytest.mark.django_db


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_auditevent SET action = 'x'",
        "DELETE FROM governance_auditevent",
        "TRUNCATE governance_auditevent",
        "DELETE FROM governance_auditseal",
        "UPDATE governance_auditsealedevent SET position = 0",
        "DROP TRIGGER governance_auditevent_no_update ON governance_auditevent",
    ],
)
def test_the_applications_role_inserts_and_reads_audit_rows_and_nothing_else(nurse, statement):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE foreword_application")
        call_command("protect_audit", role="foreword_application")
        cursor.execute("SET ROLE foreword_application")
        audit.record(by=nurse, action="plan.read")
        assert AuditEvent.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("RESET ROLE")
    assert AuditEvent.objects.get().action == "plan.read"


@pytest.mark.postgres
def test_the_applications_role_does_the_work_of_the_service_and_seals_the_trail(nurse):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE foreword_application")
        call_command("protect_audit", role="foreword_application")
        cursor.execute("SET ROLE foreword_application")
        audit.record(by=nurse, action="plan.read")
        assert sealing.seal_everything() == 1
        audit.record(by=nurse, action="plan.read")
        assert sealing.seal_everything() == 1
        made = make.user(first_name="Nia")
        User.objects.filter(pk=made.pk).update(first_name="Mia")
        made.delete()
        assert not migration_state.pending()
        cursor.execute("RESET ROLE")


def test_the_statements_can_be_read_before_they_are_run(capsys):
    call_command("protect_audit", role="foreword_application", only_print=True)
    assert "GRANT SELECT, INSERT ON governance_auditevent" in capsys.readouterr().out


def test_a_name_that_could_be_more_than_a_name_is_refused():
    with pytest.raises(CommandError):
        call_command("protect_audit", role='x"; DROP TABLE governance_auditevent; --', only_print=True)


def test_sqlite_says_that_it_has_no_roles():
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError):
            call_command("protect_audit", role="somebody")


def test_a_system_is_connected_for_known_places_once_and_disconnected_at_once(host_officer, practice):
    with pytest.raises(Refused) as refused:
        access.connect(client_id="c1", label="Feed", organisation=practice, area_codes=["XXX"], by=host_officer)
    assert refused.value.field == "area_codes"
    row = access.connect(client_id="c1", label="Feed", organisation=practice, by=host_officer)
    with pytest.raises(Refused):
        access.connect(client_id="c1", label="Again", organisation=practice, by=host_officer)
    ended = access.disconnect(access=row, by=host_officer)
    assert ended.valid_until <= clock.now()
    assert ended.token_digest == ""


def test_a_connection_ends_after_it_starts(host_officer, practice):
    with pytest.raises(Refused):
        access.connect(
            client_id="c1",
            label="Feed",
            organisation=practice,
            valid_until=clock.now() - datetime.timedelta(days=1),
            by=host_officer,
        )
    assert not make.SystemAccess.objects.exists()
