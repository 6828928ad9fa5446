"""Who an account acts as is asked anew at every request: what was withdrawn a moment ago is gone."""

import datetime

import pytest

from core import clock
from governance import acting
from governance.models import Organisation
from governance.selectors.capacities import capacities_of
from governance.services import grants
from tests.factories import governance as make
from tests.worlds import shared

DAY = datetime.timedelta(days=1)


@shared
def officer():
    return make.staff(make.organisation(care_setting="host", agreement="none"), "ig_officer")


def led_by(user, officer, **fields):
    organisation = make.organisation(**fields)
    grants.grant(user=user, subject=organisation, until=clock.now() + DAY, reason="Joining", by=officer)
    return organisation


def browser_of_lead(user, organisation):
    client = make.Client()
    client.force_login(user)
    session = client.session
    session[acting.SESSION_KEY] = f"lead:{organisation.public_id}"
    session[make.second_factor.SET_UP] = 1.0
    session.save()
    return client


def withdrawn(user, organisation, officer):
    grants.revoke(user=user, subject=organisation, by=officer)


def past_its_end(user, organisation, officer):
    user.temporary_grants.update(expires_at=clock.now())


def without_guardian_row(user, organisation, officer):
    user.organisationuserpermission_set.all().delete()


@pytest.mark.parametrize("harm", [withdrawn, past_its_end, without_guardian_row])
def test_a_lead_by_grant_is_none_at_the_request_after_its_end(officer, harm):
    user = make.user()
    organisation = led_by(user, officer)
    client, page = browser_of_lead(user, organisation), f"/organisations/{organisation.public_id}/"
    assert client.get(page).status_code == 200
    harm(user, organisation, officer)
    assert client.get(page).status_code in (403, 404)
    assert [capacity.key for capacity in capacities_of(user)] == ["learner"]


def test_each_account_finds_its_own_places_however_they_are_asked_in_turn(officer):
    users = [make.user() for _ in range(2)]
    homes = [led_by(user, officer, name=f"Led {number}") for number, user in enumerate(users)]
    for _ in range(2):
        for user, home in zip(users, homes, strict=True):
            assert [(each.key, each.organisation_name) for each in capacities_of(user)] == [
                (f"lead:{home.public_id}", home.name)
            ]
    Organisation.objects.filter(pk=homes[0].pk).update(name="Renamed")
    assert capacities_of(users[0])[0].organisation_name == "Renamed"


def test_an_account_on_no_list_costs_one_query_for_each_way_of_acting(officer, django_assert_num_queries):
    user = make.user()
    capacities_of(user)
    with django_assert_num_queries(4):  # staff lists, leads, the person, those who act for a person
        capacities_of(user)
