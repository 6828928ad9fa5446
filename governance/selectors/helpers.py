"""Who mends what keeps somebody from working: at their own organisation, and at the host of the service."""

from dataclasses import dataclass

from django.db.models import Q

from core import clock
from governance.actors import Actor
from governance.enums import AgreementState, CareSetting, RoleKey
from governance.models import Organisation, OrgContact, StaffListEntry, User
from governance.selectors import organisations, staff
from governance.selectors.fact_rows import with_agreements


@dataclass(frozen=True)
class Helpers:
    """The organisation, how its agreement stands, the viewer's own place, its leads, and its Guardian if one is
    recorded.
    """

    organisation: Organisation
    agreement: AgreementState | None
    entry: StaffListEntry
    leads: tuple[User, ...]
    guardian: User | None


@dataclass(frozen=True)
class Host:
    """The organisation that runs the service; `officers` are its information governance team, by name for staff."""

    organisation: Organisation
    officers: tuple[User, ...]


def helpers_of(viewer: Actor) -> Helpers | None:
    """Whom the viewer can turn to at the organisation of the place they act under; None for somebody on no list.

    Whoever has a place may know, also while it is suspended: it is how they learn whom to ask.
    """
    own = StaffListEntry.objects.filter(pk=viewer.entry_id or 0, user=viewer.user_id).first()
    if own is None:
        return None
    row = Organisation.objects.annotate(_agreements=with_agreements("pk")).get(pk=own.organisation_id)
    places = staff.holding(RoleKey.ORG_LEAD, row.pk)
    leads = User.objects.filter(pk__in=places.values("user")).order_by("last_name", "pk")
    return Helpers(row, organisations.state_of(row), own, tuple(leads), _guardian(row))


def host_of_service(viewer: Actor) -> Host | None:
    """Whom to ask when one's own organisation cannot help. Names are for those who have a place on a staff list; its
    telephone is for everybody.
    """
    row = Organisation.objects.filter(care_setting=CareSetting.HOST, closed_on=None).order_by("pk").first()
    if row is None:
        return None
    places = staff.holding(RoleKey.IG_OFFICER, row.pk) if viewer.entry_id else StaffListEntry.objects.none()
    return Host(row, tuple(User.objects.filter(pk__in=places.values("user")).order_by("last_name", "pk")))


def _guardian(organisation: Organisation) -> User | None:
    today = clock.today()
    present = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    post = OrgContact.Post.CALDICOTT_GUARDIAN
    found = OrgContact.objects.filter(present, organisation=organisation, post=post).select_related("user").first()
    return found.user if found else None
