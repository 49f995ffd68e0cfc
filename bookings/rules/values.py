"""What a house may write into a rule's gap: bounds, options, seasons. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bookings.rules.base import Setting
from facilities.errors import BadInput

NUMBERS = ("minutes", "days", "count", "percent", "km")
MOST_SEASONS = 12
SEASON_NAME = 40


def checked(setting: Setting, value: object) -> object:
    """Return the value as it is kept: None is off, lists in the order of the declaration. Raises `BadInput` by its name."""
    if value is None or value == []:
        return None
    if setting.kind in NUMBERS:
        return _number(setting, value)
    if setting.kind == "flag":
        return _flag(setting, value)
    if setting.kind == "choices":
        return _choices(setting, value)
    return _seasons(setting, value)


def _number(setting: Setting, value: object) -> int:
    low, high = setting.low, setting.high
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadInput(setting.name, "out_of_bounds", f"Isi {low} sampai {high}.", f"Give {low} to {high}.")
    return value


def _flag(setting: Setting, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadInput(setting.name, "unknown_choice", "Pilih ya atau tidak.", "Choose yes or no.")
    return value


def _choices(setting: Setting, value: object) -> list[str]:
    known = [code for code, *_words in setting.options]
    if not isinstance(value, list) or not set(value) <= set(known):
        raise BadInput(setting.name, "unknown_choice", "Pilih dari yang ada.", "Choose from those offered.")
    return [code for code in known if code in value]


def _seasons(setting: Setting, value: object) -> list[dict[str, object]]:
    if not isinstance(value, list) or len(value) > MOST_SEASONS:
        raise BadInput(
            setting.name, "too_many", f"Paling banyak {MOST_SEASONS} musim.", f"At most {MOST_SEASONS} seasons."
        )
    return sorted((_season(setting, one) for one in value), key=lambda one: str(one["first_on"]))


def _season(setting: Setting, value: object) -> dict[str, object]:
    one = value if isinstance(value, Mapping) else {}
    name, quota = str(one.get("name") or "").strip(), one.get("weekly_quota")
    try:
        first, last = (date.fromisoformat(str(one.get(edge))) for edge in ("first_on", "last_on"))
    except ValueError:
        raise _bad(setting, "Isi hari pertama dan terakhir.", "Give the first and the last day.") from None
    if not name or len(name) > SEASON_NAME:
        raise _bad(
            setting, f"Beri nama, paling panjang {SEASON_NAME} huruf.", f"Name it, in at most {SEASON_NAME} letters."
        )
    if last < first:
        raise _bad(setting, "Hari terakhir sebelum hari pertama.", "The last day is before the first.")
    if not isinstance(quota, int) or isinstance(quota, bool) or not 0 <= quota <= 7 * 1440:
        raise _bad(setting, "Isi kuota per minggu, sampai 168 jam.", "Give the quota a week, up to 168 hours.")
    return {"name": name, "first_on": first.isoformat(), "last_on": last.isoformat(), "weekly_quota": quota}


def _bad(setting: Setting, id_: str, en: str) -> BadInput:
    return BadInput(setting.name, "bad_season", id_, en)
