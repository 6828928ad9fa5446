"""A session and its account are read anew at every request: what ended a moment ago has ended."""

import datetime

import pytest
from django.contrib.sessions.models import Session

from core import clock
from governance.models import User
from tests.factories import governance as make
from tests.worlds import shared

PAGE = "/learning/"


@shared
def learner():
    return make.user()


@pytest.fixture
def browser(learner):
    client = make.Client()
    client.force_login(learner)
    assert client.get(PAGE).status_code == 200
    return client


def closed(learner):
    User.objects.filter(pk=learner.pk).update(is_active=False)


def other_password(learner):
    learner.set_password("another horse battery staple")
    learner.save()


def session_deleted(learner):
    Session.objects.all().delete()


def session_expired(learner):
    Session.objects.update(expire_date=clock.now() - datetime.timedelta(seconds=1))


def session_rewritten(learner):
    Session.objects.update(session_data="e30:forged")


@pytest.mark.parametrize("harm", [closed, other_password, session_deleted, session_expired, session_rewritten])
def test_whoever_is_out_is_out_at_the_next_request(browser, learner, harm):
    harm(learner)
    answer = browser.get(PAGE)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


def test_an_account_as_it_is_now_is_what_a_request_sees(browser, learner):
    User.objects.filter(pk=learner.pk).update(first_name="Renamed")
    assert browser.get(PAGE).wsgi_request.user.first_name == "Renamed"


def test_two_sessions_asked_in_turn_stay_apart(browser, learner):
    other, stranger = make.Client(), make.Client()
    somebody = make.user()
    other.force_login(somebody)
    for _ in range(2):
        assert browser.get(PAGE).wsgi_request.user == learner
        assert other.get(PAGE).wsgi_request.user == somebody
        assert not stranger.get("/cookies/").wsgi_request.user.is_authenticated


@pytest.mark.parametrize("key", ["", "short", "x" * 32, "' OR 1=1 --", "é" * 32])
def test_a_made_up_session_is_a_stranger_s(browser, key):
    client = make.Client()
    client.cookies["sessionid"] = key
    assert client.get(PAGE).status_code == 302
