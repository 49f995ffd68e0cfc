"""The whole region as its houses have laid it down: kept between two searches while its edition stands.

Searching a thousand machines spends most of its time on what changes a few times a day. Here it is read once, and
every question begins with one statement that asks the database whether anything of it has changed since. Nothing is
decided here: whoever books is answered from the rows themselves, under the machine's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from facilities.models import Edition
from facilities.occupancy.timetables import arrangements_of
from facilities.region.operators import LaidDown, operators_of
from facilities.region.places import Place, places

Stamp = tuple[object, object]


@dataclass(frozen=True, slots=True)
class Region:
    """Every machine by name, also those retired, and what the houses that have machines have laid down about time.

    Many ask at once, and each the same one: nothing in it may be changed.
    """

    places: Sequence[Place]
    laid_down: LaidDown

    def in_service(self, on: date) -> list[Place]:
        """Return the machines that are not retired on a day."""
        return [place for place in self.places if place.retired_on is None or place.retired_on > on]


_kept: tuple[Stamp, Region] | None = None


def region() -> Region:
    """Return the region as it stands, in one query; in six when it has changed, or was never read by this process.

    The edition is asked first: what changes between it and the last of the other queries is read again next time.
    """
    global _kept
    edition = Edition.objects.aggregate(marks=Count("pk"), total=Sum("pk"))
    stamp = edition["marks"], edition["total"]
    kept = _kept
    if kept is None or kept[0] != stamp:
        kept = stamp, _read()
        if edition["marks"]:  # nothing has ever changed, or somebody emptied the table: nobody would hear of a change
            _kept = kept
    return kept[1]


def _read() -> Region:
    known = places()
    houses = {place.facility_id: place.facility for place in known}.values()
    return Region(known, LaidDown(arrangements_of(houses), operators_of(houses)))
