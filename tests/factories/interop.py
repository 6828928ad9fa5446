"""Connected systems with working credentials."""

import datetime

from oauth2_provider.models import Application

from core import clock
from governance.models import Organisation, SystemAccess

SECRET = "a-secret-only-this-test-knows"


def system(organisation: Organisation, areas: list[str] | None = None, valid_days: int = 30) -> SystemAccess:
    """A client of the organisation that may ask for availability; its secret is `SECRET`."""
    client = Application.objects.create(
        name="Test system",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=SECRET,
    )
    now = clock.now()
    return SystemAccess.objects.create(
        client_id=client.client_id,
        label="Test system",
        organisation=organisation,
        area_codes=areas or [],
        valid_from=now - datetime.timedelta(days=60),
        valid_until=now + datetime.timedelta(days=valid_days),
    )
