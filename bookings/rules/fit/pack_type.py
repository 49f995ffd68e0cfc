"""The first digit of a P-IRT number names a type of pack (facts §0.3): another pack is a warning, never a no."""

from __future__ import annotations

from bookings.rules.base import Question, Rule
from facilities.errors import WARN, Reason
from facilities.vocabulary import format_word

DIGITS = {
    "1": ("kaca", "glass"), "2": ("plastik", "plastic"), "3": ("karton atau kertas", "carton or paper"),
    "4": ("kaleng", "can"), "5": ("aluminium foil", "foil"), "6": ("lain-lain", "other"),
    "7": ("komposit", "composite"), "8": ("ganda", "double"),
}  # fmt: skip
"""Pack types of a P-IRT number (facts §5, S31)."""

FITS = {
    "standing_pouch": "257", "kantong_plastik": "2", "kantong_foil": "57", "kantong_vakum": "27", "sachet": "257",
    "stick_pack": "257", "bantal": "257", "flow_pack": "27", "cup": "2", "botol": "12", "jar": "12", "jeriken": "2",
    "kaleng": "4", "retort_pouch": "57", "karung": "236", "karton": "3",
}  # fmt: skip
"""Which digits each of our pack formats can honestly be. Our reading of the list; no source maps them."""


def other_pack_type(q: Question) -> Reason | None:
    """A permit on file names a pack type that this format cannot be."""
    fits = FITS.get(q.request.format or "")
    if q.party is None or fits is None:
        return None
    numbers = ["".join(c for c in document.number if c.isdigit()) for document in q.party.documents if document.kind == "pirt"]
    digits = {number[0] for number in numbers if len(number) == 15 and number[0] in DIGITS}
    if not digits or digits & set(fits) or digits & {"6", "8"}:
        return None
    named, named_en = DIGITS[min(digits)]
    pack, pack_en = format_word(q.request.format or ""), format_word(q.request.format or "", "en")
    return Reason(
        "pirt_pack_type",
        id=f"P-IRT Anda tercatat untuk kemasan {named}, bukan {pack.lower()}.",
        en=f"Your P-IRT is for {named_en} packs, not for {pack_en.lower()}.",
        values={"digit": min(digits), "format": q.request.format},
        overridable=True,
        way_out_id="Boleh dipesan. Tanyakan dinas kesehatan apakah nomornya perlu diperbarui.",
        way_out_en="You may book. Ask the health office whether the number must be renewed.",
        effect=WARN,
    )


RULE = Rule("pack_type", 400, other_pack_type, about_people=True)
