"""The geography as it was, is or will be on a day. An end is the first day something no longer holds."""

import datetime

from django.db.models import Q, QuerySet

from governance.enums import AreaKind
from governance.models import Area, AreaMembership, Organisation, OrganisationArea

#: What each area lies in directly: key of the area → the areas around it.
Parents = dict[int, list[Area]]


def boards(day: datetime.date) -> dict[int, tuple[str, str]]:
    """The board of every organisation on a day, as {organisation key: (code, name)}."""
    parents = parents_on(day)
    found = {}
    for place in OrganisationArea.objects.filter(_holds_on(day)).select_related("area"):
        board = board_above(place.area, parents)
        if board is not None:
            found[place.organisation_id] = (board.code, board.name)
    return found


def parents_on(day: datetime.date) -> Parents:
    """What lies in what on a day."""
    parents: Parents = {}
    for link in AreaMembership.objects.filter(_holds_on(day)).select_related("parent"):
        parents.setdefault(link.child_id, []).append(link.parent)
    return parents


def board_above(area: Area, parents: Parents) -> Area | None:
    """The board an area is or lies in, at any depth."""
    waiting, seen = [area], set()
    while waiting:
        current = waiting.pop()
        if current.kind == AreaKind.BOARD:
            return current
        if current.pk not in seen:
            seen.add(current.pk)
            waiting += parents.get(current.pk, [])
    return None


def of_organisation(organisation: Organisation, day: datetime.date) -> QuerySet[Area]:
    """Where an organisation works on a day."""
    places = OrganisationArea.objects.filter(_holds_on(day), organisation=organisation)
    return Area.objects.filter(pk__in=places.values("area"))


def _holds_on(day: datetime.date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))
