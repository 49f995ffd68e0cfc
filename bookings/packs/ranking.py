"""The order of options: earliest, nearest or cheapest first, each settled by the other two. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

EARLIEST, NEAREST, CHEAPEST = "earliest", "nearest", "cheapest"
ORDERS = (EARLIEST, NEAREST, CHEAPEST)

FAR, DEAR = 10**6, 10**12
"""Where nobody said where they come from, or nobody can know the price yet: last."""


def ranked(options: Iterable[Any], order: str = EARLIEST) -> list[Any]:
    """Return options by `order`; of equals, one that needs no cleaning goes first: like jobs together are free capacity.

    An option has `starts`, `distance` (km or None), `price` (rupiah or None), `no_cleaning` and `machine`.
    """
    return sorted(options, key=KEYS.get(order, _earliest))


def trade_off(options: Iterable[Any]) -> tuple[Any, Any] | None:
    """Return the nearest option and the earliest where one must be weighed against the other, else None.

    That is where the earliest lies further away than the nearest; of unknown distances nothing is said.
    """
    known = [option for option in options if option.distance is not None]
    if not known:
        return None
    near, soon = min(known, key=_nearest), min(known, key=_earliest)
    return (near, soon) if _time(soon)[0] < _time(near)[0] and soon.distance > near.distance else None


def with_choice(options: Iterable[Any]) -> list[Any]:
    """Return options in their order; where the nearest and the earliest are a choice, these two first."""
    known = list(options)
    pair = trade_off(known)
    if pair is None:
        return known
    first = sorted(pair, key=known.index)
    return [*first, *(option for option in known if option is not pair[0] and option is not pair[1])]


def _time(option: Any) -> tuple[Any, ...]:
    last = option.plan[-1].end if option.plan else option.starts[0]
    return last, not option.no_cleaning


def _place(option: Any) -> tuple[Any, ...]:
    return (FAR if option.distance is None else option.distance,)


def _price(option: Any) -> tuple[Any, ...]:
    return (DEAR if option.price is None else option.price,)


def _name(option: Any) -> tuple[Any, ...]:
    return option.machine.name, option.machine.pk


def _earliest(option: Any) -> tuple[Any, ...]:
    return (*_time(option), *_place(option), *_price(option), *_name(option))


def _nearest(option: Any) -> tuple[Any, ...]:
    return (*_place(option), *_time(option), *_price(option), *_name(option))


def _cheapest(option: Any) -> tuple[Any, ...]:
    return (*_price(option), *_time(option), *_place(option), *_name(option))


KEYS: dict[str, Callable[[Any], tuple[Any, ...]]] = {EARLIEST: _earliest, NEAREST: _nearest, CHEAPEST: _cheapest}
