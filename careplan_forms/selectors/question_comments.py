"""Comments on the questions of a form."""

from django.db.models import Count, QuerySet

from careplan_forms.models import FormDefinition, QuestionComment
from core.exceptions import Absent


def comments_on(definition: FormDefinition, uid: str) -> QuerySet[QuestionComment]:
    """The comments on one item, oldest first."""
    rows = QuestionComment.objects.filter(definition=definition, uid=uid)
    return rows.select_related("author", "resolved_by").order_by("at", "pk")


def open_counts(definition: FormDefinition) -> dict[str, int]:
    """How many comments on each item are not settled: uid → count."""
    rows = QuestionComment.objects.filter(definition=definition, resolved_at__isnull=True).order_by()
    return dict(rows.values("uid").annotate(many=Count("pk")).values_list("uid", "many"))


def comment_of(definition: FormDefinition, number: str) -> QuestionComment:
    """A comment of a form by its number as posted. Raises Absent."""
    wanted = int(number) if number.isdecimal() and len(number) < 15 else None
    found = QuestionComment.objects.filter(definition=definition, pk=wanted).select_related("definition").first()
    if found is None:
        raise Absent
    return found
