"""Ten ways of forging the trail, each of which `verify_history` has to find."""

import json
import uuid
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from governance import guards, ledger
from governance.models import AuditEvent, AuditSeal, AuditSealedEvent
from governance.services import audit, sealing, verification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trail(tmp_path, settings, nurse):
    """Two seals over seven events, an anchor for each, and no guard in the way: the forger owns the database."""
    settings.AUDIT_SPOOL_DIR = tmp_path / "spool"
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchor.jsonl"
    guards.run(connection, guards.removals(connection.vendor))
    for number in range(4):
        audit.record(by=nurse, action="plan.read", target=("plan", str(number)))
    sealing.seal()
    for number in range(4, 7):
        audit.record(by=nurse, action="plan.read", target=("plan", str(number)))
    sealing.seal()


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rows():
    return list(AuditEvent.objects.order_by("at", "id"))


def forge_row(event, **changes):
    """Change a row and give it a digest that fits the change."""
    fields = {name: getattr(event, name) for name in ledger.EVENT_FIELDS} | changes
    digest = ledger.event_digest(fields)
    for column, value in (changes | {"digest": digest}).items():
        sql(f"UPDATE governance_auditevent SET {column} = %s WHERE digest = %s", value, event.digest)
        event.digest = digest if column == "digest" else event.digest


def change_a_row():
    sql("UPDATE governance_auditevent SET target_ref = '99' WHERE target_ref = '2'")


def delete_a_sealed_row():
    sql("DELETE FROM governance_auditevent WHERE target_ref = '2'")


def forge_a_row_and_its_digest():
    forge_row(rows()[1], target_ref="99")


def swap_two_leaves():
    sql("UPDATE governance_auditsealedevent SET position = 1 - position WHERE position < 2")


def delete_the_newest_seal_and_its_rows():
    seal = AuditSeal.objects.get(number=2)
    sql("DELETE FROM governance_auditsealedevent WHERE seal_id = %s", seal.pk)
    sql("DELETE FROM governance_auditseal WHERE id = %s", seal.pk)
    sql("DELETE FROM governance_auditevent WHERE target_ref >= '4'")


def rebuild_a_seal_over_forged_rows():
    """Forge a row and then make the seal over it fit, its hash included."""
    forge_row(rows()[1], target_ref="99")
    seal = AuditSeal.objects.get(number=1)
    leaves = AuditSealedEvent.objects.filter(seal=seal).order_by("position").values_list("event_id", flat=True)
    digests = dict(AuditEvent.objects.values_list("id", "digest"))
    root = ledger.merkle_root([digests[leaf] for leaf in leaves])
    digest = ledger.seal_digest(seal.number, seal.sealed_at, seal.count, root, seal.previous_sha256)
    sql("UPDATE governance_auditseal SET merkle_root = %s, seal_sha256 = %s WHERE number = 1", root, digest)


def take_an_event_off_a_seal():
    """Delete the row and its leaf, so that the seal seems never to have covered it."""
    event = rows()[3]
    sql("DELETE FROM governance_auditsealedevent WHERE position = 3")
    sql("DELETE FROM governance_auditevent WHERE digest = %s", event.digest)


def cut_the_first_seal_out():
    """Remove the oldest seal and its rows, and renumber what is left."""
    seal = AuditSeal.objects.get(number=1)
    sql("DELETE FROM governance_auditsealedevent WHERE seal_id = %s", seal.pk)
    sql("DELETE FROM governance_auditseal WHERE id = %s", seal.pk)
    sql("DELETE FROM governance_auditevent WHERE target_ref < '4'")
    sql("UPDATE governance_auditseal SET number = 1, previous_sha256 = ''")


def insert_a_row_with_the_digest_of_another():
    fields = {name: getattr(rows()[0], name) for name in ledger.EVENT_FIELDS}
    AuditEvent.objects.bulk_create([AuditEvent(**fields | {"id": uuid.uuid4()}, digest=rows()[0].digest)])


def make_a_digest_no_number():
    sql("UPDATE governance_auditevent SET digest = 'zz' WHERE target_ref = '2'")


