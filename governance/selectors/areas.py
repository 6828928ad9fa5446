"""The geography as it was, is or will be on a day. An end is the first day something no longer holds."""

import datetime

from django.db.models import Q, QuerySet

from governance.enums import AreaKind
from governance.models import Area, AreaMembership, Organisation, OrganisationArea


def at(on: datetime.date, kind: AreaKind | None = None) -> QuerySet[Area]:
    """The areas that exist on a day, of one kind when it is given."""
    rows = Area.objects.filter(_open(on, nullable_start=True))
    return rows.filter(kind=kind) if kind else rows


def within(area: Area, on: datetime.date) -> set[int]:
    """The keys of the area itself and of everything that lies in it on a day, at any depth."""
    children: dict[int, list[int]] = {}
    for parent, child in AreaMembership.objects.filter(_open(on)).values_list("parent", "child"):
        children.setdefault(parent, []).append(child)
    found, waiting = {area.pk}, [area.pk]
    while waiting:
        new = [child for child in children.get(waiting.pop(), []) if child not in found]
        found.update(new)
        waiting.extend(new)
    return found


def above(area: Area, on: datetime.date, kind: AreaKind) -> Area | None:
    """The area of a kind that `area` lies in on a day, for example a place's board."""
    seen, current = set(), area
    while current.kind != kind:
        seen.add(current.pk)
        rows = Area.objects.filter(_open(on, "children__"), children__child=current).exclude(pk__in=seen)
        parent = rows.first()
        if parent is None:
            return None
        current = parent
    return current


def of_organisation(organisation: Organisation, on: datetime.date) -> QuerySet[Area]:
    """Where an organisation works on a day."""
    links = OrganisationArea.objects.filter(_open(on), organisation=organisation)
    return Area.objects.filter(pk__in=links.values("area"))


def _open(on: datetime.date, prefix: str = "", nullable_start: bool = False) -> Q:
    start = Q(**{f"{prefix}starts_on__lte": on})
    if nullable_start:
        start |= Q(**{f"{prefix}starts_on": None})
    return start & (Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gt": on}))
