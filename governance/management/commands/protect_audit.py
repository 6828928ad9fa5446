"""Let the application's database role do its work, and of audit rows insert and read only (PostgreSQL)."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from governance import guards

_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")


class Command(BaseCommand):
    """Run as the role that owns the tables; the application then runs as the other one."""

    help = (
        "Let the application's database role read and write every table, and insert and read audit rows only "
        "(PostgreSQL). Run it after every migration as the role that owns the tables; the application then runs as the "
        "other one."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--role", required=True, help="the database role the application runs as")
        parser.add_argument("--print", action="store_true", dest="only_print", help="print the SQL, change nothing")

    def handle(self, *args: Any, role: str, only_print: bool = False, **options: Any) -> None:
        if not _NAME.match(role):
            raise CommandError("A role's name has letters, digits and underscores here, and begins with a letter")
        statements = guards.grants(connection.ops.quote_name(role))
        if only_print:
            self.stdout.write(";\n".join(statements) + ";")
            return
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles. On SQLite the triggers alone guard the audit tables.")
        guards.run(connection, statements)
        self.stdout.write(
            f"{role} may now do the service's work; audit rows it may insert and read, not change or delete."
        )
