"""The forms of an account: allauth's, with messages in the service's voice. ACCOUNT_FORMS and MFA_FORMS name them."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp

from core import remembered_address
from core.forms import word_messages

#: How messages name what is asked for.
SUBJECTS = {
    "login": "your email address",
    "email": "your email address",
    "password": "your password",
    "oldpassword": "your current password",
    "password1": "a password",
    "password2": "the password again",
    "code": "the code",
}


class Worded:
    """Says what to do about a missing or wrong answer."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.subject = SUBJECTS.get(name, "")
            word_messages(name, field)


class LoginForm(Worded, account.LoginForm):
    """E-mail address and password; the address is filled in where its owner asked for that on this device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].initial = remembered_address.remembered(self.request)


class SignupForm(Worded, account.SignupForm):
    """A new account, to learn with."""


class AddEmailForm(Worded, account.AddEmailForm):
    """Another address."""


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """A new password in place of one that is known."""


class SetPasswordForm(Worded, account.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Asks for a link to choose a new password by."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """A new password, behind that link."""


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """The password once more."""


class AuthenticateForm(Worded, second_step.AuthenticateForm):
    """The second step of signing in."""


class SecondReauthenticateForm(Worded, second_step.ReauthenticateForm):
    """The second step once more."""


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""
