"""What every page knows about the site and the person in front of it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `site`, worked out only when a template asks for it."""
    return {"site": SimpleLazyObject(lambda: _site(request))}


def _site(request: HttpRequest) -> dict[str, Any]:
    return {
        "is_demo": False,
        "role": "public",
        "waiting_count": 0,
        "unread": 0,
        "facility": None,
        "home_url": "/",
    }
