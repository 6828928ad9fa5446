"""The request as our middleware hands it to the views."""

from django.http import HttpRequest

from governance.acting import Capacity
from governance.actors import Actor


class ActorRequest(HttpRequest):
    """A request of which it is known who asks. Only for annotations: nothing makes one, middleware completes Django's.

    `capacity` is the place on a staff list somebody chose to act in, as the header shows it; None for a stranger.
    """

    actor: Actor
    capacity: Capacity | None
    request_id: str
