"""People, their tokens and their consent: one verb per use case, one transaction each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from .models import ApiToken, AuditEntry, Consent, Heartbeat, User

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


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime) -> None:
    """Set a new password. Every other session of this person ends with it."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=user, action="password_changed", target=user, now=now)


@transaction.atomic
def end_other_sessions(*, user: User, keep: str | None, now: datetime) -> int:
    """Sign the person out everywhere but in the session `keep`; return how many sessions ended."""
    theirs = [
        session.session_key
        for session in Session.objects.filter(expire_date__gt=now).exclude(session_key=keep or "").iterator()
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(session_key__in=theirs).delete()
    record(actor=user, action="other_sessions_ended", target=user, now=now, after={"count": len(theirs)})
    return len(theirs)


@transaction.atomic
def withdraw_consent(*, user: User, purpose: str, now: datetime) -> None:
    """Withdraw every consent for a purpose (UU 27/2022 art. 9)."""
    user.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=now)
    record(actor=user, action="consent_withdrawn", target=user, now=now, after={"purpose": purpose})


@transaction.atomic
def record(
    *,
    actor: User | None,
    action: str,
    target: object,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Append one line to the trail. `target` is a model instance, or text for what has no row."""
    meta = getattr(target, "_meta", None)
    label = f"{meta.label_lower}:{getattr(target, 'pk', '')}" if meta else str(target)
    AuditEntry.objects.create(
        at=now,
        actor=actor,
        action=action,
        target=label,
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
    )


@transaction.atomic
def make_admin(*, user: User, actor: User | None, now: datetime) -> None:
    """Let a person do everything, everywhere. `actor` is None when the command line does it."""
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    record(actor=actor, action="made_admin", target=user, now=now)
