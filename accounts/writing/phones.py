"""Phone numbers as people write them, and the one form we keep. Pure."""

from __future__ import annotations

import re
import unicodedata

from accounts.writing.texts import visible

BETWEEN = {"Zs", "Zl", "Zp", "Cc", "Pd"}
"""What stands between digits, by Unicode's categories: every blank, every dash."""
MARKS = frozenset(".()/−⁃")
"""And these; the last two are dashes that Unicode counts elsewhere."""
WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""Full-width signs, as a keyboard for Chinese or Japanese types them: ０８１２ and ＋６２."""
# Indonesian mobile numbers: 8 and eight to eleven more digits (numbering plan, KM 4/2001).
NATIONAL = re.compile(r"8[1-9][0-9]{7,10}")
LANDLINE = re.compile(r"[1-9][0-9]{5,11}")
COUNTRY = ("+62", "0062", "62", "0")


def normalised(written: str) -> str:
    """Return +62… for a number written 0812…, 62812…, +62 0812-…, 0062…, or 812….

    Whatever blanks, dashes or invisible marks it was pasted with. Raises ValueError for anything that is
    not an Indonesian mobile number.
    """
    national = _national(written)
    if not NATIONAL.fullmatch(national):
        raise ValueError("not an Indonesian mobile number")
    return f"+62{national}"


def normalised_office(written: str) -> str:
    """Return +62… for the number of an office: a mobile one, or a landline with its area code. Else ValueError."""
    national = _national(written)
    if not LANDLINE.fullmatch(national):
        raise ValueError("not an Indonesian number")
    return f"+62{national}"


def whole_number(words: str) -> str | None:
    """Return +62… if somebody searched for a whole mobile number; None for a part of one, or a name."""
    try:
        return normalised(words)
    except ValueError:
        return None


def masked(phone: str) -> str:
    """Return 0812-••••-••01: enough to recognise one's own, not enough to call a stranger's."""
    national = "0" + phone.removeprefix("+62")
    return f"{national[:4]}-••••-••{national[-2:]}"


def _national(written: str) -> str:
    """Return what comes after +62, all that only helps the eye left out."""
    kept = (sign for sign in visible(written).translate(WIDE) if sign not in MARKS)
    digits = "".join(sign for sign in kept if unicodedata.category(sign) not in BETWEEN)
    for prefix in COUNTRY:
        if digits.startswith(prefix):
            return digits[len(prefix) :].removeprefix("0")
    return digits
