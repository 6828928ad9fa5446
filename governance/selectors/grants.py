"""Live exceptions to the organisation rule: django-guardian rows whose paired grant has not ended."""

import datetime

from django.db.models import Exists, Expression, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from governance.models import OrganisationUserPermission, TemporaryGrant

LEAD_PERMISSION = "governance.lead_organisation"


def live_lead_grants(
    user_id: int | Expression, at: datetime.datetime | Expression
) -> QuerySet[OrganisationUserPermission]:
    """The organisations an account leads by grant: rows with both halves, the guardian row and an unexpired grant."""
    pair = TemporaryGrant.objects.filter(
        user=user_id,
        permission=LEAD_PERMISSION,
        object_kind="organisation",
        object_ref=OuterRef("ref"),
        revoked_at=None,
        expires_at__gt=at,
    )
    rows = OrganisationUserPermission.objects.filter(user=user_id, permission__codename="lead_organisation")
    return rows.annotate(ref=Cast("content_object_id", TextField())).filter(Exists(pair))
