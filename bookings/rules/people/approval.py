"""Who answers: the house by itself, or a person."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import BELOW_LIMIT, MANUAL, VERIFIED, Question, Rule
from facilities.errors import ASK, Reason


def needs_manager(q: Question) -> Reason | None:
    """By the house's setting a person looks first: always, above a length, or unless a verified producer stays below it."""
    approval, limit = q.rules.approval, q.rules.approval_limit
    short = q.request.minutes <= limit
    verified = q.party is not None and q.party.is_verified
    if approval == MANUAL:
        return _asks("Semua pesanan di sini dijawab petugas.", "A person answers every booking here.", limit)
    if approval == BELOW_LIMIT and not short:
        return _asks(
            f"Pesanan lebih dari {words.duration(limit)} dijawab petugas.",
            f"A person answers bookings longer than {words.duration(limit, 'en')}.",
            limit,
        )
    if approval == VERIFIED and not (short and verified):
        return _asks(
            f"Otomatis hanya untuk pelaku usaha terverifikasi sampai {words.duration(limit)}.",
            f"At once only for verified producers up to {words.duration(limit, 'en')}.",
            limit,
        )
    return None


def _asks(id_: str, en: str, limit: int) -> Reason:
    return Reason("needs_manager", id=id_, en=en, values={"approval_limit": limit}, overridable=True, effect=ASK)


RULE = Rule("approval", 300, needs_manager)
