"""The plan: a pointer, the drafts beside it, what was submitted, and the versions that were approved."""

import uuid

from django.conf import settings
from django.db import models
from guardian.models import UserObjectPermissionBase

from careplan_forms.enums import PlanState, SubmissionOrigin
from careplan_forms.models.definition import FormVersion
from careplan_forms.models.patient import Patient
from core.immutability import ImmutableModel
from governance.models import Organisation


class CarePlan(models.Model):
    """Which version of a person's plan is current; no clinical content lives here."""

    #: Whether answers of it are withheld, and whether a change of its form waits: known of a plan that was read to be
    #: looked at (`selectors.plans.get`), None where it has to be asked.
    has_withheld: bool | None = None
    has_move: bool | None = None

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="plans")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="owned_plans")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="plans")
    current_version = models.ForeignKey(
        "careplan_forms.CarePlanVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    waiting_submission = models.ForeignKey(
        "careplan_forms.PlanSubmission",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What has been sent for approval and is not decided",
    )
    returned_submission = models.ForeignKey(
        "careplan_forms.PlanSubmission",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What an approver sent back and nobody has sent again",
    )
    return_reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    row_version = models.PositiveIntegerField(default=1)
    review_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=~models.Q(state=PlanState.WITHDRAWN), name="one_open_plan_per_person"
            ),
            models.CheckConstraint(
                name="plan_withdrawn_at_and_by",
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "-updated_at", "-id"], name="plan_worklist"),
            models.Index(fields=["owner", "review_on"], name="plan_review_due"),
        ]
        default_permissions = ("view",)
        # A permission of its own: a nurse who is also a daughter gains nothing on the staff's pages by being one.
        permissions = [("act_for_person", "Acts for the person of this plan")]

    def __str__(self) -> str:
        return f"plan {str(self.public_id)[:8]}"


class CarePlanUserPermission(UserObjectPermissionBase):
    """django-guardian's row for a named clinician from elsewhere or a carer on one plan."""

    content_object = models.ForeignKey(CarePlan, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"plan grant {self.pk}"


class PlanShare(models.Model):
    """An organisation of the person's care team, from when until when."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="plan_shares")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation"], condition=models.Q(ended_at=None), name="one_open_share"
            ),
            models.CheckConstraint(
                name="share_ended_at_and_by",
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "plan"], condition=models.Q(ended_at=None), name="open_shares_by_org")
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"


class PlanDraft(models.Model):
    """One author's changes that nobody has submitted: `items` is {uid: {"value", "base_sha", "at"}}.

    `base_sha` is the fingerprint of the value the author was shown, so that a change underneath is seen as a
    clash. `unsaved` is what was typed and not saved, as posted: {section: {"at", "typed": {name: [values]}}};
    nobody but the author ever sees it. A draft that was sent for approval is closed and names the submission;
    if that comes back, it opens again.
    """

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plan_drafts")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    items = models.JSONField(default=dict)
    unsaved = models.JSONField(default=dict, help_text="Typed but not saved, for this author only")
    submission = models.ForeignKey(
        "careplan_forms.PlanSubmission", null=True, blank=True, on_delete=models.PROTECT, related_name="drafts"
    )
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "author"], condition=models.Q(closed_at=None), name="one_open_draft_per_author"
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class PlanSubmission(ImmutableModel):
    """What was sent for approval: the merged answers and their hash. A case moves this; an approver is shown
    this.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="submissions")
    base_version = models.ForeignKey(
        "careplan_forms.CarePlanVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=20, choices=SubmissionOrigin.choices)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_role = models.CharField(max_length=30, blank=True, help_text="The role they sent it in")
    author_ids = models.JSONField(default=list, help_text="Users whose changes are in it")
    cpr_changed = models.BooleanField(
        default=False, help_text="Whether readers would be told another CPR decision than the approved one"
    )
    discussed_with = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    review_on = models.DateField()

    class Meta:
        ordering = ["submitted_at", "pk"]

    def __str__(self) -> str:
        return f"submission {str(self.public_id)[:8]}"


class CarePlanVersion(ImmutableModel):
    """An approved plan. `chain_sha256` covers predecessor, content, approver and time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    submission = models.OneToOneField(PlanSubmission, on_delete=models.PROTECT, related_name="version")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    previous_chain_sha256 = models.CharField(max_length=64, blank=True)
    chain_sha256 = models.CharField(max_length=64)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver_label = models.CharField(max_length=160)
    approver_organisation = models.CharField(max_length=200)
    approver_registration = models.CharField(max_length=40)
    written_and_approved_by_one = models.BooleanField(default=False)
    review_on = models.DateField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version_number")]

    def __str__(self) -> str:
        return f"version {self.number} of plan {self.plan_id}"


class PlanReview(ImmutableModel):
    """A doctor looked at the approved version and found that nothing in it changes; when to look again."""

    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(CarePlanVersion, on_delete=models.PROTECT, related_name="reviews")
    content_sha256 = models.CharField(max_length=64, help_text="Hash of the version that was looked at")
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer_label = models.CharField(max_length=160)
    reviewer_organisation = models.CharField(max_length=200)
    reviewer_registration = models.CharField(max_length=40)
    review_on = models.DateField(help_text="When it is due to be looked at again")

    class Meta:
        ordering = ["reviewed_at", "pk"]

    def __str__(self) -> str:
        return f"review {self.pk} of plan {self.plan_id}"
