"""Who is told about a sign-off: those who may decide, and those who wrote it. A form's title, and nobody's name."""

from django.urls import reverse

from careplan_forms.models import FormCandidate
from careplan_forms.models.definition import SIGNING_ROLES
from careplan_forms.selectors import sign_off as read
from governance.actors import Actor
from governance.models import User
from governance.services.notifications import notify

TOPIC = "form.sign_off"


def ask(*, candidate: FormCandidate, by: Actor) -> None:
    """Tell everybody who may decide that the candidate waits for their role."""
    text = f"The form “{_title(candidate)}” waits for your sign-off"
    for user in read.officers([role for role, _ in SIGNING_ROLES]).exclude(pk__in=candidate.author_ids):
        key = f"sign-off:{candidate.public_id}"
        notify(user=user, topic=TOPIC, text=text, link=link_to(candidate), key=key, by=by)


def tell_outcome(*, candidate: FormCandidate, text: str, by: Actor) -> None:
    """Tell the authors what came of it: `text` goes after the title."""
    for user in User.objects.filter(pk__in=candidate.author_ids, is_active=True):
        said = f"The form “{_title(candidate)}” {text}"
        notify(user=user, topic=TOPIC, text=said, link=link_to(candidate), key=f"outcome:{candidate.public_id}", by=by)


def link_to(candidate: FormCandidate) -> str:
    return reverse("forms_candidate", args=[candidate.public_id])


def _title(candidate: FormCandidate) -> str:
    return str(candidate.document["title"])[:120]
