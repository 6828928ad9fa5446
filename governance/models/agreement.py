"""The information sharing agreement: its texts, an organisation's copy, and the signatures with their evidence.

Facts are dated rows; what state an agreement is in is computed from them in policies.py, so a late job can never
keep an ended agreement open.
"""

import uuid

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from core.immutability import ImmutableModel
from governance.models.organisation import Organisation


class AgreementTemplate(models.Model):
    """A kind of agreement, for example the joint-controller information sharing agreement."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=200)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.key


class AgreementTemplateVersion(ImmutableModel):
    """One text of a template. Signatures bind to its hash; a changed text is a new version."""

    template = models.ForeignKey(AgreementTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField(help_text="Plain text; a line that starts with '## ' is a heading")
    sha256 = models.CharField(max_length=64)
    resign_required = models.BooleanField(default=True)
    grace_days = models.PositiveSmallIntegerField(default=90)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="one_template_version_number")]

    def __str__(self) -> str:
        return f"{self.template.key} v{self.number}"


class Agreement(models.Model):
    """An organisation's agreement on one text, between two dates."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements")
    template_version = models.ForeignKey(AgreementTemplateVersion, on_delete=models.PROTECT, related_name="agreements")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_starts",
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"agreement {str(self.public_id)[:8]} of {self.organisation.ods_code}"


class AgreementEvent(ImmutableModel):
    """A dated fact about an agreement: sent, declined, taken back, suspended, resumed, terminated."""

    class Kind(models.TextChoices):
        SENT = "sent", "Sent for signature"
        DECLINED = "declined", "Declined by the Caldicott Guardian"
        WITHDRAWN = "withdrawn", "Taken back by the host"
        SUSPENDED = "suspended", "Suspended"
        RESUMED = "resumed", "Resumed"
        TERMINATED = "terminated", "Terminated"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.agreement_id}"


#: The methods of a sign-in, by the names `governance.identity.second_factor.method_of` keeps.
_METHODS = {
    "password": "password",
    "totp": "code from an authenticator app",
    "recovery_codes": "recovery code",
}


class AgreementSignature(ImmutableModel):
    """Who signed exactly which text, in which capacity, and how we know."""

    class Capacity(models.TextChoices):
        GUARDIAN = "guardian", "Caldicott Guardian of the organisation"
        HOST = "host", "For the host of the service"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    typed_name = models.CharField(max_length=120)
    post = models.CharField(max_length=120)
    statement = models.TextField()
    document_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)
    authentication = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "capacity"], name="one_signature_per_capacity")]

    def __str__(self) -> str:
        return f"signature {self.pk} {self.capacity}"

    @property
    def authentication_in_words(self) -> str:
        """How the signer had signed in: "Password, code from an authenticator app"."""
        said = ", ".join(_METHODS.get(each, each) for each in self.authentication.split("+"))
        return said[:1].upper() + said[1:]
