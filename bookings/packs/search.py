"""Ask for packs: which machines can do it, when, for how much; and for every other one, why not.

Three statements at any size: whether the region stands as it was last read, what holds machines and operators in the
first days, and the same for the whole time for those machines that had too little. Eight when the region must be read
anew. Everything between is arithmetic on whole minutes. When nothing fits, one more looks further ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from bookings.packs import estimate, unfit
from bookings.packs.near_misses import NEXT_DAY, SHORTER, SPLIT, NearMiss
from bookings.packs.offers import OFFERED, Able, Misfit, Offers, Option
from bookings.packs.ranking import EARLIEST, ranked
from bookings.packs.sessions import longest_session
from bookings.packs.wanted import FORTNIGHT, Abilities, Wanted
from facilities.region.distances import kilometres_to, origin_of
from facilities.region.free_times import FreeTimes
from facilities.region.places import Place
from facilities.region.region import region
from facilities.time.instants import instant_of, minute_of
from facilities.time.spans import Span

LONGEST_WINDOW = timedelta(days=62)
NO_SUCH_MACHINE = "no_such_machine"
"""The cause of a need where no machine packs this form into this format at all."""
SOON = timedelta(days=4)
"""Within which most machines have three times, and a time that needs no cleaning is worth waiting for."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: options in the order asked for, all the others with their reasons, and near misses if nothing fits."""

    options: Sequence[Option]
    misfits: Sequence[Misfit]
    near: Sequence[NearMiss] = ()


def search(wanted: Wanted, *, now: datetime, order: str = EARLIEST) -> Found:
    """Return every machine of every house: the options ranked by `order`, the others with every reason.

    `order` is earliest, nearest or cheapest. The window is at most 62 days from its earliest.
    """
    window, abilities, here = _window(wanted, now), Abilities(wanted), region()
    known = here.in_service(timezone.localdate(now))
    able, misfits = _sorted_out(known, unfit.Reasons(wanted, abilities, now))

    def times(machines: Sequence[Able], within: Span, longest: int | None = None) -> FreeTimes:
        return FreeTimes([one.place for one in machines], within, now, laid_down=here.laid_down, longest=longest)

    soon = Span(window.start, window.start + SOON)
    offers = Offers(wanted, abilities, _kilometres(wanted.district, known), soon=minute_of(soon.end))
    options: list[Option] = []
    others = asked = offers.asked(able)
    if soon.end < window.end:
        longest = max((one.minutes for one in asked), default=0)
        options, others = offers.in_first_days(asked, times(asked, soon, longest))
    whole = times(others, window)
    more, full = offers.of(others, whole)
    options += more
    near: Sequence[NearMiss] = ()
    if not options and able:
        further = times(asked, _window(replace(wanted, latest=window.end + FORTNIGHT), now))
        near = _near_misses(asked, wanted, whole, offers.of(asked, further)[0])
    return Found(ranked(options, order), [*misfits, *full], near)


def machines_by_format(wanted: Wanted, formats: Iterable[str], *, now: datetime) -> dict[str, int]:
    """Return for each pack format how many machines in service would pack what is wanted into it, whatever the hour."""
    known = region().in_service(timezone.localdate(now))
    counts = {}
    for code in formats:
        asked = replace(wanted, format=code)
        why = unfit.Reasons(asked, Abilities(asked), now)
        counts[code] = sum(1 for place in known if place.broken_since is None and not why.of(place))
    return counts


def causes(found: Found, wanted: Wanted) -> list[str]:
    """Return the codes that stood against what was asked: of machines that pack this form into this format, no others.

    A machine that could never have done it says nothing of the need, neither that it is broken nor on which
    line it stands. Where no machine could, and none was offered, the one cause is `no_such_machine`.
    """
    abilities = Abilities(wanted)
    standing = [
        misfit
        for misfit in found.misfits
        if abilities.serving(misfit.machine) and not misfit.machine.type.is_support
    ]
    if not standing and not found.options:
        return [NO_SUCH_MACHINE]
    return sorted({reason.code for misfit in standing for reason in misfit.reasons})


def _kilometres(district: str, known: Iterable[Place]) -> Mapping[int, int]:
    """Return how far each house is from a district, by its id; nothing where nobody said which."""
    houses = {place.facility_id: place.facility for place in known}.values()
    origin = origin_of(district, houses)
    return kilometres_to(houses, *origin) if origin else {}


def _window(wanted: Wanted, now: datetime) -> Span:
    earliest = max(wanted.earliest, now)
    latest = min(wanted.latest, earliest + LONGEST_WINDOW)
    return Span(earliest, max(latest, earliest + timedelta(minutes=1)))


def _sorted_out(known: Iterable[Place], why: unfit.Reasons) -> tuple[list[Place], list[Misfit]]:
    """Return the machines that can do it, and those that cannot whatever the hour."""
    able, misfits = [], []
    for place in known:
        reasons = why.of(place)
        if reasons:
            misfits.append(Misfit(place, reasons))
        else:
            able.append(place)
    return able, misfits


def _near_misses(
    asked: Iterable[Able], wanted: Wanted, times: FreeTimes, after: Iterable[Option]
) -> list[NearMiss]:
    """Return the three best of what is almost as asked: later, over several days, or fewer packs in the time asked."""
    later = [_near(SPLIT if option.plan else NEXT_DAY, option) for option in after]
    later.sort(key=lambda near: (near.starts_at, near.machine.pk))
    fewer = sorted(_shorter(asked, wanted, times), key=lambda near: -(near.packs or 0))
    return [*later[:2], *fewer[:1], *later[2:]][:OFFERED]


def _near(kind: str, option: Option) -> NearMiss:
    first = option.plan[0] if option.plan else None
    end = first.end if first else option.ends_at
    return NearMiss(kind, option.machine, option.starts[0], end, first.packs if first else None)


def _shorter(asked: Iterable[Able], wanted: Wanted, times: FreeTimes) -> Iterable[NearMiss]:
    """Yield, for each machine, the longest run of half an hour or more, on the hour, that fits in the time asked."""
    for place, rated, needed in asked:
        longest = min(needed, longest_session(place, times)) // 60 * 60
        for minutes in range(longest, place.limits.shortest - 1, -60):
            if minutes in (0, needed):
                continue
            first = next(iter(times.starts(place, wanted.cleaning_class, minutes)), None)
            if first is not None:
                at = instant_of(first)
                packs = estimate.packs_possible(minutes, rate=rated.rate) if rated and wanted.quantity else None
                yield NearMiss(SHORTER, place, at, at + timedelta(minutes=minutes), packs)
                break
