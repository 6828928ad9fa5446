"""What a new connection to the database is told."""

import pytest
from django.db import connection

from core.connections import PREPARED


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_connection_keeps_more_statements_prepared_than_the_driver_would():
    connection.ensure_connection()
    assert connection.connection.prepared_max == PREPARED > 100
