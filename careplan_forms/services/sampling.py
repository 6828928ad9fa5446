"""The monthly sample of plans that one doctor wrote and approved: drawn the same whoever draws it, each once."""

import datetime
import hashlib
import math

from django.db import transaction
from django.db.models import QuerySet

from careplan_forms.enums import SAMPLE_KIND
from careplan_forms.models import CarePlanVersion
from core import clock
from core.clock import LONDON
from governance.actors import Actor
from governance.policies import add_months
from governance.services.audit import record
from workflows.models import FlowCase
from workflows.selectors import definitions
from workflows.services import cases

#: The condition of a flow that says how large the sample is: a share of the month's plans, and at least so many.
GUARD = "in_sample"


def month_of(moment: datetime.datetime) -> datetime.date:
    """The first day of the month in which something was approved, in London."""
    return clock.today(moment).replace(day=1)


def drawn(*, month: datetime.date, percent: int, at_least: int) -> list[CarePlanVersion]:
    """The sample of one month: of all that was approved by its author under the exemption, `percent` of a hundred,
    never fewer than `at_least` as long as there are so many.

    The order is that of a digest of the month and of the version's own chain, which nobody can choose, and which
    anybody can work out again afterwards.
    """
    population = list(_population(month))
    size = max(at_least, math.ceil(len(population) * percent / 100))
    return sorted(population, key=lambda version: _lot(month, version))[:size]


def draw(*, by: Actor, month: datetime.date, now: datetime.datetime) -> int:
    """Ask the clinical lead to look at a month's sample; returns how many were opened, none the second time."""
    size = _size()
    if size is None:
        return 0
    sample = drawn(month=month, **size)
    ids = [version.public_id for version in sample]
    earlier = FlowCase.objects.filter(subject_kind=SAMPLE_KIND, subject_id__in=ids)
    known = set(earlier.values_list("subject_id", flat=True))
    new = [version for version in sample if version.public_id not in known]
    with transaction.atomic():
        for version in new:
            cases.open_case(by=by, subject_kind=SAMPLE_KIND, subject_id=version.public_id, now=now)
        detail = size | {"population": _population(month).count(), "drawn": len(sample), "opened": len(new)}
        record(by=by, action="plan.sampled", target=("plansample", f"{month:%Y-%m}"), detail=detail)
    return len(new)


def draw_last_month(*, by: Actor, now: datetime.datetime) -> int:
    """The sample of the month before this one."""
    return draw(by=by, month=add_months(month_of(now), -1), now=now)


def _size() -> dict[str, int] | None:
    """How large the flow in use wants the sample; None when no flow draws one."""
    opening = definitions.opening_in_use(SAMPLE_KIND)
    uses = [use for use in opening.guards if use.name == GUARD] if opening else []
    return dict(uses[0].params) if uses else None


def _population(month: datetime.date) -> QuerySet[CarePlanVersion]:
    begin, end = (datetime.datetime.combine(day, datetime.time.min, LONDON) for day in (month, add_months(month, 1)))
    rows = CarePlanVersion.objects.filter(written_and_approved_by_one=True, approved_at__gte=begin, approved_at__lt=end)
    return rows.order_by("pk")


def _lot(month: datetime.date, version: CarePlanVersion) -> str:
    return hashlib.sha256(f"{month:%Y-%m}:{version.chain_sha256}".encode()).hexdigest()
