"""What signing in and out leaves in the trail, and what it sets in motion."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail.models import ModelLogEntry, PageLogEntry

from governance.actors import Actor, reference
from governance.enums import ActorKind
from governance.identity import second_factor, sessions
from governance.services import accounts, audit


def _account(user: Any, request: HttpRequest | None) -> Actor:
    """The account itself, before anybody knows under which place it acts."""
    return Actor(
        kind=ActorKind.STAFF,
        label=f"account {reference(user.public_id)}",
        user_id=user.pk,
        request_id=getattr(request, "request_id", ""),
    )


@receiver(auth_signals.user_logged_in)
def signed_in(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is None:
        return
    sessions.begin(request)
    audit.record(by=_account(user, request), action="session.started")


@receiver(auth_signals.user_logged_out)
def signed_out(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if user is not None:
        audit.record(by=_account(user, request), action="session.closed")


@receiver(auth_signals.user_login_failed)
def refused(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """One row for known and unknown addresses alike, without the address: neither time nor trail tells them apart."""
    by = Actor.anonymous(getattr(request, "request_id", ""))
    audit.record(by=by, action="session.refused", result="refused")


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
@receiver(account_signals.password_reset)
def password_changed(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    audit.record(by=_account(user, request), action="account.password_changed", target=user)


@receiver(account_signals.password_reset)
def address_shown(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """The link came by e-mail: whoever is invited need not confirm the same address by a second one."""
    accounts.confirm_only_address(user=user, by=_account(user, request))


@receiver(mfa_signals.authenticator_added)
def factor_added(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        second_factor.remember_set_up(request)
    audit.record(
        by=_account(user, request),
        action="account.factor_added",
        target=user,
        detail={"type": str(authenticator.type)},
    )


@receiver(mfa_signals.authenticator_removed)
def factor_removed(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """Sessions opened with a factor that is gone are over, this one too."""
    by = _account(user, request)
    detail = {"type": str(authenticator.type)}
    audit.record(by=by, action="account.factor_removed", target=user, detail=detail)
    accounts.end_sessions(user=user, by=by)


@receiver(post_save, sender=ModelLogEntry)
@receiver(post_save, sender=PageLogEntry)
def administered(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """What is done in the administration is in the trail as well: which act, on what, never its words."""
    if not created:
        return
    by = _account(instance.user, None) if instance.user else Actor.job("administration")
    kind = instance.content_type.model if instance.content_type else "page"
    target = (kind, str(getattr(instance, "page_id", None) or getattr(instance, "object_id", "")))
    audit.record(by=by, action=f"admin.{instance.action}"[:60], target=target)
