"""Live exceptions to the organisation rule: django-guardian rows whose paired grant has not ended."""

import datetime
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Exists, Expression, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast

from core.registry import Registry
from governance.models import OrganisationUserPermission, TemporaryGrant


@dataclass(frozen=True, slots=True)
class PairedGrant:
    """A permission given on one object: how its dated half names it, and the django-guardian table of the other half.

    `permission` is `app_label.codename`; `object_kind` the name of the object's model; `rows` has `content_object`.
    """

    permission: str
    object_kind: str
    rows: Any


LEADS = PairedGrant("governance.lead_organisation", "organisation", OrganisationUserPermission)
#: Grants that open a part of the administration to somebody whose role does not; layers above name theirs.
admin_grants: Registry[PairedGrant] = Registry("grants that open a part of the administration")


def live_rows(kind: PairedGrant, user_id: int | Expression, at: datetime.datetime | Expression) -> QuerySet[Any]:
    """The django-guardian rows of an account that count: those beside which stands a grant that has not ended."""
    pair = TemporaryGrant.objects.filter(
        user=user_id,
        permission=kind.permission,
        object_kind=kind.object_kind,
        object_ref=OuterRef("ref"),
        revoked_at=None,
        expires_at__gt=at,
    )
    rows = kind.rows.objects.filter(user=user_id, permission__codename=kind.permission.rpartition(".")[2])
    return rows.annotate(ref=Cast("content_object_id", TextField())).filter(Exists(pair))


def live_lead_grants(
    user_id: int | Expression, at: datetime.datetime | Expression
) -> QuerySet[OrganisationUserPermission]:
    """The organisations an account leads by grant."""
    return live_rows(LEADS, user_id, at)


def opens_administration(user_id: int | Expression, at: datetime.datetime | Expression) -> Any:
    """The condition that an account holds a live grant which opens a part of the administration."""
    held: list[Any] = [Exists(live_rows(kind, user_id, at)) for kind in admin_grants]
    return reduce(or_, held) if held else Value(False, output_field=BooleanField())
