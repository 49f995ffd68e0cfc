"""Booking references: short enough to say aloud, random enough not to be guessed in order. Pure."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: what is read over a bad line is typed right."""

LENGTH = 6


def new_reference(prefix: str) -> str:
    """Return `PTK-4K7M2Q`: three letters of the house and six random ones (31⁶ ≈ 887 million)."""
    letters = "".join(char for char in prefix.upper() if char in ALPHABET or char in "OIL")[:3] or "RPK"
    return f"{letters}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def normalised(typed: str) -> str:
    """Return what a person typed as a reference is stored: upper case, without stray blanks."""
    compact = "".join(typed.upper().split())
    if "-" not in compact and len(compact) == 3 + LENGTH:
        return f"{compact[:3]}-{compact[3:]}"
    return compact
