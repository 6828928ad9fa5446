"""Who holds a role where, and who decides for whom: the facts behind scopes and "who can do this"."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from core import clock
from governance.enums import CareSetting
from governance.models import Organisation, StaffListEntry, User
from governance.selectors import staff
from workflows.models import FlowCase, FlowDecision, FlowDelegation, FlowTask


def holders(*, organisation_id: int, role: str, now: datetime.datetime) -> QuerySet[StaffListEntry]:
    """The staff-list entries that hold a role at an organisation today: begun, not ended, not suspended."""
    return listed(now).filter(organisation_id=organisation_id, role=role)


def roles_of(*, user_id: int, organisation_id: int, now: datetime.datetime) -> frozenset[str]:
    """The roles somebody holds at an organisation today."""
    entries = listed(now).filter(user_id=user_id, organisation_id=organisation_id)
    return frozenset(entries.values_list("role", flat=True))


def listed(now: datetime.datetime) -> QuerySet[StaffListEntry]:
    """Entries that count on the London day of `now`, of accounts that are active."""
    return StaffListEntry.objects.filter(staff.current(clock.today(now)), user__is_active=True)


def may_stand_in(*, from_user_id: int, to_user_id: int, organisation_id: int, now: datetime.datetime) -> bool:
    """Whether somebody has put their decisions at an organisation in a colleague's hands at this moment."""
    return delegations(now).filter(from_user=from_user_id, to_user=to_user_id, organisation=organisation_id).exists()


def stood_in_for(*, user_id: int, organisation_id: int, now: datetime.datetime) -> list[int]:
    """The colleagues who put their decisions at an organisation in somebody's hands at this moment."""
    rows = delegations(now).filter(to_user_id=user_id, organisation_id=organisation_id)
    return list(rows.order_by("from_user_id").values_list("from_user_id", flat=True).distinct())


def delegations(now: datetime.datetime) -> QuerySet[FlowDelegation]:
    """Those that count at a moment."""
    return FlowDelegation.objects.filter(starts_at__lte=now, ends_at__gt=now, ended_at=None)


def has_task(*, user_id: int, case: FlowCase, organisation_id: int) -> bool:
    """Whether somebody has a task of the case in hand at an organisation."""
    held = FlowTask.objects.filter(case=case, claimed_by_id=user_id, closed_at=None)
    return held.filter(organisation_id=organisation_id).exists()


def deciders(case: FlowCase) -> frozenset[int]:
    """Who has decided on a case, in person or through a colleague; sending it in does not count."""
    return deciders_of([case.pk])[case.pk]


def deciders_of(case_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """The same for many cases at once."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = FlowDecision.objects.filter(case__in=case_ids) if case_ids else FlowDecision.objects.none()
    for row in rows.only("case", "user_id_text", "on_behalf_of", "evidence"):
        if not row.evidence.get("opening"):
            found[row.case_id] |= {int(text) for text in (row.user_id_text, row.on_behalf_of) if text.isdigit()}
    return defaultdict(frozenset, {key: frozenset(users) for key, users in found.items()})


def host_ids() -> list[int]:
    """The organisations that host the service."""
    hosts = Organisation.objects.filter(care_setting=CareSetting.HOST, closed_on=None)
    return list(hosts.order_by("pk").values_list("pk", flat=True))


def organisation_names(organisation_ids: Iterable[int]) -> dict[int, str]:
    """What organisations are called."""
    return dict(Organisation.objects.filter(pk__in=set(organisation_ids)).values_list("pk", "name"))


def names(user_ids: Iterable[int]) -> dict[int, str]:
    """How colleagues know these people; for pages only."""
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=set(user_ids))}
