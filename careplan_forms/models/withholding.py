"""Answers the person, or those who act for them, are not shown: which, why, and when that is looked at again."""

from django.conf import settings
from django.db import models

from careplan_forms.enums import WithholdingReason
from careplan_forms.models.plan import CarePlan


class WithheldAnswer(models.Model):
    """The answer to one question of one plan is not shown, in no version of it, while this is not ended.

    `uid` is the question's. Rows are added and ended by services and never changed or deleted otherwise. Passing
    `review_on` shows nothing by itself: a clinician decides. `explanation` is for staff alone.
    """

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="withheld_answers")
    uid = models.CharField(max_length=200)
    from_person = models.BooleanField(default=True)
    from_delegates = models.BooleanField(default=True)
    reason = models.CharField(max_length=20, choices=WithholdingReason.choices)
    explanation = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "uid"], condition=models.Q(ended_at=None), name="one_open_withholding_per_answer"
            ),
            models.CheckConstraint(
                name="withholding_is_from_somebody",
                condition=models.Q(from_person=True) | models.Q(from_delegates=True),
            ),
            models.CheckConstraint(
                name="third_party_never_to_delegates",
                condition=~models.Q(reason="third_party") | models.Q(from_delegates=True),
            ),
            models.CheckConstraint(
                name="withholding_ended_at_and_by",
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["review_on"], condition=models.Q(ended_at=None), name="open_withholdings_by_review")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"withheld answer {self.pk}"
