"""Moves the open plans of a form to another version: says what it would mean, or makes the drafts."""

import datetime
from argparse import ArgumentParser
from typing import Any

from careplan_forms.enums import MigrationOutcome
from careplan_forms.models import FormDefinition, FormMigration, FormVersion
from careplan_forms.presenters.migration_page import sentence
from careplan_forms.selectors import migrations as read
from careplan_forms.services import migration_running, migrations
from core import clock
from core.commands import AnsweringCommand, check_at_least_one
from core.exceptions import Refused
from governance.actors import Actor
from governance.enums import RoleKey
from governance.selectors.capacities import actor_by_email

#: Days from today until open drafts leave the old version, unless somebody says otherwise.
DAYS = 14


class Command(AnsweringCommand):
    """Exit code 0: done, or the dry run found that every plan carries over. 1: the dry run found plans that need a
    clinician or lose an answer. 2: it could not be done.
    """

    help = (
        "Move the open plans of a form to another version of it. A draft is made beside each plan, for a clinician to "
        "confirm; nothing that is approved changes. With --dry-run it only counts, and writes nothing but the counts. "
        "Stopped half-way, it goes on where it stopped. Exit codes: 0 done, or every plan carries over; 1 the dry run "
        "found plans that need a clinician or lose an answer; 2 it could not be done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("form", help="the key of the form, such as urgent-care-plan")
        parser.add_argument("--to", type=int, metavar="N", help="the version to move to (default: the live one)")
        parser.add_argument("--dry-run", action="store_true", help="count what it would mean; move nothing")
        parser.add_argument("--by", metavar="EMAIL", help="the clinical lead who moves the plans")
        parser.add_argument("--until", metavar="DATE", help=f"last day for open drafts (default: in {DAYS} days)")
        parser.add_argument("--batch", type=int, default=migration_running.BATCH, help="plans in one transaction")
        super().add_arguments(parser)

    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        check_at_least_one(options, "batch")
        version = _version(options["form"], options["to"])
        by = Actor.job("migrate_plans") if options["dry_run"] else _lead(options["by"])
        until = _until(options["until"])
        rows = []
        for migration in _open_migrations(version, by):
            counts = self._count(migration)
            row = {"from": migration.from_version.number, "to": version.number, **counts}
            self.say(f"Version {row['from']} to {row['to']}. {sentence(counts)}.")
            if not options["dry_run"]:
                row["moved"] = self._move(migration, until, by, options)
            rows.append(row)
        if not rows:
            self.say(f"Every open plan stands on version {version.number}.")
        clean = all(row["total"] == row[MigrationOutcome.CARRIES_OVER] for row in rows)
        report = {"form": options["form"], "to": version.number, "dry_run": options["dry_run"], "migrations": rows}
        return report, options["dry_run"] and not clean

    def _count(self, migration: FormMigration) -> dict[str, Any]:
        most = read.open_plans(migration.from_version).count()
        return migration_running.dry_run(migration=migration, most=most, progress=self.progress("plans counted"))

    def _move(self, migration: FormMigration, until: datetime.date, by: Actor, options: dict[str, Any]) -> int:
        fresh = read.migration_by_id(migration.public_id)
        running = migrations.start_execution(
            migration=fresh, shown_sha256=fresh.sha256, deadline=until, by=by, in_worker=False
        )
        moved = migration_running.carry_out(
            migration=running, batch=options["batch"], progress=self.progress("plans prepared")
        )
        self.say(f"Prepared {moved} plans. Clinicians find them in their worklist under “Form has changed”.")
        return moved


def _version(key: str, number: int | None) -> FormVersion:
    definition = FormDefinition.objects.filter(key=key).select_related("live_version").first()
    if definition is None:
        raise Refused(f"There is no form with the key {key}")
    version = definition.live_version if number is None else definition.versions.filter(number=number).first()
    if version is None:
        raise Refused(f"{key} has no version {number}" if number else f"No version of {key} is live")
    return version


def _open_migrations(version: FormVersion, by: Actor) -> list[FormMigration]:
    """Those there are or have to be, each with the mapping a lead may have edited."""
    return [
        read.migration_by_id(migrations.propose_migration(old=old, version=version, by=by).public_id)
        for old in read.versions_left_behind(version)
    ]


def _lead(email: str | None) -> Actor:
    if not email:
        raise Refused("Say with --by which clinical lead moves the plans, or use --dry-run")
    found = actor_by_email(email, RoleKey.CLINICAL_LEAD)
    if found is None:
        raise Refused("There is no account with that address that is on a staff list as clinical lead")
    return found


def _until(text: str | None) -> datetime.date:
    if text is None:
        return clock.today() + datetime.timedelta(days=DAYS)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused("--until must be a date, such as 2027-03-31") from None
