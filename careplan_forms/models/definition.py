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
from wagtail.models import LockableMixin, Orderable, WorkflowMixin

from careplan_forms.blocks import ItemStreamBlock
from careplan_forms.models.drafting import KEY_HELP, Draft
from careplan_forms.models.previewed import Previewed
from core.fields import StreamField
from core.immutability import ImmutableModel
from governance.enums import RoleKey

#: The two decisions a form needs before it goes live, in the order they are shown.
SIGNING_ROLES = [
    (RoleKey.CLINICAL_SAFETY_OFFICER.value, "Clinical safety"),
    (RoleKey.IG_OFFICER.value, "Information governance"),
]


class FormSection(LockableMixin, Draft, Previewed):
    """A page of a form: at most 40 items, own or shared between definitions. Its key is unique within a form."""

    key = models.SlugField(max_length=100, help_text=KEY_HELP)
    title = models.CharField(max_length=200)
    hint = models.CharField(max_length=1000, blank=True)
    group = models.CharField(max_length=80, blank=True, help_text="Heading of the task list it stands under")
    shared = models.BooleanField(
        "in the library",
        default=False,
        editable=False,
        help_text="Any form may use it, and each takes over a newer text when its lead says so",
    )
    items = StreamField(ItemStreamBlock(), blank=True, collapsed=True)
    translations = models.JSONField(default=dict, editable=False, help_text="Its words in other languages")
    extra = models.JSONField(default=dict, editable=False, help_text="What an import brought that has no field here")

    class Meta:
        ordering = ["title"]
        verbose_name = "section"

    def __str__(self) -> str:
        return self.title

    def with_content_json(self, content: Any) -> Any:
        """A draft read back is in the library when its row is: that is no part of the text."""
        draft = super().with_content_json(content)
        draft.shared = self.shared
        return draft


class FormDefinition(WorkflowMixin, LockableMixin, Draft, Previewed, ClusterableModel):
    """A form as clinical leads shape it: ordered sections and what it is for."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(max_length=100, unique=True, help_text=KEY_HELP)
    url = models.URLField(max_length=200, help_text="The address that names this form to other systems")
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True, help_text="Whom the form is for and when it is used")
    language = models.CharField(max_length=12, default="en")
    translations = models.JSONField(default=dict, editable=False, help_text="Its words in other languages")
    extra = models.JSONField(default=dict, editable=False, help_text="What an import brought that has no field here")
    live_version = models.ForeignKey(
        "careplan_forms.FormVersion",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="live_for",
    )

    class Meta:
        ordering = ["title"]
        permissions = [("edit_formdefinition", "Can edit this form")]
        verbose_name = "form"

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save everything but `live_version`: a row read before a sign-off, or an old draft, must not undo it."""
        if self.pk is not None and kwargs.get("update_fields") is None:
            fields = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            kwargs["update_fields"] = [*(name for name in fields if name != "live_version"), "section_links"]
        super().save(*args, **kwargs)

    def with_content_json(self, content: Any) -> Any:
        """A draft read back has the identity and the live version of its row."""
        draft = super().with_content_json(content)
        draft.live_version_id, draft.public_id = self.live_version_id, self.public_id
        return draft

    def get_lock(self) -> Any:
        """While sign-off waits nobody edits; Wagtail's own lock would let in whoever set it."""
        task = self.current_workflow_task
        return task.lock_class(self, task) if task else super().get_lock()


class FormDefinitionSection(Orderable):
    """The place of a section in a definition; `uid` travels in the editing form so that it stays the same."""

    definition = ParentalKey(FormDefinition, on_delete=models.CASCADE, related_name="section_links")
    section = models.ForeignKey(FormSection, on_delete=models.PROTECT, related_name="links")
    uid = models.UUIDField(default=uuid.uuid4)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["definition", "section"], name="one_place_per_section")]

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
    tests = models.JSONField(default=list, help_text="How its test cases came out")
    change_note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    author_ids = models.JSONField(default=list, help_text="Everybody who edited since the live version")

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"candidate {str(self.public_id)[:8]}"


class FormCandidateApproval(ImmutableModel):
    """One person's decision on the hash of a candidate, in one of the two roles; or its sender's, to take it back."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Sent back"
        WITHDRAWN = "withdrawn", "Taken back"

    candidate = models.ForeignKey(FormCandidate, on_delete=models.PROTECT, related_name="approvals")
    role = models.CharField(max_length=30, choices=SIGNING_ROLES, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    sha256 = models.CharField(max_length=64)
    comment = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "role"], name="one_decision_per_candidate_and_role"),
            models.UniqueConstraint(fields=["candidate", "decided_by"], name="one_decision_per_candidate_and_person"),
            models.CheckConstraint(
                name="decision_in_a_role",
                condition=(
                    models.Q(decision="withdrawn", role="") | ~models.Q(decision="withdrawn") & ~models.Q(role="")
                ),
            ),
        ]

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
        ordering = ["definition", "number"]
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

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.version_id} {'live' if self.live else 'retired'}"
