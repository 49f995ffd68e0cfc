"""Numbers of documents as people write them, and the one form we keep: NIB, P-IRT, halal, MD (facts §5). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from facilities.errors import BadInput

SEPARATORS = re.compile(r"[\s.\-‐-―/]+")

SHAPES: Mapping[str, tuple[re.Pattern[str], str, str]] = {
    "nib": (re.compile(r"[0-9]{13}"), "NIB terdiri dari 13 angka.", "A NIB has 13 digits."),
    "pirt": (
        re.compile(r"[0-9]{15}"),
        "Nomor P-IRT terdiri dari 15 angka, seperti 2062171010001-29.",
        "A P-IRT number has 15 digits, like 2062171010001-29.",
    ),
    "halal": (
        re.compile(r"ID[0-9]{12,20}"),
        "Tulis ID dan 12 sampai 20 angka, seperti di sertifikatnya.",
        "Write ID and 12 to 20 digits, as on the certificate.",
    ),
    "md": (
        re.compile(r"MD[0-9]{12,15}"),
        "Tulis MD dan 12 sampai 15 angka, seperti di izinnya.",
        "Write MD and 12 to 15 digits, as on the permit.",
    ),
}
"""What a number of each kind looks like, without blanks and dashes."""

FATWA = re.compile(r"KH|KF", re.IGNORECASE)
SHORTEST_OTHER, LONGEST = 3, 40


def clean_number(kind: str, written: str) -> str:
    """Return a number in the form we keep: digits and capitals, leading zeros included. Raises `BadInput` (`number`).

    A health certificate has no common form: its number stays as written, blanks squeezed.
    """
    if kind not in SHAPES:
        squeezed = " ".join(written.split())
        if not SHORTEST_OTHER <= len(squeezed) <= LONGEST:
            raise BadInput("number", "wrong_number", "Tulis nomor suratnya.", "Write the number of the letter.")
        return squeezed
    shape, id_, en = SHAPES[kind]
    bare = SEPARATORS.sub("", written).upper()
    if kind == "pirt":
        bare = bare.removeprefix("PIRT").removeprefix("NO")
    if kind == "halal" and FATWA.match(bare):
        raise BadInput(
            "number",
            "fatwa_number",
            "Itu nomor ketetapan. Tulis nomor sertifikat yang diawali ID.",
            "That is the decree. Write the certificate number that begins with ID.",
        )
    if not shape.fullmatch(bare):
        raise BadInput("number", "wrong_number", id_, en)
    return bare


def spaced(kind: str, number: str) -> str:
    """Return a number as people read it: 2062171010001-29, ID 35110000123450920."""
    if kind == "pirt":
        return f"{number[:13]}-{number[13:]}"
    return f"{number[:2]} {number[2:]}" if kind in ("halal", "md") else number


def masked(number: str) -> str:
    """Return •••• 0001: enough to tell two documents apart, not enough to use one."""
    return f"•••• {number[-4:]}" if len(number) > 4 else "••••"