FORGERIES = [
    change_a_row,
    delete_a_sealed_row,
    forge_a_row_and_its_digest,
    swap_two_leaves,
    delete_the_newest_seal_and_its_rows,
    rebuild_a_seal_over_forged_rows,
    take_an_event_off_a_seal,
    cut_the_first_seal_out,
    make_a_digest_no_number,
    insert_a_row_with_the_digest_of_another,
]


def test_an_untouched_trail_is_intact(capsys):
    call_command("verify_history")
    assert "events 7, sealed 7, not sealed yet 0, seals 2, anchors 2" in capsys.readouterr().out


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_is_found(forge, capsys):
    forge()
    with pytest.raises(CommandError):
        call_command("verify_history")
    assert "breaks 0" not in capsys.readouterr().out


def test_losing_the_anchor_file_is_a_break(settings):
    Path(settings.AUDIT_ANCHOR_FILE).unlink()
    assert not verification.verify().intact


def test_another_trails_anchor_is_a_break(settings):
    line = json.dumps({"number": 2, "seal_sha256": "0" * 64})
    Path(settings.AUDIT_ANCHOR_FILE).write_text(line + "\n")
    assert not verification.verify().intact


def test_an_anchor_file_of_garbage_is_a_break(settings, capsys):
    Path(settings.AUDIT_ANCHOR_FILE).write_bytes(b"\xff\xfe\x00 not a line\n")
    with pytest.raises(CommandError):
        call_command("verify_history")
    assert "Seal 2 is not in the anchor file" in capsys.readouterr().out


def test_an_anchor_file_that_cannot_be_read_is_a_break(settings):
    Path(settings.AUDIT_ANCHOR_FILE).unlink()
    Path(settings.AUDIT_ANCHOR_FILE).mkdir()
    assert verification.verify().breaks == ["The anchor file cannot be read: Is a directory"]


def test_a_moment_that_is_none_hides_no_other_break():
    """SQLite takes any text for a moment; PostgreSQL takes none."""
    change_a_row()
    if connection.vendor == "sqlite":
        sql("UPDATE governance_auditevent SET at = 'soon' WHERE target_ref = '1'")
        sql("UPDATE governance_auditseal SET sealed_at = 'soon' WHERE number = 1")
    found = " ".join(verification.verify().breaks)
    assert found.count("its digest does not fit") == (2 if connection.vendor == "sqlite" else 1)
    assert ("Seal 1 was changed" in found) == (connection.vendor == "sqlite")


def test_an_event_that_was_deleted_counts_as_neither_sealed_nor_waiting(capsys):
    delete_a_sealed_row()
    with pytest.raises(CommandError):
        call_command("verify_history")
    assert "events 6, sealed 6, not sealed yet 0" in capsys.readouterr().out


def test_a_database_that_is_not_ready_is_a_sentence():
    sql("ALTER TABLE governance_auditevent RENAME TO elsewhere")
    with pytest.raises(CommandError, match="cannot be read, so nothing was checked") as stop:
        call_command("verify_history")
    assert stop.value.returncode == 2


def test_an_event_that_commits_late_is_sealed_by_the_next_round(nurse):
    late = audit.record(by=nurse, action="plan.read")
    sql("UPDATE governance_auditevent SET at = %s WHERE id = %s", rows()[0].at, connection_id(late))
    sealing.seal_everything()
    assert AuditSealedEvent.objects.filter(event_id=late.id).exists()


def connection_id(event):
    return event.id.hex if connection.vendor == "sqlite" else event.id


def test_sealing_when_nothing_is_new_makes_no_seal():
    assert sealing.seal() is None
    assert AuditSeal.objects.count() == 2


def test_a_seal_whose_anchor_could_not_be_written_is_anchored_by_the_next_round(nurse, settings, tmp_path):
    anchor = settings.AUDIT_ANCHOR_FILE
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    settings.AUDIT_ANCHOR_FILE = blocked / "anchor.jsonl"
    audit.record(by=nurse, action="plan.read")
    with pytest.raises(OSError):
        sealing.seal()
    settings.AUDIT_ANCHOR_FILE = anchor
    assert sealing.anchor_missing() == 1
    assert verification.verify().intact
