"""What dates do to agreements: somebody is asked to renew one before it lapses; the case of one that lapsed ends."""

import datetime

from django.db.models import F, Q

from core import clock
from governance.actors import Actor
from governance.models import Agreement
from workflows.models import FlowCase
from workflows.selectors import definitions
from workflows.services import cases, following
from workflows.subjects.agreements import KIND, RENEWAL_DAYS, has_ended, is_ending

#: How a case ends in which both signed; every other case of an agreement in force was about its renewal.
CONCLUDED = "in_force"


def follow_dates(*, by: Actor, now: datetime.datetime) -> dict[str, int]:
    """Open the renewals that are due and close those that time has overtaken; how many of each."""
    if not definitions.in_use_for(KIND):
        return {"opened": 0, "lapsed": 0}
    return {"lapsed": _close_lapsed(by, now), "opened": _open_due(by, now)}


def _open_due(by: Actor, now: datetime.datetime) -> int:
    """A case for each agreement in force that nears its end, once for each end."""
    today = clock.today(now)
    latest = today + datetime.timedelta(days=RENEWAL_DAYS)
    newer_text = Q(template_version__template__versions__number__gt=F("template_version__number"))
    near = Agreement.objects.filter(Q(ends_on__range=(today, latest)) | newer_text).distinct().order_by("pk")
    asked = now - datetime.timedelta(days=RENEWAL_DAYS)
    about_it = FlowCase.objects.filter(subject_kind=KIND).exclude(outcome=CONCLUDED)
    known = set(about_it.filter(Q(closed_at=None) | Q(opened_at__gte=asked)).values_list("subject_id", flat=True))
    due = [row for row in near if row.public_id not in known and is_ending(row, today)]
    for row in due:
        cases.open_case(by=by, subject_kind=KIND, subject_id=row.public_id, now=now)
    return len(due)


def _close_lapsed(by: Actor, now: datetime.datetime) -> int:
    ids = FlowCase.objects.filter(subject_kind=KIND, closed_at=None).values_list("subject_id", flat=True)
    lapsed = [row for row in Agreement.objects.filter(public_id__in=list(ids)) if has_ended(row, clock.today(now))]
    for row in lapsed:
        following.follow(by=by, happening="agreement.lapsed", subject_id=row.public_id, now=now)
    return len(lapsed)
