"""What a new connection to the database is told."""

from typing import Any

from django.db.backends.signals import connection_created
from django.dispatch import receiver

#: How many statements PostgreSQL keeps prepared for a connection. The driver's own 100 are fewer than the pages of a
#: working day ask, so that an approval would find its own put away each time. One weighs about 50 kB in the server.
PREPARED = 300


@receiver(connection_created)
def keep_more_prepared(connection: Any, **given: Any) -> None:
    if connection.vendor == "postgresql":
        connection.connection.prepared_max = PREPARED
