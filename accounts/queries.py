"""Reads about people's accounts."""

from __future__ import annotations

from datetime import datetime

from .models import ApiToken, AuditEntry, User
from .tokens import digest_of


def live_token(raw: str, *, now: datetime) -> ApiToken | None:
    """Return the token if it is known, not revoked, not over, and its person still active."""
    return (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(raw), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )


def own_tokens(user: User) -> list[ApiToken]:
    return list(user.api_tokens.filter(revoked_at=None).order_by("-created_at"))


def own_trail(user: User, *, limit: int = 20) -> list[AuditEntry]:
    """Return the latest lines about this person's own account."""
    return list(AuditEntry.objects.filter(target=f"accounts.user:{user.pk}").order_by("-at")[:limit])


def person_with_phone(phone: str) -> User | None:
    return User.objects.filter(phone=phone).first()
