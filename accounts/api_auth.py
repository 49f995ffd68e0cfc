"""Who is asking the API: a bearer token with scopes, or the signed-in session with its CSRF token.

For the apps' api modules:  `auth=may("bookings:write")`.  Either way `request.user` is the person.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from . import services
from .models import User


class Token(HttpBearer):
    """`Authorization: Bearer …` whose token carries `scope`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = services.token_used(token, now=timezone.now())
        if found is None:
            return None
        if self.scope not in found.scopes:
            raise HttpError(403, f"This token lacks the scope {self.scope}.")
        request.user = found.user
        return found.user


class Session(APIKeyCookie):
    """The session cookie of the site; a write also needs the CSRF token in X-CSRFToken.

    Nobody signed in is 401, whatever else is missing: only then is the token looked at.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        # A request that says it uses a token is judged by the token alone.
        if "Authorization" in request.headers or not isinstance(request.user, User):
            return None
        if check_csrf(request):
            raise HttpError(403, "The CSRF token is missing or wrong.")
        return request.user


_session = Session()


def may(scope: str) -> list[Token | Session]:
    """Return the ways to sign in for an operation that needs `scope`."""
    return [Token(scope), _session]
