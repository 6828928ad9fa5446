"""Who is told about a sign-off: those who may decide, and those who wrote it. A title, and nobody's name."""

from collections.abc import Iterable

from django.urls import reverse

from governance.actors import Actor
from governance.models import User
from governance.services.notifications import notify
from workflows.models.sign_off import SIGNING_ROLES, Candidate
from workflows.selectors import sign_off as read


def ask(*, candidate: Candidate, by: Actor) -> None:
    """Tell everybody who may decide that the candidate waits for their role."""
    deciders = read.officers([role for role, _ in SIGNING_ROLES]).exclude(pk__in=candidate.author_ids)
    _tell(deciders, candidate, "waits for your sign-off", "sign-off", by)


def tell_outcome(*, candidate: Candidate, text: str, by: Actor) -> None:
    """Tell the authors what came of it: `text` goes after the title."""
    _tell(User.objects.filter(pk__in=candidate.author_ids, is_active=True), candidate, text, "outcome", by)


def link_to(candidate: Candidate) -> str:
    return reverse(f"{candidate.thing}s_candidate", args=[candidate.public_id])


def _tell(users: Iterable[User], candidate: Candidate, text: str, key: str, by: Actor) -> None:
    said = f"The {candidate.thing} “{str(candidate.document['title'])[:120]}” {text}"
    topic, key = f"{candidate.thing}.sign_off", f"{key}:{candidate.public_id}"
    for user in users:
        notify(user=user, topic=topic, text=said, link=link_to(candidate), key=key, by=by)
