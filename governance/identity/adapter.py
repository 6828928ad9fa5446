"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail address."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors."""
