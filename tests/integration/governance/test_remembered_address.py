"""The sign-in page fills the address in only where its owner asked for that."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from tests.factories import governance as make

pytestmark = pytest.mark.django_db


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})


@pytest.fixture
def learner():
    user = make.user("remember.me@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def after_signing_out(client):
    client.post(reverse("account_logout"))
    return client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(("choice", "filled"), [("yes", True), ("no", False), ("", False)])
def test_the_address_is_filled_in_only_after_a_yes(client, learner, choice, filled):
    if choice:
        client.post(reverse("cookies"), {"remember": choice})
    assert sign_in(client, learner).status_code == 302
    assert (learner.email in after_signing_out(client)) is filled


def test_changing_the_choice_to_no_throws_the_address_away(client, learner):
    client.post(reverse("cookies"), {"remember": "yes"})
    sign_in(client, learner)
    client.post(reverse("cookies"), {"remember": "no"})
    assert "foreword_address" not in {name for name, cookie in client.cookies.items() if cookie.value}
    assert learner.email not in after_signing_out(client)


def test_an_address_somebody_wrote_into_the_cookie_is_not_shown(client, learner):
    client.post(reverse("cookies"), {"remember": "yes"})
    client.cookies["foreword_address"] = "forged@example.org:x:y"
    assert "forged@example.org" not in client.get(reverse("account_login")).content.decode()
