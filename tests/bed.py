"""The test bed: which database a run uses, and that nothing is skipped.

A run's database is copied from one that is already migrated and kept under a digest of every migration of ours and
every pinned package: a changed migration never meets an old schema, nobody waits for 280 migrations twice, and runs
beside each other never share a database.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import NO_DB_ALIAS, BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from governance.actors import Actor
from governance.services import groups

REPOSITORY = Path(__file__).resolve().parent.parent


def schema_digest() -> str:
    """What a migrated database depends on, in 16 hex digits: our migrations and the pinned packages."""
    digest = hashlib.sha256()
    folders = ("*/migrations/*.py", "site/*/migrations/*.py", "site/config/*/migrations/*.py")
    for path in sorted(path for pattern in folders for path in REPOSITORY.glob(pattern)):
        digest.update(path.relative_to(REPOSITORY).as_posix().encode())
        digest.update(path.read_bytes())
    digest.update((REPOSITORY / "requirements.txt").read_bytes())
    return digest.hexdigest()[:16]


def _folder() -> Path:
    """Where migrated databases are kept between runs."""
    folder = REPOSITORY / "var" / "test-databases"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _forget_all_but_the_newest(folder: Path, pattern: str) -> None:
    for old in sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)[:-4]:
        old.unlink(missing_ok=True)


class SqliteFiles:
    """SQLite: the kept database is a file below `var/`, a run's own lies in its scratch folder."""

    def __init__(self) -> None:
        self.kept = _folder() / f"{schema_digest()}.sqlite3"
        self.own = Path(settings.SCRATCH) / "test.sqlite3"

    def choose(self) -> dict[str, str]:
        if self.kept.exists():
            shutil.copyfile(self.kept, self.own)
        return {"NAME": str(self.own)}

    def keep(self) -> None:
        if self.kept.exists():
            return
        part = self.kept.with_suffix(f".{os.getpid()}.part")
        connection.ensure_connection()
        target = sqlite3.connect(part)
        connection.connection.backup(target)
        target.close()
        part.replace(self.kept)
        _forget_all_but_the_newest(self.kept.parent, "*.sqlite3")

    def drop(self) -> None:
        """The scratch folder goes with the run."""


