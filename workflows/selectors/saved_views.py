"""The views of the inbox somebody keeps."""

from uuid import UUID

from core.exceptions import Absent
from governance.actors import Actor
from workflows.models import SavedView


def views_of(viewer: Actor) -> list[SavedView]:
    """The viewer's own, in the order in which they were made."""
    return list(SavedView.objects.filter(user_id=viewer.user_id or 0).order_by("pk"))


def view(viewer: Actor, public_id: UUID) -> SavedView:
    """One of the viewer's own; Absent when it is not."""
    found = SavedView.objects.filter(user_id=viewer.user_id or 0, public_id=public_id).first()
    if found is None:
        raise Absent
    return found
