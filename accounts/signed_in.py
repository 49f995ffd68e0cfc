"""Who asks, for pages behind the sign-in."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in; only behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user
