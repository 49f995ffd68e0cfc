"""People, their tokens and their consent: one verb per use case, one transaction each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from .models import ApiToken, Consent, Heartbeat, User

SCOPES = ("catalogue:read", "bookings:read", "bookings:write", "runs:write", "facility:write", "reports:read")
CONSENT_VERSION = 1
TOKEN_PREFIX = "rp_"


class PhoneTaken(Exception):
    """Somebody signs in with this number already."""


@transaction.atomic
def register(*, phone: str, name: str, password: str, now: datetime, language: str = "id") -> User:
    """Make a person who can sign in and record that they agreed to how their data is used.

    `phone` is normalised. Raises `PhoneTaken`, or Django's `ValidationError` for a weak password.
    """
    user = User(phone=phone, name=name, language=language, joined_at=now)
    validate_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise PhoneTaken from error
    Consent.objects.create(user=user, purpose="bookings", version=CONSENT_VERSION, given_at=now)
    return user


@transaction.atomic
def change_profile(*, user: User, name: str, email: str, language: str) -> User:
    """Change what a person may change of themselves."""
    user.name, user.email, user.language = name, email, language
    user.save(update_fields=["name", "email", "language"])
    return user


@transaction.atomic
def issue_token(*, user: User, scopes: Sequence[str], days: int, now: datetime) -> str:
    """Return a new bearer token, shown once; only its digest is stored. Unknown scopes are a ValueError."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise ValueError(f"unknown scope: {', '.join(unknown) or 'none given'}")
    if not 1 <= days <= 366:
        raise ValueError("a token lives 1 to 366 days")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user, digest=digest_of(token), scopes=list(scopes), created_at=now, expires_at=now + timedelta(days=days)
    )
    return token


@transaction.atomic
def revoke_token(*, token: ApiToken, now: datetime) -> None:
    """Make a token open nothing from now on."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)


def token_used(token: str, *, now: datetime) -> ApiToken | None:
    """Return the valid token with its user, or None. Remembers the day of its last use, not every call."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(token), revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if found and (found.last_used_at is None or now - found.last_used_at > timedelta(hours=1)):
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def digest_of(token: str) -> str:
    """Return the hex SHA-256 by which a token is found."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def beat(*, name: str, now: datetime) -> None:
    """Record that a background process is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": now})
