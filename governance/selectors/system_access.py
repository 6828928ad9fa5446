"""What a connected system may ask about."""

from core.exceptions import Absent
from governance.actors import Actor
from governance.models import SystemAccess


def areas_of(*, viewer: Actor) -> list[str]:
    """Codes of the places the system serves; empty means all. Absent for a system nobody connected."""
    row = SystemAccess.objects.filter(client_id=viewer.client_id).first()
    if row is None:
        raise Absent
    return list(row.area_codes)
