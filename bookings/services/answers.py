"""A refusal kept under its idempotency key, so that the same request is refused in the same words."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from bookings.services.idempotency import Answer, remember, replay


def keep_refusal(
    *, user: User, key: str, fingerprint: str, document: dict[str, object], now: datetime
) -> tuple[Answer, bool]:
    """Store a 409 under its key; return what stands there then, and whether it stood there before.

    The refused booking wrote nothing, so this is its own transaction. Raises `BadInput`
    when the key has meanwhile answered another request.
    """
    answer = Answer(409, document)
    try:
        with transaction.atomic():
            remember(user=user, key=key, fingerprint=fingerprint, answer=answer, now=now)
    except IntegrityError:
        stored = replay(user=user, key=key, fingerprint=fingerprint)
        return (stored, True) if stored else (answer, False)
    return answer, False
