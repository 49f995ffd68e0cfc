"""What is to be packed, and what of machines' abilities serves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.rules.base import Request
from bookings.rules.fit.fit import fits_size
from facilities.region.places import Place, Rated
from facilities.vocabulary import ANY

FORTNIGHT = timedelta(days=14)
"""How far one looks when nobody says how far."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be packed, and when. Empty means not said; then it is not checked.

    `quantity` packs, or `minutes` of run where somebody knows better; neither means an hour. `net_weight` is grams
    or millilitres in a pack, `width` millimetres. `district` is the code of where the asker comes from.
    """

    earliest: datetime
    latest: datetime
    form: str = ""
    format: str = ""
    cleaning_class: str = ""
    line: str = ""
    net_weight: int | None = None
    width: int | None = None
    quantity: int | None = None
    minutes: int | None = None
    district: str = ""


def request_of(wanted: Wanted, place: Place, start: datetime, minutes: int) -> Request:
    """Return what is wanted as a request for a run on a machine; what was not said is None there."""
    return Request(
        start, start + timedelta(minutes=minutes), place.setup, wanted.cleaning_class,
        line=wanted.line or None, form=wanted.form or None, format=wanted.format or None,
        net_weight=wanted.net_weight, width=wanted.width,
    )  # fmt: skip


class Abilities:
    """What of machines' abilities serves what is wanted: a region's machines share a handful of them."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._asked = any((wanted.form, wanted.format, wanted.quantity, wanted.net_weight, wanted.width))
        self._forms = {wanted.form, ANY} if wanted.form else None
        self._formats = {wanted.format, ANY} if wanted.format else None
        self._known: dict[int, tuple[Rated, ...]] = {}

    def serving(self, place: Place) -> tuple[Rated, ...]:
        """Return those of the form and the format, whatever the size of the pack; none where nothing was said of packs."""
        found = self._known.get(id(place.abilities))
        if found is None:
            found = self._known[id(place.abilities)] = self._of(place.abilities) if self._asked else ()
        return found

    def _of(self, abilities: tuple[Rated, ...]) -> tuple[Rated, ...]:
        forms, formats = self._forms, self._formats
        serve = [
            one
            for one in abilities
            if (forms is None or one.form in forms) and (formats is None or one.format in formats)
        ]
        return tuple(serve)

    def best(self, place: Place) -> Rated | None:
        """Return the fastest of those that serve, sizes included."""
        serving = self.serving(place)
        return max(filter(self.takes, serving), key=lambda one: one.rate, default=None) if serving else None

    def takes(self, ability: Rated) -> bool:
        """Return whether an ability takes packs of the weight and width that are wanted."""
        return fits_size(ability, self._wanted.net_weight, self._wanted.width)
