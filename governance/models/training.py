"""What training a role needs, and who passed what when. Courses live in `content`; results live here."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from core.immutability import ImmutableModel
from governance.enums import RoleKey


class TrainingRequirement(models.Model):
    """A role needs a pass in a course, valid for some months, with some days of grace."""

    role = models.CharField(max_length=30, choices=RoleKey.choices)
    course_key = models.SlugField()
    valid_months = models.PositiveSmallIntegerField(default=12)
    grace_days = models.PositiveSmallIntegerField(default=14)

    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "course_key"], name="one_requirement_per_role_course")]

    def __str__(self) -> str:
        return f"{self.role} needs {self.course_key}"


class TrainingRecord(ImmutableModel):
    """One pass. A refresher is a new row; nothing is overwritten."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="training_records")
    course_key = models.SlugField()
    course_version = models.CharField(max_length=20, default="1")
    passed_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=20, default="e-learning")
    certificate_code = models.CharField(max_length=20, unique=True)

    class Meta:
        indexes = [models.Index(fields=["user", "course_key", "-passed_at"], name="latest_pass")]

    def __str__(self) -> str:
        return f"pass {self.certificate_code}"
