"""Numbers as people write them in Indonesia: `1.000` is a thousand, `2,5` two and a half. Pure.

clear        1000 · 1.000 · 1 000 · 1.000.000 · 1.000,50 · ١٠٠٠ · １０００
asked back   1,000 (a thousand, or one?) · for a whole number also 1.5 · 1.00 · 12.34
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

LONGEST, MOST_DIGITS = 60, 18
"""Characters, and digits among them; more is no number that anybody meant."""
_MARKS = str.maketrans({"٬": ".", "٫": ",", "．": ".", "，": ",", "−": "-", "–": "-", "－": "-", "＋": "+", "％": "%"})
_PLAIN = re.compile(r"\d+")
_GROUPS = re.compile(r"[1-9]\d{0,2}([., ])\d{3}(?:\1\d{3})*")
_DECIMALS = re.compile(r"(\d+)([.,])(\d+)")
_GROUPS_DECIMALS = re.compile(
    r"([1-9]\d{0,2}(?:\.\d{3})+),(\d+)|([1-9]\d{0,2}(?:,\d{3})+)\.(\d+)|([1-9]\d{0,2}(?: \d{3})+)[.,](\d+)"
)
_PARTS = re.compile(r"(?:rp\.? ?)?([+-]?) ?(\d[\d., ]*?)(?:,-)? ?([^\d\s.,][^\d]*)?", re.IGNORECASE)


class Unreadable(ValueError):
    """What was typed is no number of the kind that was asked for."""


@dataclass
class Unclear(ValueError):
    """What was typed can be read in two ways; both are named, neither is taken."""

    readings: tuple[Decimal, Decimal]


def tidy(text: str) -> str:
    """Return a text with every digit 0 to 9, every run of blanks one space, and without invisible marks."""
    signs = (_sign(sign) for sign in text.translate(_MARKS))
    return " ".join("".join(signs).split())


def _sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    return "" if kind == "Cf" else " " if sign.isspace() else sign


def whole(text: str, units: Mapping[str, int] | None = None) -> int:
    """Return the whole number that was typed; a unit of `units` may follow and multiplies it: `1,5 kg` is 1500.

    Raises `Unclear` for `1.5`, `1,000`, `1.00` or `12.34`, `Unreadable` for what is no whole number.
    """
    sign, digits, times = _parts(text, units)
    if times == 1:
        _check_marks(digits)
    amount = sign * _amount(digits) * times
    if amount != amount.to_integral_value():
        raise Unreadable(text)
    return int(amount)


def decimal(text: str, units: Mapping[str, int] | None = None) -> Decimal:
    """Return the number that was typed: `2,5`, `2.5`, `1.000,5`. Raises `Unclear` for `1,000`, else `Unreadable`."""
    sign, digits, times = _parts(text, units)
    return sign * _amount(digits) * times


def _parts(text: str, units: Mapping[str, int] | None) -> tuple[int, str, int]:
    """Split what was typed into its sign, its digits with their marks, and what its unit multiplies by."""
    found = _PARTS.fullmatch(tidy(text)) if len(text) <= LONGEST else None
    if found is None or sum(sign.isdigit() for sign in found[2]) > MOST_DIGITS:
        raise Unreadable(text)
    unit = (found[3] or "").strip().rstrip(".").lower()
    if unit and unit not in (units or {}):
        raise Unreadable(text)
    return -1 if found[1] == "-" else 1, found[2].strip(), (units or {})[unit] if unit else 1


def _amount(digits: str) -> Decimal:
    if _PLAIN.fullmatch(digits):
        return Decimal(digits)
    if groups := _GROUPS.fullmatch(digits):
        if groups[1] == "," and digits.count(",") == 1:
            raise Unclear(_readings(digits))
        return Decimal(re.sub(r"[., ]", "", digits))
    if parts := _DECIMALS.fullmatch(digits):
        if len(parts[1]) <= 3 == len(parts[3]) and int(parts[1]):  # `01.000`
            raise Unclear(_readings(digits))
        return Decimal(f"{parts[1]}.{parts[3]}")
    if parts := _GROUPS_DECIMALS.fullmatch(digits):
        front, behind = (part for part in parts.groups() if part)
        return Decimal(f"{re.sub('[., ]', '', front)}.{behind}")
    raise Unreadable(digits)


def _check_marks(digits: str) -> None:
    """Raise `Unclear` where a mark may stand for thousands or for a fraction: nobody asked for a fraction.

    `1500,00` has one reading only: four digits are no group.
    """
    parts = _DECIMALS.fullmatch(digits)
    is_group = _GROUPS.fullmatch(digits) is not None
    if parts and not is_group and (len(parts[1]) <= 3 or Decimal(f"0.{parts[3]}")):
        raise Unclear(_readings(digits))


def _readings(digits: str) -> tuple[Decimal, Decimal]:
    """Return both readings of `1.5`: with a mark of thousands whose zeros are missing, 1500, and as 1.5."""
    front, behind = re.split("[.,]", digits)
    return Decimal(front + behind.ljust(3, "0")), Decimal(f"{front}.{behind}")


def plain(text: str, most: int = 2**63 - 1) -> int | None:
    """Return the number that an address or a hidden field says: plain digits, not what people type. None for anything else."""
    is_plain = 0 < len(text) <= MOST_DIGITS + 1 and text.isascii() and text.isdigit()
    return int(text) if is_plain and int(text) <= most else None


def written(amount: Decimal) -> str:
    """Return a number as it is typed without any doubt, in Indonesian: 1.000, 1,5."""
    front, _, behind = f"{amount:f}".partition(".")
    behind = behind.rstrip("0")
    return f"{int(front):,}".replace(",", ".") + (f",{behind}" if behind else "")
