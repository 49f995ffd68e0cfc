"""A setting's sentence with its value in the gap, for those who read what a house asks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from accounts import words
from bookings.rules.base import Setting

OFF = {"id": "tidak berlaku", "en": "not in force"}
UNITS = {"days": {"id": "hari", "en": "days"}, "percent": {"id": "%", "en": "%"}, "km": {"id": "km", "en": "km"}}


def value_words(setting: Setting, value: object, language: str = "id") -> str:
    """Return a value as people read it: 8 jam, 7 hari, 20 %, NIB, ya. Nothing set reads *tidak berlaku*."""
    lang = "en" if language.startswith("en") else "id"
    if setting.kind == "flag":
        return {"id": ("tidak", "ya"), "en": ("no", "yes")}[lang][bool(value)]
    if value is None or value == []:
        return OFF[lang]
    if setting.kind == "minutes" and isinstance(value, int):
        return words.duration(value, lang)
    if setting.kind in ("choice", "choices"):
        chosen = {str(one) for one in value} if isinstance(value, list) else {str(value)}
        column = 2 if lang == "en" else 1
        return ", ".join(option[column] for option in setting.options if option[0] in chosen)
    if setting.kind == "seasons" and isinstance(value, list):
        return "; ".join(_season(one, lang) for one in value)
    unit = UNITS.get(setting.kind, {}).get(lang, "")
    return f"{value}{words.NBSP}{unit}" if unit else str(value)


def sentence(setting: Setting, value: object, language: str = "id") -> str:
    """Return the whole sentence, with the value in its gap."""
    text = setting.en if language.startswith("en") else setting.id
    return text.replace("{}", value_words(setting, value, language))


def _season(one: Mapping[str, object], lang: str) -> str:
    first, last = (words.plain_date(date.fromisoformat(str(one[edge])), lang) for edge in ("first_on", "last_on"))
    quota = words.duration(int(str(one["weekly_quota"])), lang)
    return f"{one['name']} ({first} – {last}, {quota})"
