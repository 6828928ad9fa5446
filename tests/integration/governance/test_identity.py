"""Signing in: one door, two factors, sessions that end."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from governance.identity import second_factor, sessions
from governance.identity.forms import Worded
from governance.models import AuditEvent, StaffListEntry, User
from governance.services import accounts, staff
from tests.factories import governance as make

pytestmark = pytest.mark.django_db
PAGE = "/organisations/acting-for/"


@pytest.fixture(autouse=True)
def fresh_limits(tmp_path, settings):
    settings.AUDIT_SPOOL_DIR = tmp_path / "spool"
    cache.clear()
    yield
    cache.clear()


def account_of(actor):
    user = User.objects.get(pk=actor.user_id)
    EmailAddress.objects.get_or_create(user=user, email=user.email, primary=True, verified=True)
    return user


def sign_in(client, email, password=make.PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_clinician_without_a_second_factor_is_sent_to_set_one_up(nurse):
    client = Client()
    answer = sign_in(client, account_of(nurse).email)
    assert answer.status_code == 302
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("mfa_activate_totp"))


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_set_up_after_signing_in_opens_the_pages_without_asking_again(nurse):
    client = Client()
    sign_in(client, account_of(nurse).email)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert client.get(PAGE).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_whoever_was_sent_to_set_a_second_factor_up_is_led_on_to_the_page_they_asked_for(nurse):
    client = Client()
    sign_in(client, account_of(nurse).email)
    client.get("/worklist/", follow=True)
    secret = client.session["mfa.totp.secret"]
    codes = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    assert 'class="nhsuk-button" href="/worklist/"' in codes.content.decode()


def test_signing_in_with_a_code_opens_the_pages(nurse):
    user, secret = account_of(nurse), generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    answer = sign_in(client, user.email)
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(PAGE).status_code == 302  # not in yet
    wrong = client.post(reverse("mfa_authenticate"), {"code": "no-code"}).content.decode()
    assert "The code is not right. Enter the one your app shows now" in wrong
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert client.get(PAGE).status_code == 200


def test_the_secret_of_a_second_factor_is_unreadable_in_the_database(nurse):
    secret = generate_totp_secret()
    TOTP.activate(account_of(nurse), secret)
    assert secret not in str(Authenticator.objects.get().data)


def test_a_session_whose_second_factor_was_not_given_is_asked_for_it(nurse):
    user = account_of(nurse)
    TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.force_login(user)
    assert client.get(PAGE)["Location"].startswith(reverse("mfa_reauthenticate"))
    assert second_factor.ON_THE_WAY_TO not in client.session, "later looks at the codes would lead back here"


def test_the_demo_flag_opens_nothing_outside_the_demo(nurse, settings):
    client = Client()
    client.force_login(account_of(nurse))
    session = client.session
    session[second_factor.DEMO_FLAG] = True
    session.save()
    assert client.get(PAGE).status_code == 302
    settings.DEMO = True
    assert client.get(PAGE).status_code == 200


def test_a_learner_needs_no_second_factor():
    user = make.user("learner@example.org")
    client = Client()
    client.force_login(user)
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
def test_a_wrong_password_is_answered_alike_for_known_and_unknown(email):
    known = make.user("known@example.org")
    EmailAddress.objects.create(user=known, email=known.email, primary=True, verified=True)
    answer = sign_in(Client(), email, "wrong")
    body = answer.content.decode().replace(email, "")
    assert answer.status_code == 200
    assert "The email address or the password is not right" in body
    assert AuditEvent.objects.filter(action="session.refused").count() == 1
    assert email not in str(AuditEvent.objects.values_list())


def test_five_wrong_passwords_lock_the_account_from_everywhere():
    user = make.user("known@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    for number in range(5):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(
            reverse("account_login"), {"login": user.email, "password": "wrong"}
        )
    answer = Client(REMOTE_ADDR="10.0.1.1").post(
        reverse("account_login"), {"login": user.email, "password": make.PASSWORD}
    )
    assert answer.status_code == 200
    assert "too many attempts" in answer.content.decode()


def test_a_successful_sign_in_does_not_wipe_the_failures_before_it():
    user = make.user("known@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    for _ in range(4):
        sign_in(Client(), user.email, "wrong")
    assert sign_in(Client(), user.email).status_code == 302
    sign_in(Client(), user.email, "wrong")
    assert "too many attempts" in sign_in(Client(), user.email).content.decode()


@pytest.mark.parametrize(
    ("started_ago", "seen_ago", "survives"),
    [
        (60, 60, True),
        (29 * 60, 29 * 60, True),
        (31 * 60, 31 * 60, False),
        (11 * 3600, 60, True),
        (12 * 3600 + 1, 60, False),
    ],
)
def test_sessions_end_after_rest_and_after_twelve_hours(nurse, client_of, started_ago, seen_ago, survives):
    client = client_of(nurse)
    session = client.session
    now = time.time()
    session[sessions.STARTED], session[sessions.SEEN] = now - started_ago, now - seen_ago
    session.save()
    answer = client.get(PAGE)
    assert (answer.status_code == 200) is survives
    assert AuditEvent.objects.filter(action="session.ended").exists() is not survives


def test_staying_signed_in_puts_rest_off(nurse, client_of):
    client = client_of(nurse)
    session = client.session
    asked = time.time()
    session[sessions.SEEN] = asked - 29 * 60
    session.save()
    assert client.post(reverse("session_keep_alive")).status_code == 204
    assert client.session[sessions.SEEN] >= asked


def test_a_stranger_cannot_keep_a_session_alive():
    assert Client().post(reverse("session_keep_alive")).status_code == 403


def test_closing_an_account_ends_its_sessions_at_once(nurse, client_of, host_officer):
    client = client_of(nurse)
    assert client.get(PAGE).status_code == 200
    accounts.close(user=User.objects.get(pk=nurse.user_id), reason="Left", by=host_officer)
    assert client.get(PAGE).status_code == 302


def test_suspending_somebody_ends_his_sessions_at_once(nurse, client_of, lead):
    client = client_of(nurse)
    staff.suspend(entry=StaffListEntry.objects.get(pk=nurse.entry_id), reason="Under review", by=lead)
    assert client.get(PAGE).status_code == 302


def test_taking_the_second_factor_away_ends_the_session(nurse):
    user, secret = account_of(nurse), generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    sign_in(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get(PAGE)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/password_reset/"])
def test_the_admins_own_login_is_shadowed(address):
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def choose_password_by_the_link_in_the_email(client, email):
    client.post(reverse("account_reset_password"), {"email": email})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]
    page = client.get(link)["Location"]
    return client.post(page, {"password1": make.PASSWORD, "password2": make.PASSWORD})


def test_somebody_invited_signs_in_once_the_password_is_chosen_by_the_link_in_the_email(nurse, host_officer):
    user = accounts.for_email(email="invited@example.org", by=host_officer)
    choose_password_by_the_link_in_the_email(Client(), user.email)
    client = Client()
    answer = sign_in(client, user.email)
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AuditEvent.objects.filter(action="account.address_confirmed", target_ref=str(user.public_id)).exists()


def test_a_password_chosen_by_a_link_confirms_none_of_several_addresses(host_officer):
    user = accounts.for_email(email="invited@example.org", by=host_officer)
    EmailAddress.objects.create(user=user, email="other@example.org", verified=False)
    choose_password_by_the_link_in_the_email(Client(), user.email)
    assert not EmailAddress.objects.filter(user=user, verified=True).exists()


def test_an_account_is_written_to_in_our_own_words(host_officer, client):
    user = accounts.for_email(email="invited@example.org", first_name="Ada", by=host_officer)
    choose_password_by_the_link_in_the_email(Client(), user.email)
    fields = {"email": "new@example.org", "password1": "a long enough sentence", "password2": "a long enough sentence"}
    client.post(reverse("account_signup"), fields)
    client.post(reverse("account_signup"), fields | {"email": user.email})
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        for stock in ("testserver!", "example.com!", "Hello from", "Thank you for using", "user user"):
            assert stock not in message.body, message.body
        assert message.subject.startswith("Foreword: ")
        assert "Ada" not in message.subject


def test_signing_up_makes_a_learner(client):
    fields = {"email": "new@example.org", "password1": "a long enough sentence", "password2": "a long enough sentence"}
    answer = client.post(reverse("account_signup"), fields)
    assert answer.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert not user.is_staff
    assert not user.staff_entries.exists()


def test_signing_up_again_says_nothing_about_the_first_account(client):
    fields = {"email": "new@example.org", "password1": "a long enough sentence", "password2": "a long enough sentence"}
    first = Client().post(reverse("account_signup"), fields)
    second = client.post(reverse("account_signup"), fields)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert User.objects.filter(email="new@example.org").count() == 1


STOCK = ("This field is required", "Enter a valid")


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        ("account_login", {}, ("Enter your email address", "Enter your password")),
        ("account_login", {"login": "x", "password": "y"}, ("like name@example.com",)),
        ("account_signup", {}, ("Enter your email address", "Enter a password", "Enter the password again")),
        ("account_signup", {"email": "x"}, ("like name@example.com",)),
        ("account_reset_password", {}, ("Enter your email address",)),
    ],
)
def test_the_pages_of_an_account_say_what_to_do(db, page, typed, said):
    answer = Client().post(reverse(page), typed).content.decode()
    assert all(words in answer for words in said)
    assert not any(words in answer for words in STOCK)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("account_change_password", ("Enter your current password", "Enter a password", "Enter the password again")),
        ("mfa_activate_totp", ("Enter the code",)),
    ],
)
def test_the_pages_of_an_account_that_is_signed_in_say_what_to_do(nurse, page, said):
    client = Client()
    sign_in(client, account_of(nurse).email)
    answer = client.post(reverse(page), {}).content.decode()
    assert all(words in answer for words in said)
    assert not any(words in answer for words in STOCK)


def test_every_form_of_an_account_that_is_asked_for_is_worded(settings):
    named = {**settings.ACCOUNT_FORMS, **settings.MFA_FORMS}
    assert all(issubclass(import_string(path), Worded) for path in named.values())
