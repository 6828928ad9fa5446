"""Lists of coded answers that questions of several forms share."""

from django.db import models

from careplan_forms.block_options import AnswerStreamBlock
from core.fields import StreamField
from workflows.models.drafting import KEY_HELP, Draft


class ValueSet(Draft):
    """A named, versioned list of coded options; the id of a block is the id of the option."""

    key = models.SlugField(max_length=100, unique=True, help_text=KEY_HELP)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=30, default="1")
    source = models.CharField(max_length=300, blank=True, help_text="Where the list comes from")
    valid_from = models.DateField("usable from", null=True, blank=True)
    valid_until = models.DateField("usable until", null=True, blank=True, help_text="The last day")
    options = StreamField(AnswerStreamBlock(), blank=True)
    translations = models.JSONField(default=dict, editable=False, help_text="Its words in other languages")
    form_key = models.CharField(max_length=100, blank=True, editable=False, help_text="The form that brought it")
    extra = models.JSONField(default=dict, editable=False, help_text="What an import brought that has no field here")

    class Meta:
        ordering = ["title"]
        verbose_name = "list of answers"
        verbose_name_plural = "lists of answers"

    def __str__(self) -> str:
        return self.title
