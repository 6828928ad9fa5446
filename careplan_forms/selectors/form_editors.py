"""Who edits one form by a grant."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from careplan_forms.models import FormDefinition, FormDefinitionUserPermission
from core import clock
from core.exceptions import Absent
from governance.models import StaffListEntry, TemporaryGrant, User
from governance.selectors.grants import PairedGrant
from governance.selectors.staff import current

EDITORS = PairedGrant("careplan_forms.edit_formdefinition", "formdefinition", FormDefinitionUserPermission)


@dataclass(frozen=True, slots=True)
class Editor:
    """One editor by grant. `listed` says whether they stand on a staff list today; without that nothing opens."""

    user: User
    until: datetime.datetime
    reason: str
    given_by: str
    listed: bool


def editors_of(definition: FormDefinition) -> list[Editor]:
    """Those who may edit this form by a grant that has not ended, both halves present, soonest to end first."""
    halves = FormDefinitionUserPermission.objects.filter(
        user=OuterRef("user"), content_object=definition, permission__codename=EDITORS.permission.rpartition(".")[2]
    )
    places = StaffListEntry.objects.filter(current(), user=OuterRef("user"))
    rows = (
        TemporaryGrant.objects.filter(
            Exists(halves),
            permission=EDITORS.permission,
            object_kind=EDITORS.object_kind,
            object_ref=str(definition.pk),
            revoked_at=None,
            expires_at__gt=clock.now(),
        )
        .annotate(_listed=Exists(places))
        .select_related("user", "granted_by")
        .order_by("expires_at", "pk")
    )
    return [
        Editor(row.user, row.expires_at, row.reason, row.granted_by.display_name if row.granted_by else "", row._listed)
        for row in rows
    ]


def editor_by_id(definition: FormDefinition, public_id: object) -> User:
    """One of the editors, by their account's public id. Raises Absent."""
    for editor in editors_of(definition):
        if editor.user.public_id == public_id:
            return editor.user
    raise Absent
