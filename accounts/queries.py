"""Reads about people's accounts."""

from __future__ import annotations

from .models import ApiToken, AuditEntry, User


def own_tokens(user: User) -> list[ApiToken]:
    """Return a person's tokens that were not revoked, the newest first."""
    return list(user.api_tokens.filter(revoked_at=None).order_by("-created_at"))


def own_trail(user: User, *, limit: int = 20) -> list[AuditEntry]:
    """Return the latest lines about this person's own account."""
    return list(AuditEntry.objects.filter(target=f"accounts.user:{user.pk}").order_by("-at")[:limit])


def person_with_phone(phone: str) -> User | None:
    """Return who signs in with this number, written +62…."""
    return User.objects.filter(phone=phone).first()
