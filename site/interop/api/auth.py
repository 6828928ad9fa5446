"""Bearer tokens of connected systems (OAuth2 client credentials) become actors."""

from django.http import HttpRequest
from ninja.security import HttpBearer
from oauth2_provider.oauth2_backends import get_oauthlib_core

from governance.actors import Actor
from governance.enums import ActorKind


class SystemToken(HttpBearer):
    """Accepts a live access token that carries every scope asked for; the gate decides what its client may do."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = list(scopes)

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        valid, oauth_request = get_oauthlib_core().verify_request(request, scopes=self.scopes)
        if not valid:
            return None
        client_id = oauth_request.client.client_id
        return Actor(
            kind=ActorKind.SYSTEM,
            label=f"system {client_id[:12]}",
            client_id=client_id,
            request_id=getattr(request, "request_id", ""),
            route="api:availability",
        )
