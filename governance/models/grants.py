"""Exceptions to the organisation rule: django-guardian rows, each paired with an expiry the gate re-checks."""

from django.conf import settings
from django.db import models
from guardian.models import UserObjectPermissionBase

from governance.models.organisation import Organisation


class OrganisationUserPermission(UserObjectPermissionBase):
    """django-guardian's row for one person and one organisation (its leads)."""

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"organisation grant {self.pk}"


class TemporaryGrant(models.Model):
    """When a django-guardian row ends and why it exists; a row without one of these gives nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="temporary_grants")
    permission = models.CharField(max_length=100, help_text="app_label.codename")
    object_kind = models.CharField(max_length=40)
    object_ref = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            # A job that ends an expired grant is nobody; a person who ends one is named.
            models.CheckConstraint(
                name="grant_revoked_by_somebody_is_revoked",
                condition=models.Q(revoked_by=None) | models.Q(revoked_at__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["user", "permission", "object_kind", "object_ref"], name="grant_lookup")]

    def __str__(self) -> str:
        return f"{self.permission} on {self.object_kind} {self.object_ref}"
