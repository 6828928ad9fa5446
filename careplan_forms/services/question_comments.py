"""What editors say about the questions of a form. The notice says which form, never who said what about whom."""

from django.db import transaction
from django.urls import reverse

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition, QuestionComment
from core import clock
from core.exceptions import Refused
from governance.actors import Actor
from governance.models import User
from governance.services import audit
from governance.services.notifications import notify

TOPIC = "form.comment"
#: What one question can hold before somebody has to settle some.
MOST_OPEN = 200


@transaction.atomic
def comment(*, definition: FormDefinition, uid: str, text: str, by: Actor) -> QuestionComment:
    """Say something about a question; those who spoke about it before are told. Raises Refused for an empty text."""
    design_permissions.check_user_can_edit(by, definition)
    said = text.strip()
    if not said or len(said) > 2000 or by.user_id is None:
        raise Refused("Enter a comment of at most 2,000 characters", "text")
    rows = QuestionComment.objects.filter(definition=definition, uid=uid)
    if rows.filter(resolved_at__isnull=True).count() >= MOST_OPEN:
        raise Refused("This question has 200 open comments. Settle some of them first", "text")
    made = QuestionComment.objects.create(
        definition=definition, uid=uid, text=said, author_id=by.user_id, at=clock.now()
    )
    _tell(definition, uid, by)
    audit.record(by=by, action="form.commented", target=definition)
    return made


@transaction.atomic
def settle(*, comment: QuestionComment, by: Actor) -> None:
    """Call a comment settled; again, it changes nothing."""
    design_permissions.check_user_can_edit(by, comment.definition)
    if comment.resolved_at is not None or by.user_id is None:
        return
    comment.resolved_at, comment.resolved_by_id = clock.now(), by.user_id
    comment.save(update_fields=["resolved_at", "resolved_by"])
    audit.record(by=by, action="form.comment_settled", target=comment.definition)


def _tell(definition: FormDefinition, uid: str, by: Actor) -> None:
    spoke = QuestionComment.objects.filter(definition=definition, uid=uid).values("author_id")
    link = f"{reverse('forms_comments', args=[definition.public_id])}?uid={uid}" if uid.isascii() else ""
    text = f"A new comment on a question of the form “{definition.title[:120]}”"
    for user in User.objects.filter(pk__in=spoke, is_active=True).exclude(pk=by.user_id):
        notify(user=user, topic=TOPIC, text=text, link=link, key=f"comment:{definition.public_id}:{uid[:60]}", by=by)
