"""Codes of the catalogue and their words: product forms, pack formats, cleaning classes, operator levels. Pure.

The codes are those of `facilities/data/*.csv`. `semua` on a machine means that it
takes every form, or every format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ANY = "semua"
"""A machine's way of saying that every form, or every format, is fine."""

FORMS: Mapping[str, tuple[str, str]] = {
    "padat": ("Padat", "Solid"),
    "keripik": ("Keripik dan kerupuk", "Chips and crackers"),
    "bubuk": ("Bubuk", "Powder"),
    "granul": ("Butiran", "Granules"),
    "pasta": ("Pasta dan saus kental", "Paste"),
    "cair": ("Cair", "Liquid"),
}

FORMATS: Mapping[str, tuple[str, str]] = {
    "standing_pouch": ("Standing pouch", "Standing pouch"),
    "kantong_plastik": ("Kantong plastik", "Plastic bag"),
    "kantong_foil": ("Kantong foil", "Foil bag"),
    "kantong_vakum": ("Kantong vakum", "Vacuum bag"),
    "sachet": ("Sachet", "Sachet"),
    "stick_pack": ("Sachet stik", "Stick pack"),
    "bantal": ("Kemasan bantal", "Pillow pack"),
    "flow_pack": ("Bungkus satuan", "Flow pack"),
    "cup": ("Gelas plastik", "Plastic cup"),
    "botol": ("Botol", "Bottle"),
    "jar": ("Toples", "Jar"),
    "jeriken": ("Jeriken", "Jerrycan"),
    "kaleng": ("Kaleng", "Can"),
    "retort_pouch": ("Kantong retort", "Retort pouch"),
    "karung": ("Karung", "Sack"),
    "karton": ("Karton", "Carton"),
    "shrink": ("Film susut", "Shrink film"),
    "label": ("Label", "Label"),
}

CLASSES: Mapping[str, tuple[str, str]] = {
    "kering": ("Kering", "Dry"),
    "berminyak": ("Berminyak", "Oily"),
    "bau_tajam": ("Berbau tajam", "Strong-smelling"),
    "basah": ("Basah atau lengket", "Wet or sticky"),
    "ikan": ("Ikan", "Fish"),
    "udang": ("Udang dan krustasea", "Shrimp and crustaceans"),
    "telur": ("Telur", "Egg"),
    "kacang": ("Kacang dan kedelai", "Nuts and soy"),
    "susu": ("Susu", "Milk"),
    "daging": ("Daging", "Meat"),
}
"""Cleaning classes: what a product leaves behind. Of several, the one that is hardest to clean away counts."""

LEVELS: Mapping[str, tuple[str, str]] = {
    "mandiri": ("Anda jalankan sendiri", "You run it yourself"),
    "terlatih": ("Anda jalankan sendiri, dilatih dulu", "You run it yourself, after training"),
    "operator": ("Dijalankan operator rumah", "Run by the house's operator"),
}

ANYTHING = {"forms": ("Semua produk", "Any product"), "formats": ("Semua kemasan", "Any pack")}


def form_word(code: str, language: str = "id") -> str:
    """Return the word for a product form; `semua` reads *Semua produk*, an unknown code itself."""
    return _word(FORMS, code, language, ANYTHING["forms"])


def format_word(code: str, language: str = "id") -> str:
    """Return the word for a pack format; `semua` reads *Semua kemasan*, an unknown code itself."""
    return _word(FORMATS, code, language, ANYTHING["formats"])


def class_word(code: str, language: str = "id") -> str:
    """Return the word for a cleaning class; an empty code reads *belum disebut*."""
    return _word({**CLASSES, "": ("Belum disebut", "Not said")}, code, language, ("", ""))


def level_word(code: str, language: str = "id") -> str:
    """Return who runs a machine of this level, in words."""
    return _word(LEVELS, code, language, ("", ""))


def form_choices(language: str = "id") -> list[tuple[str, str]]:
    """Return (code, word) of every product form, the commonest first."""
    return [(code, form_word(code, language)) for code in FORMS]


def format_choices(language: str = "id") -> list[tuple[str, str]]:
    """Return (code, word) of every pack format, the commonest first."""
    return [(code, format_word(code, language)) for code in FORMATS]


def class_choices(language: str = "id") -> list[tuple[str, str]]:
    """Return (code, word) of every cleaning class, the mildest first."""
    return [(code, class_word(code, language)) for code in CLASSES]


def level_choices(language: str = "id") -> list[tuple[str, str]]:
    """Return (code, word) of every operator level."""
    return [(code, level_word(code, language)) for code in LEVELS]


_ALLERGEN_CLASS = {
    "ikan": "ikan", "krustasea": "udang", "telur": "telur", "kedelai": "kacang", "kacang": "kacang", "susu": "susu"
}  # fmt: skip
_FORM_CLASS = {"keripik": "berminyak", "pasta": "basah", "cair": "basah"}


def usual_class(form: str, allergens: Iterable[str] = ()) -> str:
    """Return the cleaning class that a product of this form usually has; the first known allergen decides.

    A guess to start from (facts §4 names allergens; no source names classes): people may change it.
    """
    found = next((_ALLERGEN_CLASS[a] for a in allergens if a in _ALLERGEN_CLASS), "")
    return found or _FORM_CLASS.get(form, "kering" if form else "")


def _word(words: Mapping[str, tuple[str, str]], code: str, language: str, anything: tuple[str, str]) -> str:
    found = anything if code == ANY else words.get(code, (code, code))
    return found[1] if language.startswith("en") else found[0]
