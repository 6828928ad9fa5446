"""What others read: the emergency row, the marks that stop it, and the facts reports count."""

from django.conf import settings
from django.db import models

from careplan_forms.enums import FactKind, StopMark
from careplan_forms.models.patient import Patient
from careplan_forms.models.plan import CarePlan, CarePlanVersion
from governance.decisions import Decision


class PlanSummary(models.Model):
    """One narrow row per person with a plan, written by one projector in the transaction of any source it names.

    `facts` holds the emergency slots of the approved version. The access code is encrypted, deferred by every
    selector and read only by `services.emergency.reveal_access_code`, which audits first.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="summary")
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="+")
    plan_public_id = models.UUIDField(unique=True)
    version = models.ForeignKey(CarePlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    version_number = models.PositiveIntegerField(null=True)
    nhs_number = models.CharField(max_length=10, unique=True)
    family_name_key = models.CharField(max_length=100)
    date_of_birth = models.DateField()
    postcode_key = models.CharField(max_length=8, blank=True)
    identity = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    stop_marks = models.JSONField(default=list)
    readable = models.BooleanField(default=False, help_text="Consent holds and an approved version stands")
    withdrawn_at = models.DateTimeField(null=True)
    died_on = models.DateField(null=True)
    newer_draft = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True)
    approver_label = models.CharField(max_length=160, blank=True)
    written_and_approved_by_one = models.BooleanField(default=False)
    review_on = models.DateField(null=True)
    owner_ref = models.CharField(max_length=10, blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    access_code_encrypted = models.BinaryField(null=True)
    has_access_code = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    #: Not a column: the gate's decision under which a reader was given this row.
    read_under: Decision | None = None

    class Meta:
        indexes = [
            models.Index(fields=["family_name_key", "date_of_birth"], name="summary_by_name_and_birth"),
            models.Index(fields=["postcode_key", "family_name_key"], name="summary_by_postcode"),
            models.Index(fields=["area_code", "updated_at"], name="summary_by_area"),
        ]

    def __str__(self) -> str:
        return f"summary of plan {str(self.plan_public_id)[:8]}"


class PlanStopMark(models.Model):
    """A mark shown at once in fixed words, until somebody clears it."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="stop_marks")
    mark = models.CharField(max_length=20, choices=StopMark.choices)
    slot = models.CharField(
        max_length=20, blank=True, help_text="The emergency slot it touches; empty is the whole plan"
    )
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stop_mark_cleared_at_and_by",
                condition=models.Q(cleared_at=None, cleared_by=None)
                | models.Q(cleared_at__isnull=False, cleared_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"stop mark {self.mark} {self.pk}"


class AnswerFact(models.Model):
    """A typed, rebuildable projection of approved answers, keyed by item, for reports.

    Every question that was shown has a row, answered or not; one that was hidden has none. Prose is answered
    and says nothing else here.
    """

    plan = models.ForeignKey(CarePlan, on_delete=models.CASCADE, related_name="facts")
    version_number = models.PositiveIntegerField()
    item_uid = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=FactKind.choices, default=FactKind.ANSWERED)
    slot = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)
    number = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    date = models.DateField(null=True)
    absent = models.CharField(max_length=20, blank=True)
    visible = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["item_uid", "code"], name="fact_by_item"),
            models.Index(fields=["slot", "code"], name="fact_by_slot"),
        ]

    def __str__(self) -> str:
        return f"fact {self.item_uid} of plan {self.plan_id}"
