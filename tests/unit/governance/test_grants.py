"""Access given for a time: with a reason, an end and a row of its own."""

import datetime

import pytest
import time_machine

from core import clock
from core.exceptions import NotAllowed, Refused
from governance.models import OrganisationUserPermission, TemporaryGrant, User
from governance.selectors.grants import live_lead_grants
from governance.services import grants
from tests.factories import governance as make

DAY = datetime.timedelta(days=1)


def leads(user, organisation):
    """As the gate asks it."""
    return live_lead_grants(user.pk, clock.now()).filter(content_object=organisation).exists()


def test_a_grant_and_its_guardian_row_come_and_go_together(host_officer, practice, job_actor):
    user = make.user()
    grant = grants.grant(user=user, subject=practice, until=clock.now() + DAY, reason="Joining", by=host_officer)
    assert leads(user, practice)
    assert OrganisationUserPermission.objects.filter(user=user).count() == 1
    TemporaryGrant.objects.filter(pk=grant.pk).update(expires_at=clock.now() - DAY)
    assert not leads(user, practice)
    assert grants.sweep(by=job_actor) == 1
    assert not OrganisationUserPermission.objects.filter(user=user).exists()
    assert grants.sweep(by=job_actor) == 0
    assert TemporaryGrant.objects.filter(pk=grant.pk).exists()


def test_a_grant_given_anew_outlives_the_one_before_it(host_officer, practice, job_actor):
    user = make.user()
    first = grants.grant(user=user, subject=practice, until=clock.now() + DAY, reason="Joining", by=host_officer)
    grants.grant(user=user, subject=practice, until=clock.now() + 9 * DAY, reason="Longer", by=host_officer)
    TemporaryGrant.objects.filter(pk=first.pk).update(expires_at=clock.now() - DAY)
    assert grants.sweep(by=job_actor) == 0
    assert leads(user, practice)


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_grant_ends_in_the_future_and_within_a_year(host_officer, practice, days):
    with pytest.raises(Refused):
        grants.grant(
            user=make.user(), subject=practice, until=clock.now() + days * DAY, reason="Joining", by=host_officer
        )


def test_a_year_counts_days_in_london_also_when_one_of_them_is_longer(db):
    with time_machine.travel(datetime.datetime(2027, 10, 31, 0, 30, tzinfo=clock.LONDON)):
        practice = make.organisation()
        officer = make.staff(make.organisation(care_setting="host", agreement="in_force"), role="ig_officer")
        midnight = datetime.datetime(2028, 10, 31, tzinfo=clock.LONDON)
        given = {"user": make.user(), "subject": practice, "reason": "Joining", "by": officer}
        assert grants.grant(**given, until=midnight).expires_at == midnight
        with pytest.raises(Refused):
            grants.grant(**given, until=midnight + DAY)


def test_nobody_grants_themselves_or_without_the_right(host_officer, lead, practice):
    me = User.objects.get(pk=host_officer.user_id)
    with pytest.raises(Refused):
        grants.grant(user=me, subject=practice, until=clock.now() + DAY, reason="Me", by=host_officer)
    with pytest.raises(NotAllowed):
        grants.grant(user=make.user(), subject=practice, until=clock.now() + DAY, reason="Friend", by=lead)
