"""Files that were uploaded into a plan; their bytes lie encrypted in the storage `plan-files`."""

import uuid

from django.conf import settings
from django.db import models

from careplan_forms.models.plan import CarePlan


class PlanFile(models.Model):
    """One uploaded file as it is kept. Answers name it and repeat what stands here, so that neither changes unseen.

    `uid` is the question it was uploaded to. A file that no text of the plan names any more has been unused since
    then, and is deleted some days later. One that was ever sent for approval is kept for good.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="files")
    uid = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField(help_text="Bytes of the file as it is downloaded")
    sha256 = models.CharField(max_length=64, help_text="Of the file as it is downloaded")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    unused_since = models.DateTimeField(null=True, blank=True)
    kept_for_good = models.BooleanField(default=False)

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="what_is_kept_for_good_is_not_unused",
                condition=models.Q(kept_for_good=False) | models.Q(unused_since=None),
            )
        ]
        indexes = [
            models.Index(fields=["plan", "uid"], name="plan_files_by_question"),
            models.Index(fields=["uploaded_at"], condition=models.Q(kept_for_good=False), name="plan_files_to_look_at"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"file {str(self.public_id)[:8]}"

    @property
    def facts(self) -> dict[str, object]:
        """What an answer says of the file."""
        return {
            "id": str(self.public_id),
            "name": self.name,
            "kind": self.kind,
            "size": self.size,
            "sha256": self.sha256,
        }