class PostgresDatabases:
    """PostgreSQL: the kept database is a template on the server, a run's own a copy of it.

    `make test` gives every run a new server; there the template comes from a dump below `var/`.
    """

    #: The connection whose lock says that this run is making the kept database.
    _turn: ClassVar[BaseDatabaseWrapper | None] = None

    def __init__(self) -> None:
        self.kept = f"foreword_kept_{schema_digest()}"
        self.own = f"test_foreword_{os.getpid()}"
        self.programs = os.environ.get("POSTGRES_PROGRAMS", "")

    def choose(self) -> dict[str, str]:
        self._take_turn()
        if not self._exists(self.kept) and self.dump().exists():
            self._restore()
        if self._exists(self.kept):
            self._give_up_turn()
        return {"NAME": self.own} | ({"TEMPLATE": self.kept} if self._exists(self.kept) else {})

    def keep(self) -> None:
        connection.close()
        if not self._exists(self.kept):
            self._execute(f'CREATE DATABASE "{self.kept}" TEMPLATE "{self.own}"')
        if self.programs and not self.dump().exists():
            part = self.dump().with_suffix(f".{os.getpid()}.part")
            self._program("pg_dump", "--format=custom", "--no-owner", f"--file={part}", self.kept)
            part.replace(self.dump())
            _forget_all_but_the_newest(self.dump().parent, "*.dump")
        self._give_up_turn()

    def drop(self) -> None:
        connection.close()
        self._execute(f'DROP DATABASE IF EXISTS "{self.own}" WITH (FORCE)')

    def dump(self) -> Path:
        """The file that keeps the migrated database between servers of one version."""
        version = connection.pg_version // 10_000 if self.programs else 0  # type: ignore[attr-defined]
        return _folder() / f"{schema_digest()}-postgresql-{version}.dump"

    def _take_turn(self) -> None:
        """One run makes the kept database; a run beside it on the server waits here and copies it."""
        if PostgresDatabases._turn is None:
            wrapper = type(connections[DEFAULT_DB_ALIAS])
            PostgresDatabases._turn = wrapper({**connection.settings_dict, "NAME": None}, alias=NO_DB_ALIAS)
            with PostgresDatabases._turn.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [int(schema_digest()[:15], 16)])

    def _give_up_turn(self) -> None:
        if PostgresDatabases._turn is not None:
            PostgresDatabases._turn.close()
            PostgresDatabases._turn = None

    def _restore(self) -> None:
        fresh = f"{self.kept}_{os.getpid()}"
        self._execute(f'CREATE DATABASE "{fresh}"')
        self._program("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={fresh}", str(self.dump()))
        self._execute(f'ALTER DATABASE "{fresh}" RENAME TO "{self.kept}"')

    def _program(self, name: str, *arguments: str) -> None:
        given = connection.settings_dict
        where = {"PGHOST": given["HOST"], "PGPORT": str(given["PORT"]), "PGUSER": given["USER"]}
        subprocess.run([f"{self.programs}/{name}", *arguments], env=os.environ | where, check=True)

    def _exists(self, name: str) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def _execute(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


def uses_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


def databases() -> SqliteFiles | PostgresDatabases:
    return SqliteFiles() if uses_sqlite() else PostgresDatabases()


class FirstRows:
    """What every test finds: the rows of the migrations, and the groups of the administration.

    Without them Wagtail has no root page, no locale and no collection. After a test that commits Django empties every
    table; here its `flush` empties those that differ and puts their first rows back.
    """

    def __init__(self) -> None:
        self._make_groups()
        self.tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        with connection.cursor() as cursor:
            self.kept = {table: self._rows(cursor, table) for table in self._filled(cursor)}
        connection.ops.sql_flush = lambda *args, **options: []  # type: ignore[method-assign]
        connection.ops.execute_sql_flush = self.put_back  # type: ignore[method-assign]

    def put_back(self, statements: list[str]) -> None:
        """Leave nothing in the database but the first rows. Foreign keys are looked at when all is in place."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table in {*self._filled(cursor), *self.kept}:
                kept = self.kept.get(table, [])
                if not kept or self._rows(cursor, table) != kept:
                    self._replace(cursor, table, kept)

    def _make_groups(self) -> None:
        """Give every role its group once, and not to each test anew. The audit trail starts empty all the same."""
        groups.sync_roles(by=Actor.job("test"))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM governance_auditevent")

    def _filled(self, cursor: CursorWrapper) -> list[str]:
        name = connection.ops.quote_name
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name(table)})" for table in self.tables)
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]

    def _rows(self, cursor: CursorWrapper, table: str) -> list[tuple[Any, ...]]:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
        return cursor.fetchall()

    def _replace(self, cursor: CursorWrapper, table: str, rows: list[tuple[Any, ...]]) -> None:
        name = connection.ops.quote_name(table)
        cursor.execute(f"DELETE FROM {name}")
        if rows:
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {name} VALUES ({places})", rows)


def keep_only_tests_of_the_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what touches no database: a second database has nothing to say of it."""
    fixtures = {"db", "transactional_db", "live_server"}
    apart = [item for item in items if not item.get_closest_marker("django_db") and not _fixtures(item) & fixtures]
    config.hook.pytest_deselected(items=apart)
    left_out = set(apart)
    items[:] = [item for item in items if item not in left_out]


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def refuse_skips(session: pytest.Session) -> None:
    """A test that did not run proves nothing: skipped and expected-to-fail tests fail the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    silent = [report for kind in ("skipped", "xfailed") for report in reporter.stats.get(kind, [])]
    if silent:
        reporter.write_line("")
        for report in silent:
            reporter.write_line(f"NOT RUN {report.nodeid}", red=True)
        reporter.write_line("Nothing may be skipped: a missing service fails the run, it does not shorten it.")
        session.exitstatus = max(int(session.exitstatus), 1)
