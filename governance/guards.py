"""Guards inside the database: the audit tables refuse to change or lose a row, whoever asks by whatever tool.

A role that may drop a trigger can still get past; that is what the seals and the anchor are for.
"""

from typing import Any

TABLES = ("governance_auditevent", "governance_auditseal", "governance_auditsealedevent")
_REFUSAL = "audit rows are written once"

_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION governance_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_REFUSAL}';
END $$
"""


def install(connection: Any) -> None:
    """Put the guards on every audit table; putting them there twice is harmless."""
    run(connection, removals(connection.vendor) + installations(connection.vendor))


def allow_clearing(connection: Any) -> None:
    """Take away the guards against deleting, for a test database that is cleared between tests."""
    run(connection, [sql for table in TABLES for sql in _drops(connection.vendor, table, ("delete", "truncate"))])


def installations(vendor: str) -> list[str]:
    """The statements that install the guards on one kind of database; none for a kind we do not run on."""
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION, *[sql for table in TABLES for sql in _postgresql(table)]]
    return [sql for table in TABLES for sql in _sqlite(table)] if vendor == "sqlite" else []


def removals(vendor: str) -> list[str]:
    return [sql for table in TABLES for sql in _drops(vendor, table, ("update", "delete", "truncate"))]


def grants(role: str) -> list[str]:
    """PostgreSQL statements after which `role` may do the service's work, and insert and read audit rows.

    A table that is made later is not among them. `role` is quoted by the caller.
    """
    tables = ", ".join(TABLES)
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE ALL ON {tables} FROM {role}",
        f"GRANT SELECT, INSERT ON {tables} TO {role}",
    ]


def run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def _postgresql(table: str) -> list[str]:
    refuse = "EXECUTE FUNCTION governance_refuse_change()"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    ]


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for verb in ("update", "delete")
    ]


def _drops(vendor: str, table: str, verbs: tuple[str, ...]) -> list[str]:
    on = f" ON {table}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}" for verb in verbs]
