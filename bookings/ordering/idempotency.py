"""The same request twice is one effect and one answer (after Stripe's contract).

The key is stored in the transaction of the effect itself, so there is never one
without the other. A stored answer is looked up only when something stands in the
way: the ordinary, first request pays one insert and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from bookings.models import IdempotencyKey
from facilities.errors import BadInput, Refusal
from facilities.transactions import in_one_transaction

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status and a body that JSON can hold."""

    status: int
    body: dict[str, object]


def fingerprint(*parts: object) -> str:
    """Return the SHA-256 of a request's method, path and body; the order of a body's keys does not matter."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def once(*, user: User, key: str, fingerprint: str, now: datetime, act: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Run `act` and keep its answer under the key; a request that came before is answered with that answer.

    Returns the answer and whether it is a replay. `act` writes inside the transaction
    that stores the key. Raises what `act` raises when nothing is stored under the key,
    and `BadInput` when the key was used for another request.
    """
    try:
        return _act_and_remember(user=user, key=key, fingerprint=fingerprint, now=now, act=act), False
    except (Refusal, IntegrityError):
        stored = replay(user=user, key=key, fingerprint=fingerprint)
        if stored is None:
            raise
        return stored, True


def replay(*, user: User, key: str, fingerprint: str) -> Answer | None:
    """Return the answer stored under a key, or None; raise `BadInput` when it answered another request."""
    row = IdempotencyKey.objects.filter(user=user, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise BadInput(
            "Idempotency-Key",
            "key_reused",
            "Kunci ini sudah dipakai untuk permintaan lain.",
            "This key has been used for another request.",
        )
    return Answer(row.status, row.body)


def remember(*, user: User, key: str, fingerprint: str, answer: Answer, now: datetime) -> None:
    """Store an answer under a key, in the caller's transaction. A key that exists is an IntegrityError."""
    IdempotencyKey.objects.create(
        user=user, key=key, fingerprint=fingerprint, status=answer.status, body=answer.body, made_at=now
    )


@in_one_transaction
def _act_and_remember(
    *, user: User, key: str, fingerprint: str, now: datetime, act: Callable[[], Answer]
) -> Answer:
    answer = act()
    remember(user=user, key=key, fingerprint=fingerprint, answer=answer, now=now)
    return answer


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
