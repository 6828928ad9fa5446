"""The sign-in form: the address is filled in where its owner asked for that on this device."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm

from core import remembered_address


class LoginForm(AllauthLoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].initial = remembered_address.remembered(self.request)
