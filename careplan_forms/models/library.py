"""What forms share, and what people say to each other about their questions."""

from django.conf import settings
from django.db import models

from careplan_forms.models.definition import FormDefinition, FormSection


class SectionPin(models.Model):
    """The text of a library section that one form has taken over. A newer one reaches it when its lead takes it."""

    definition = models.ForeignKey(FormDefinition, on_delete=models.CASCADE, related_name="pins")
    section = models.ForeignKey(FormSection, on_delete=models.PROTECT, related_name="pins")
    content = models.JSONField(help_text="The section as the form document says it")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["definition", "section"], name="one_pin_per_section")]

    def __str__(self) -> str:
        return f"{self.section_id} pinned in {self.definition_id}"


class QuestionComment(models.Model):
    """Something an editor says about one question of a form, until somebody calls it settled."""

    definition = models.ForeignKey(FormDefinition, on_delete=models.CASCADE, related_name="comments")
    uid = models.CharField(max_length=200, help_text="The item it is about")
    text = models.CharField(max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["definition", "uid"], name="comments_of_an_item")]
        constraints = [
            models.CheckConstraint(
                name="comment_settled_by_somebody",
                condition=models.Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"
