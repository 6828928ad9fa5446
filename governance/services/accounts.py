"""Accounts: inviting somebody to one, closing it, ending its sessions."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from core import clock
from core.exceptions import Refused
from governance import gate
from governance.actors import Actor
from governance.enums import Action
from governance.models import User
from governance.services import audit


@transaction.atomic
def for_email(*, email: str, first_name: str = "", last_name: str = "", by: Actor) -> User:
    """The account with this address, made without a password when there is none; its owner sets one by e-mail.

    The caller has asked the gate: an account alone opens nothing but lessons.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        words = "Enter an email address in the correct format, like name@example.com"
        raise Refused(words, "email") from None
    found = User.objects.filter(email=address).first()
    if found:
        return _named(found, first_name.strip(), last_name.strip(), by)
    user = User.objects.create_user(address, None, first_name=first_name.strip(), last_name=last_name.strip())
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=False)
    audit.record(by=by, action="account.invited", target=user)
    return user


def _named(user: User, first_name: str, last_name: str, by: Actor) -> User:
    """Whoever signed up alone gave no name; others must read one beside what they write. A name given stays."""
    if (first_name or last_name) and not user.get_full_name():
        user.first_name, user.last_name = first_name, last_name
        user.save(update_fields=["first_name", "last_name"])
        audit.record(by=by, action="account.named", target=user)
    return user


@transaction.atomic
def forget_unconfirmed_password(*, user: User, by: Actor) -> User:
    """Void a password chosen under an address nobody confirmed: whoever signed up may not be who reads the mailbox.

    Asked before an account is opened to somebody's health record; its owner sets a password by e-mail.
    """
    if user.has_usable_password() and not EmailAddress.objects.filter(user=user, verified=True).exists():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        end_sessions(user=user, by=by)
        audit.record(by=by, action="account.password_voided", target=user)
    return user


@transaction.atomic
def confirm_only_address(*, user: User, by: Actor) -> None:
    """Confirm the account's address when its owner has used the link that was sent there to choose a password.

    With several addresses nobody knows at which of them the link was read: then nothing is confirmed.
    """
    rows = list(EmailAddress.objects.select_for_update().filter(user=user))
    if len(rows) == 1 and rows[0].email == user.email and not rows[0].verified and rows[0].set_verified():
        audit.record(by=by, action="account.address_confirmed", target=user)


@transaction.atomic
def close(*, user: User, reason: str, by: Actor) -> User:
    """Close an account and end its sessions, at once. Its history stays."""
    gate.check(by, Action.ORGANISATION_JOIN)
    if by.user_id == user.pk:
        raise Refused("You cannot close your own account")
    if not reason.strip():
        raise Refused("Enter the reason", "reason")
    row = User.objects.select_for_update().get(pk=user.pk)
    row.is_active = False
    row.save(update_fields=["is_active"])
    end_sessions(user=row, by=by)
    audit.record(by=by, action="account.closed", target=row)
    return row


@transaction.atomic
def reopen(*, user: User, by: Actor) -> User:
    """Open a closed account again; whoever uses it has to sign in anew."""
    gate.check(by, Action.ORGANISATION_JOIN)
    row = User.objects.select_for_update().get(pk=user.pk)
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit.record(by=by, action="account.reopened", target=row)
    return row


@transaction.atomic
def end_sessions(*, user: User, by: Actor) -> None:
    """Every session of this account that has begun is over from its next request."""
    User.objects.filter(pk=user.pk).update(sessions_end_before=clock.now())
    audit.record(by=by, action="account.sessions_ended", target=user)
