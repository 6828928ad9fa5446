"""Forms: what clinical leads edit (definition, sections, value sets), what is signed off, and what is used.

Definition, section and value set are configuration in the CMS. Nothing at run time reads them or a Wagtail revision:
sign-off copies the candidate's bytes into an immutable `FormVersion`, and everything reads that.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from guardian.models import UserObjectPermissionBase
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from careplan_forms.blocks import ItemStreamBlock
from core.immutability import ImmutableModel


class ValueSet(DraftStateMixin, RevisionMixin, models.Model):
    """A named, versioned list of coded options: `options` is a list of {id, code, system, display, status, replaced_by}."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.key


class FormSection(LockableMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A page of a form: at most 40 items, own or shared between definitions."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    hint = models.CharField(max_length=500, blank=True)
    group = models.CharField(max_length=80, blank=True, help_text="Heading of the task list it stands under")
    items = StreamField(ItemStreamBlock(), blank=True)

    def __str__(self) -> str:
        return self.key

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from careplan_forms.views.designer import preview_section

        return preview_section(request, self)


class FormDefinition(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """A form as clinical leads shape it: ordered sections and what it is for."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(unique=True)
    url = models.URLField(max_length=200)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    live_version = models.ForeignKey(
        "careplan_forms.FormVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="live_for"
    )

    class Meta:
        permissions = [("edit_formdefinition", "Can edit this form")]

    def __str__(self) -> str:
        return self.key


class FormDefinitionSection(models.Model):
    """The place of a section in a definition; `uid` travels in the editing form so that it stays the same."""

    definition = ParentalKey(FormDefinition, on_delete=models.CASCADE, related_name="section_links")
    section = models.ForeignKey(FormSection, on_delete=models.PROTECT, related_name="links")
    uid = models.UUIDField(default=uuid.uuid4)
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["sort_order"]

    def __str__(self) -> str:
        return f"{self.section_id} in {self.definition_id}"


class FormDefinitionUserPermission(UserObjectPermissionBase):
    """django-guardian's row for an editor of one form."""

    content_object = models.ForeignKey(FormDefinition, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"form grant {self.pk}"


class FormCandidate(ImmutableModel):
    """What was proposed for sign-off: exact bytes, their hash, and what the checks said."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="candidates")
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    lint = models.JSONField(default=list)
    diff = models.JSONField(default=list)
    impact = models.JSONField(default=dict)
    change_note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    author_ids = models.JSONField(default=list, help_text="Everybody who edited since the live version")

    def __str__(self) -> str:
        return f"candidate {str(self.public_id)[:8]}"


class FormCandidateApproval(ImmutableModel):
    """A second person's decision on the hash of a candidate."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Sent back"

    candidate = models.ForeignKey(FormCandidate, on_delete=models.PROTECT, related_name="approvals")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    sha256 = models.CharField(max_length=64)
    comment = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate"], name="one_decision_per_candidate")]

    def __str__(self) -> str:
        return f"{self.decision} {self.candidate_id}"


class FormVersion(ImmutableModel):
    """A published form: canonical bytes and their hash, for ever. Plans, drafts and versions point at it."""

    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    candidate = models.OneToOneField(FormCandidate, null=True, on_delete=models.PROTECT, related_name="version")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["definition", "number"], name="one_form_version_number")]

    def __str__(self) -> str:
        return f"{self.definition.key} v{self.number}"


class FormActivation(ImmutableModel):
    """A version went live or was retired."""

    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="activations")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="activations")
    live = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.version_id} {'live' if self.live else 'retired'}"
