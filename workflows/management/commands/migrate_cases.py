"""Says what moving the open cases of a flow to its live version would mean, or goes on with a confirmed move."""

from argparse import ArgumentParser
from typing import Any

from core.commands import check_at_least_one
from core.exceptions import Refused
from core.moving import EDITABLE, MigrationState
from governance.actors import Actor
from governance.models import Organisation
from workflows.flow_commands import FlowCommand, flow_by_key
from workflows.models import FlowDefinition, FlowMigration, FlowVersion
from workflows.presenters import migration_page
from workflows.selectors import migrations as read
from workflows.services import migration_counting, migration_running, migrations

NOT_CONFIRMED = (
    "No move that was confirmed waits to be carried out. One person asks for it on its page and another confirms it. "
    "Nothing was moved"
)


class Command(FlowCommand):
    """Exit code 0: done, or every case would move. 1: some would stay. 2: it could not be done."""

    help = (
        "Say what moving the open cases of a flow to its live version means, for all of them, by state and by "
        "organisation. Cases whose state leads nowhere, or where nobody holds the role that the new state waits for, "
        "stay. A move is asked for by one person and confirmed by another, signed in, on its page: no command does "
        "that. With --carry-out, a move that was confirmed goes on where it stopped, here instead of in a worker. Exit "
        "codes: 0 done, or every case would move; 1 the count found cases that would stay; 2 it could not be done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", help="the key of the flow, such as plan-nurse-or-patient")
        parser.add_argument("--to", type=int, metavar="N", required=True, help="the version to move to: the live one")
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--map", action="append", default=[], metavar="OLD=NEW", help="where cases in a state go (OLD= : they stay)"
        )
        which.add_argument("--carry-out", action="store_true", help="move the cases of a move that was confirmed")
        parser.add_argument("--batch", type=int, default=migration_running.BATCH, help="cases in one transaction")
        super().add_arguments(parser)

    def answer(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        check_at_least_one(options, "batch")
        definition, by = _flow(options["flow"], options["to"]), Actor.job("migrate_cases")
        confirmed, left = _confirmed(definition, by), read.left_behind(by, definition)
        if options["carry_out"]:
            if left and not confirmed:
                raise Refused(NOT_CONFIRMED)
            rows = [self._carry_out(migration, options["batch"]) for migration in confirmed]
        else:
            rows = [self._count(old, by, options) for old, _ in left]
        if not rows:
            self.say(f"Every open case stands on version {options['to']}.")
        report = {name: options[name] for name in ("flow", "to", "carry_out")} | {"migrations": rows}
        return report, not options["carry_out"] and any(row["total"] != row["moves"] for row in rows)

    def _count(self, old: FlowVersion, by: Actor, options: dict[str, Any]) -> dict[str, Any]:
        """Count what becomes of one version's cases, by the map as it is or as it is given."""
        migration = migrations.propose_migration(old=old, by=by)
        if migration.state in EDITABLE:
            wanted = migration.state_map | _mapped(options["map"])
            edited = migrations.edit_map(migration=migration, state_map=wanted, shown_sha256=migration.sha256, by=by)
            migration_counting.dry_run(migration=edited, progress=self.progress("cases counted"))
            migration = read.by_pk(migration.pk)
        elif options["map"]:
            raise Refused("The cases are being moved, so where they go can no longer change")
        self._tell(migration)
        return {"from": old.number, "state": str(migration.state), **migration.counts}

    def _carry_out(self, migration: FlowMigration, batch: int) -> dict[str, Any]:
        looked_at = migration_running.carry_out(
            migration=migration, batch=batch, progress=self.progress("cases looked at")
        )
        moved = migration.moves.filter(outcome="moved").count()
        self.say(f"{looked_at} cases looked at here. {moved} have moved.")
        return {"from": migration.from_version.number, **migration.counts, "moved": moved}

    def _tell(self, migration: FlowMigration) -> None:
        counts = migration.counts
        old, new = migration.from_version.number, migration.to_version.number
        self.say(f"Version {old} to {new}. {migration_page.sentence(counts)}.")
        for line in migration_page.states(migration):
            self.say(f"  “{line.source}” to “{line.target}”: {line.cases}. {line.what}.")
        codes = Organisation.objects.in_bulk([row["organisation"] for row in counts["organisations"]])
        for row in counts["organisations"]:
            stay = {code: number for code, number in row["counts"].items() if code != "moved"}
            what = ", ".join(f"{code} {number}" for code, number in sorted(stay.items())) or "none stay"
            code = codes[row["organisation"]].ods_code
            self.say(f"  {code}: {row['counts'].get('moved', 0)} move, {what}")


def _flow(key: str, number: int) -> FlowDefinition:
    definition = flow_by_key(key)
    live = definition.live_version
    if live is None or live.number != number:
        is_live = f"version {live.number} is" if live else "no version is"
        raise Refused(f"Cases move only to a version that is live, and of {key} {is_live}")
    return definition


def _confirmed(definition: FlowDefinition, by: Actor) -> list[FlowMigration]:
    """The moves that two people have put their names to, and that are not at their end."""
    return list(read.migrations_of(by, definition).filter(state=MigrationState.RUNNING))


def _mapped(pairs: list[str]) -> dict[str, str]:
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    if len(found) != len(pairs):
        raise Refused("--map takes one state and where its cases go, such as --map waiting=with_doctor")
    return {old.strip(): new.strip() for old, new in found.items()}
