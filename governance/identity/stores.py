"""What every request asks of the database about its session and account, by queries that are built once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, DateTimeField

from core import clock
from governance.models import User
from governance.selectors.prepared import Prepared, Slot

_SESSION = Prepared(
    lambda: Session.objects.filter(session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField()))
)
_ACCOUNT = Prepared(lambda: User.objects.filter(pk=Slot("account", BigIntegerField())))


class SessionStore(DatabaseStore):
    """Sessions in the database, as Django keeps them."""

    def _get_session_from_db(self) -> Session | None:
        found: list[Session] = _SESSION.models(key=self.session_key, now=clock.now())
        if not found:
            self._session_key = None
        return next(iter(found), None)


class AccountBackend(AuthenticationBackend):
    """Signs in by e-mail address and password; a session's account is read anew at every request."""

    def get_user(self, user_id: Any) -> User | None:
        """The account; None when there is none, or it was closed."""
        account = next(iter(_ACCOUNT.models(account=user_id)), None)
        return account if account is not None and self.user_can_authenticate(account) else None
