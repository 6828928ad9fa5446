"""What a flow is: a definition with numbered, hashed, immutable versions, one of which is live.

The definition is edited in the CMS as a draft. Its row says which subjects take it; a draft's routing reaches the row
when it is sent for sign-off, and nothing at run time reads a draft.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from core.fields import StreamField
from core.immutability import ImmutableModel
from governance.enums import Action
from workflows.blocks.states import StateStreamBlock
from workflows.models.drafting import KEY_HELP, SignedOff
from workflows.models.previewed import PreviewedFlow
from workflows.models.sign_off import Candidate, CandidateDecision


class FlowDefinition(SignedOff, PreviewedFlow):
    """A named flow for one kind of subject. The highest matching priority wins; exactly one is the default."""

    fixed = ("live_version", "public_id", "key")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(unique=True, help_text=KEY_HELP)
    name = models.CharField(max_length=120)
    subject_kind = models.CharField("what it is for", max_length=40)
    applies_when = models.JSONField(
        "when it applies", default=dict, blank=True, help_text="Facts of the subject that must be equal"
    )
    priority = models.PositiveSmallIntegerField(
        default=0, help_text="When several flows apply, the one with the highest number is taken"
    )
    is_default = models.BooleanField(
        "taken when no other flow applies", default=False, help_text="Every kind of subject has exactly one such flow"
    )
    title = models.CharField(max_length=500, blank=True, help_text="What people see it called")
    note = models.CharField(
        max_length=1000, blank=True, help_text="What the flow is for, and on what practice it rests"
    )
    exemption = models.CharField(
        max_length=200, blank=True, help_text="What both signatories confirm when authors may decide alone"
    )
    states = StreamField(StateStreamBlock, blank=True)
    kept = models.JSONField(default=dict, editable=False, help_text="What a version said that has no field here")
    live_version = models.ForeignKey(
        "workflows.FlowVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="live_for"
    )

    class Meta:
        ordering = ["name"]
        verbose_name = "flow"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind"], condition=models.Q(is_default=True), name="one_default_flow_per_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.key


class FlowCandidate(Candidate):
    """A flow as it was proposed for sign-off: its spec, and which subjects it would be taken for."""

    thing = "flow"
    sign_off_action = Action.FLOW_SIGN_OFF

    definition = models.ForeignKey(FlowDefinition, on_delete=models.PROTECT, related_name="candidates")
    routing = models.JSONField(default=dict)

    def place_of(self, finding: dict[str, Any]) -> str:
        labels = {each["key"]: each["label"] for each in [*self.document["transitions"], *self.document["states"]]}
        return str(labels.get(finding["place"], finding["place"]))


class FlowCandidateApproval(CandidateDecision):
    """One person's decision on the hash of a flow's candidate, with the exemption it carries repeated."""

    candidate = models.ForeignKey(FlowCandidate, on_delete=models.PROTECT, related_name="approvals")
    exemption = models.CharField(max_length=200, blank=True)


class FlowVersion(ImmutableModel):
    """One immutable specification. Cases stay pinned to the version they were opened on."""

    definition = models.ForeignKey(FlowDefinition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    sha256 = models.CharField(max_length=64)
    change_note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    candidate = models.OneToOneField(FlowCandidate, null=True, on_delete=models.PROTECT, related_name="version")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["definition", "number"], name="one_flow_version_number")]

    def __str__(self) -> str:
        return f"{self.definition.key} v{self.number}"


class FlowVersionApproval(ImmutableModel):
    """A signature on the hash of a flow version: clinical safety or information governance, with an exemption
    if any.
    """

    class Capacity(models.TextChoices):
        CLINICAL_SAFETY = "clinical_safety", "Clinical safety"
        INFORMATION_GOVERNANCE = "information_governance", "Information governance"

    version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="approvals")
    capacity = models.CharField(max_length=30, choices=Capacity.choices)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    exemption = models.CharField(max_length=200, blank=True, help_text="What this signature allows beyond the rule")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "capacity"], name="one_flow_signature_per_capacity")]

    def __str__(self) -> str:
        return f"{self.capacity} on {self.version_id}"


class FlowActivation(ImmutableModel):
    """A version went live or was retired."""

    definition = models.ForeignKey(FlowDefinition, on_delete=models.PROTECT, related_name="activations")
    version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="activations")
    live = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.version_id} {'live' if self.live else 'retired'}"
