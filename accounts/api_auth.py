"""Who is asking the API: a bearer token with scopes, or the signed-in session with its CSRF token.

For the apps' api modules:  `auth=may("bookings:write")`.  Either way `request.user` is the person.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError, HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.throttling import BaseThrottle
from ninja.utils import check_csrf

from . import services
from .models import User

WRITES_PER_MINUTE = 1200
"""Per person: twenty a second is far more than hands or an honest script need."""


class Bearer(HttpBearer):
    """`Authorization: Bearer …` whose token carries one of `scopes`, or any token where none is named."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = services.token_used(token, now=timezone.now())
        if found is None:
            return None
        if self.scopes and not set(self.scopes) & set(found.scopes):
            raise HttpError(403, f"This token lacks the scope {' or '.join(self.scopes)}.")
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


def may(*scopes: str) -> list[Bearer | Session]:
    """Return the ways to sign in for an operation that needs one of `scopes`."""
    return [Bearer(*scopes), _session]


def asker(request: HttpRequest) -> User:
    """Return who asks a public operation about something of their own; nobody signed in is 401."""
    for way in may("catalogue:read", "bookings:read"):
        found = way(request)
        if found:
            return found
    raise AuthenticationError


class WriteLimit(BaseThrottle):
    """At most so many writes per person in one minute; what is more is 429. Counted per process."""

    def allow_request(self, request: HttpRequest) -> bool:
        key = f"api.writes.{request.user.pk}"
        cache.add(key, 0, timeout=60)
        try:
            return cache.incr(key) <= WRITES_PER_MINUTE
        except ValueError:  # the minute ended between the two
            return True

    def wait(self) -> float:
        return 60


WRITES = [WriteLimit()]
