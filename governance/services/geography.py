"""Loads the dated geography; again and again without doubling anything."""

import datetime

from django.db import transaction

from core import history
from governance import gate
from governance.actors import Actor
from governance.enums import Action, AreaKind
from governance.models import Area, AreaMembership
from governance.seeds import geography as seed
from governance.services import audit


@transaction.atomic
def load(*, by: Actor) -> dict[str, int]:
    """Bring in regions, boards and places that are missing; what somebody has edited since stays as it is."""
    gate.check(by, Action.ORGANISATION_JOIN)
    before = (Area.objects.count(), AreaMembership.objects.count())
    region = _area(seed.REGION, AreaKind.REGION, by)
    merged = _area(seed.MERGED, AreaKind.BOARD, by, seed.MERGER)
    _inside(merged, region, seed.MERGER, None, by)
    for code, name, starts, ends, places in seed.BOARDS:
        board = _area((code, name), AreaKind.BOARD, by, starts, ends)
        _inside(board, region, starts, ends, by)
        for pair in places.items():
            place = _area(pair, AreaKind.PLACE, by)
            _inside(place, board, starts, ends, by)
            if ends == seed.MERGER:
                _inside(place, merged, seed.MERGER, None, by)
    for pair in seed.OUTSIDE.items():
        _area(pair, AreaKind.PLACE, by)
    made = {"areas": Area.objects.count() - before[0], "memberships": AreaMembership.objects.count() - before[1]}
    audit.record(by=by, action="geography.loaded", detail=made)
    return made


def _area(
    pair: tuple[str, str],
    kind: AreaKind,
    by: Actor,
    starts: datetime.date | None = None,
    ends: datetime.date | None = None,
) -> Area:
    code, name = pair
    found = Area.objects.filter(code=code).first()
    row = found or Area(code=code, name=name, kind=kind, starts_on=starts, ends_on=ends)
    return found or history.save(row, by=by.user_id, reason="Loaded")


def _inside(child: Area, parent: Area, starts: datetime.date, ends: datetime.date | None, by: Actor) -> AreaMembership:
    found = AreaMembership.objects.filter(child=child, parent=parent, starts_on=starts).first()
    row = found or AreaMembership(child=child, parent=parent, starts_on=starts, ends_on=ends)
    return found or history.save(row, by=by.user_id, reason="Loaded")
