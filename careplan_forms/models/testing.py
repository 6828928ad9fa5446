"""Test cases of a form: made-up answers, and what the form must make of them."""

import uuid

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from careplan_forms.models.definition import FormDefinition
from workflows.models.drafting import KEY_HELP


class FormTestCase(models.Model):
    """A test person of a form: answers, who looks, on what day; and what must then be shown, asked and worked out.

    A case that expects nothing is a test person for previews and nothing else. No answer here is anybody's: cases are
    configuration, travel with the form's document and stand in every candidate as they were when it was made.
    """

    class Audience(models.TextChoices):
        CLINICIAN = "clinician", "The clinician's wording"
        PATIENT = "patient", "The person's own wording"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    definition = models.ForeignKey(FormDefinition, on_delete=models.CASCADE, related_name="test_cases")
    key = models.SlugField(max_length=100, help_text=KEY_HELP)
    title = models.CharField(max_length=200)
    role = models.CharField(max_length=40, blank=True, help_text="Who looks at the form; empty: whoever may see all")
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.CLINICIAN)
    today = models.DateField(help_text="The day on which the form is looked at")
    answers = models.JSONField(default=dict)
    expects = models.JSONField(default=dict, help_text="What is judged; see careplan_forms.schema.testing")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["definition", "key"], name="one_test_case_per_key")]

    def __str__(self) -> str:
        return f"test case {self.key} of {self.definition_id}"
