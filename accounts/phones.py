"""Phone numbers as people write them, and the one form we keep. Pure."""

from __future__ import annotations

import re

SEPARATORS = re.compile(r"[\s.()/\-‐-―]+")
# Indonesian mobile numbers: 8 and eight to eleven more digits (numbering plan, KM 4/2001).
NATIONAL = re.compile(r"8[1-9][0-9]{7,10}")


def normalised(written: str) -> str:
    """Return +62… for a number written 0812…, 62812…, +62 812-…, or 812….

    Raises ValueError for anything that is not an Indonesian mobile number.
    """
    digits = SEPARATORS.sub("", written.strip())
    for prefix in ("+62", "0062", "62", "0"):
        if digits.startswith(prefix):
            digits = digits[len(prefix) :].removeprefix("0")
            break
    if not NATIONAL.fullmatch(digits):
        raise ValueError("not an Indonesian mobile number")
    return f"+62{digits}"


def masked(phone: str) -> str:
    """Return 0812-••••-••01: enough to recognise one's own, not enough to call a stranger's."""
    national = "0" + phone.removeprefix("+62")
    return f"{national[:4]}-••••-••{national[-2:]}"
