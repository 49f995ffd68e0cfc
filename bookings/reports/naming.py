"""How houses and machines are called where there is little room. Pure."""

from __future__ import annotations

COMMON = "Rumah Produksi "


def short_name(name: str) -> str:
    """Return a house's name without the words that all houses share."""
    return name.removeprefix(COMMON)


def machine_name(name: str, house: str, *, among_houses: bool) -> str:
    """Return a machine's name, with its house where machines of several houses stand together."""
    return f"{name}, {short_name(house)}" if among_houses else name
