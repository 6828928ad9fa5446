"""Moves the open cases of a flow to its live version, or says what that would mean."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import ForewordError, NotAllowed
from core.moving import EDITABLE, Progress, every_tenth
from governance.actors import Actor
from governance.enums import RoleKey
from governance.models import Organisation
from governance.selectors.capacities import actor_by_email
from workflows.models import FlowDefinition, FlowMigration, FlowVersion
from workflows.presenters import migration_page
from workflows.selectors import migrations as read
from workflows.services import migration_counting, migration_running, migrations

FINE, STAY, NOT_DONE = 0, 1, 2


class Command(BaseCommand):
    """Exit code 0: done, or every case would move. 1: some would stay. 2: it could not be done."""

    help = (
        "Say what moving the open cases of a flow to its live version means, for all of them, by state and by "
        "organisation; with --confirm, move them. Cases whose state leads nowhere, or where nobody holds the role "
        "that the new state waits for, stay. Stopped half-way, it goes on where it stopped. Exit codes: 0 done, or "
        "every case would move; 1 the count found cases that would stay; 2 it could not be done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", help="the key of the flow, such as plan-nurse-or-patient")
        parser.add_argument("--to", type=int, metavar="N", required=True, help="the version to move to: the live one")
        parser.add_argument(
            "--map", action="append", default=[], metavar="OLD=NEW", help="where cases in a state go (OLD= : they stay)"
        )
        parser.add_argument("--confirm", action="store_true", help="move the cases; without it they are only counted")
        parser.add_argument("--by", metavar="EMAIL", help="the clinical lead who moves the cases")
        parser.add_argument("--reason", default="", help="why they are moved")
        parser.add_argument("--batch", type=int, default=migration_running.BATCH, help="cases in one transaction")
        parser.add_argument("--report", choices=["text", "json"], default="text", help="how to print the result")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = self._run(options)
        except NotAllowed as refusal:
            raise _impossible("; ".join(reason.text for reason in refusal.decision.reasons)) from None
        except ForewordError as refusal:
            raise _impossible(str(refusal)) from None
        if options["report"] == "json":
            report = {"flow": options["flow"], "to": options["to"], "moved": options["confirm"], "migrations": rows}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        if not options["confirm"] and any(row["total"] != row["moves"] for row in rows):
            raise SystemExit(STAY)

    def _run(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        if options["batch"] < 1:
            raise _impossible("--batch must be 1 or more")
        definition = _flow(options["flow"], options["to"])
        by = _lead(options["by"]) if options["confirm"] else Actor.job("migrate_cases")
        left = read.left_behind(by, definition)
        if not left:
            self._say(f"Every open case stands on version {options['to']}.", options)
        return [self._version(version, by, options) for version, _ in left]

    def _version(self, old: FlowVersion, by: Actor, options: dict[str, Any]) -> dict[str, Any]:
        """Count one version's cases, and move them when that is asked for."""
        migration = migrations.propose_migration(old=old, by=by)
        if migration.state in EDITABLE:
            wanted = migration.state_map | _mapped(options["map"])
            edited = migrations.edit_map(migration=migration, state_map=wanted, shown_sha256=migration.sha256, by=by)
            migration_counting.dry_run(migration=edited, progress=self._progress("counted"))
            migration = read.by_pk(migration.pk)
        self._tell(migration, options)
        row = {"from": old.number, **migration.counts}
        if options["confirm"]:
            row["moved"] = self._move(migration, by, options)
        return row

    def _move(self, migration: FlowMigration, by: Actor, options: dict[str, Any]) -> int:
        running = migrations.start_moving(
            migration=migration, shown_sha256=migration.sha256, reason=options["reason"], by=by, in_worker=False
        )
        looked_at = migration_running.carry_out(
            migration=running, batch=options["batch"], progress=self._progress("looked at")
        )
        moved = running.moves.filter(outcome="moved").count()
        self._say(f"{looked_at} cases looked at here. {moved} have moved.", options)
        return moved

    def _tell(self, migration: FlowMigration, options: dict[str, Any]) -> None:
        counts = migration.counts
        old, new = migration.from_version.number, migration.to_version.number
        self._say(f"Version {old} to {new}. {migration_page.sentence(counts)}.", options)
        for line in migration_page.states(migration):
            self._say(f"  “{line.source}” to “{line.target}”: {line.cases}. {line.what}.", options)
        codes = Organisation.objects.in_bulk([row["organisation"] for row in counts["organisations"]])
        for row in counts["organisations"]:
            stay = {code: number for code, number in row["counts"].items() if code != "moved"}
            what = ", ".join(f"{code} {number}" for code, number in sorted(stay.items())) or "none stay"
            code = codes[row["organisation"]].ods_code
            self._say(f"  {code}: {row['counts'].get('moved', 0)} move, {what}", options)

    def _progress(self, word: str) -> Progress:
        """On the error stream, so that a report can be piped on."""
        return every_tenth(self.stderr.write, f"cases {word}")

    def _say(self, text: str, options: dict[str, Any]) -> None:
        if options["report"] == "text":
            self.stdout.write(text)


def _impossible(text: str) -> CommandError:
    return CommandError(text, returncode=NOT_DONE)


def _flow(key: str, number: int) -> FlowDefinition:
    definition = FlowDefinition.objects.filter(key=key).select_related("live_version").first()
    if definition is None:
        raise _impossible(f"There is no flow with the key {key}")
    live = definition.live_version
    if live is None or live.number != number:
        is_live = f"version {live.number} is" if live else "no version is"
        raise _impossible(f"Cases move only to a version that is live, and of {key} {is_live}")
    return definition


def _mapped(pairs: list[str]) -> dict[str, str]:
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    if len(found) != len(pairs):
        raise _impossible("--map takes one state and where its cases go, such as --map waiting=with_doctor")
    return {old.strip(): new.strip() for old, new in found.items()}


def _lead(email: str | None) -> Actor:
    if not email:
        raise _impossible("Say with --by which clinical lead moves the cases")
    found = actor_by_email(email, RoleKey.CLINICAL_LEAD)
    if found is None:
        raise _impossible("There is no account with that address that is on a staff list as clinical lead")
    return found
