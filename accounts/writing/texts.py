"""What people type and paste: marks that nobody sees, and letters that people take for the same. Pure."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb"
)
"""Soft hyphen, zero-width signs, direction marks and overrides, word joiner, byte-order mark, fillers.

Contacts and web pages give them along when a number or a name is copied. Kept, they make two names of one, and
turn what stands beside them on the screen around. A class of signs, as regular expressions write it.
"""
INVISIBLE = re.compile(f"[{UNSEEN}]")
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Of these, the marks that turn the direction of what follows. Joiners are part of how some scripts and signs are written."""
LONGEST_KEY = 240


def visible(text: str) -> str:
    """Return a text without the marks that nobody sees."""
    return INVISIBLE.sub("", text)


def paragraph(text: str) -> str:
    """Return a longer text without the marks that turn its surroundings around; nothing, if nobody would see any of it."""
    return TURNING.sub("", text) if visible(text).strip() else ""


def folded(text: str) -> str:
    """Return the key by which a name sorts and is found: `Élan  Kopi` and `elan kopi` are one.

    Compatible forms made one (NFKD), case folded, accents and invisible marks left out, blanks squeezed. At most
    `LONGEST_KEY` long, for a letter may become many.
    """
    once = unicodedata.normalize("NFKD", visible(text)).casefold()
    letters = (sign for sign in unicodedata.normalize("NFKD", once) if not unicodedata.combining(sign))
    return " ".join("".join(letters).split())[:LONGEST_KEY].rstrip()
