"""Booking references: short enough to say aloud, random enough not to be guessed in order. Pure."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: what is read over a bad line is typed right."""

LENGTH = 6


VOWELS = str.maketrans("", "", "aeiou")


def new_reference(house: str) -> str:
    """Return `PNT-4K7M2Q`: three letters of the house's slug and six random ones (31⁶ ≈ 887 million)."""
    letters = "".join(char for char in house[:1] + house[1:].translate(VOWELS) if char.isascii() and char.isalpha())
    return f"{letters.upper()[:3]:P<3}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def normalised(typed: str) -> str:
    """Return what a person typed as a reference is stored: upper case, without stray blanks."""
    compact = "".join(typed.upper().split())
    if "-" not in compact and len(compact) == 3 + LENGTH:
        return f"{compact[:3]}-{compact[3:]}"
    return compact
