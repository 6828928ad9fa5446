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
from wagtail.models import LockableMixin, Orderable

from careplan_forms.blocks import ItemStreamBlock
from careplan_forms.models.previewed import Previewed
from careplan_forms.schema.relabelled import changed_between
from core.fields import StreamField
from core.immutability import ImmutableModel
from governance.enums import Action
from workflows.models.drafting import KEY_HELP, Draft, SignedOff
from workflows.models.sign_off import Candidate, CandidateDecision


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


class FormDefinition(SignedOff, Previewed, ClusterableModel):
    """A form as clinical leads shape it: ordered sections and what it is for."""

    fixed = ("live_version", "public_id")
    children = ("section_links",)

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


class FormCandidate(Candidate):
    """A form as it was proposed for sign-off."""

    thing = "form"
    sign_off_action = Action.FORM_SIGN_OFF

    definition = models.ForeignKey(FormDefinition, on_delete=models.PROTECT, related_name="candidates")
    tests = models.JSONField(default=list, help_text="How its test cases came out")

    def place_of(self, finding: dict[str, Any]) -> str:
        titles = {section["key"]: section["title"] for section in self.document["sections"]}
        return str(titles.get(finding["section"], ""))

    def changes_to(self, newer: Candidate) -> list[tuple[str, str, str]]:
        return changed_between(self.document, newer.document)


class FormCandidateApproval(CandidateDecision):
    """One person's decision on the hash of a form's candidate."""

    candidate = models.ForeignKey(FormCandidate, on_delete=models.PROTECT, related_name="approvals")


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
