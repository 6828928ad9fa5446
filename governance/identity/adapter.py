"""How allauth behaves here: one door, the same words for known and unknown, secrets kept unreadable."""

import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse

from core import encryption, remembered_address
from governance.identity import second_factor, sessions
from governance.models import User
from governance.selectors import capacities

#: How long after signing in somebody counts as having just signed in.
FRESH_SECONDS = 5 * 60


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail address. Anybody may open one to learn; it opens nothing else."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Ring the service desk.",
        "email_password_mismatch": "The email address or the password is not right",
        "too_many_login_attempts": "There were too many attempts to sign in. Wait 5 minutes, then try again",
        "incorrect_password": "The password is not right",
        "incorrect_code": "The code is not right",
        "rate_limited": "There were too many attempts. Wait 5 minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Learners make their own account; every other role comes from a staff list."""
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Somebody with several places says first which one they act under."""
        user = cast(User, request.user)
        if len(capacities.current_capacities_of(user)) > 1:
            return reverse("governance:acting_for")
        return resolve_url(super().get_login_redirect_url(request))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Remember the address on this device, for those who chose that."""
        response = super().post_login(request, user, **kwargs)
        remembered_address.keep(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who has just signed in sets up a first second factor without typing the password again.

        Then they see their recovery codes: the code they have just typed proves as much.
        """
        now, session = time.time(), self.request.session
        if now - session.get(sessions.STARTED, 0) < FRESH_SECONDS and not is_mfa_enabled(self.request.user):
            return False
        if now - session.get(second_factor.SET_UP, 0) < FRESH_SECONDS:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No notices after signing in or out: the page itself shows it."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are unreadable in a copy of the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is not right. Enter the one your app shows now, or a recovery code",
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text.encode())
