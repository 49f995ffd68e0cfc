"""Why a machine cannot do what is asked, whatever the hour, or within the time that was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts import words
from bookings.packs.wanted import Abilities, Wanted, request_of
from bookings.rules.decision import Ability, Question, Rules, Traits
from bookings.rules.fit.fit import does_not_fit
from bookings.rules.fit.line import wrong_line
from facilities.errors import Reason
from facilities.region.free_times import FreeTimes
from facilities.region.places import Place, Rated
from facilities.time.calendars import Calendar
from facilities.time.instants import instant_of, minute_of

NOTHING = frozenset({Ability("", "")})
"""A machine of which nothing serves: it can do something, but not this."""


class Reasons:
    """Why machines never pack what is wanted. Most of a region's machines share a handful of answers."""

    def __init__(self, wanted: Wanted, abilities: Abilities, now: datetime) -> None:
        self._wanted, self._abilities, self._now = wanted, abilities, now
        self._known: dict[object, list[Reason]] = {}

    def of(self, place: Place) -> list[Reason]:
        """Return every reason: the machine's line, its abilities, their sizes; and if it is broken."""
        key = (place.line, place.type_id, self._abilities.serving(place))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._never(place)
        return [*found, *_broken(place, self._now)] if found else found

    def _never(self, place: Place) -> list[Reason]:
        wanted, serving = self._wanted, self._abilities.serving(place)
        crosses = bool(wanted.line) and wanted.line != place.line
        serves = any(self._abilities.takes(ability) for ability in serving)
        helps = place.type.is_support and bool(wanted.form or wanted.format)
        if serves and not crosses and not helps:
            return []
        question = _question(place, serving, wanted, self._now)
        found = [reason for check in (wrong_line, does_not_fit) if (reason := check(question)) is not None]
        return [*found, *([ONLY_HELPS] if serves and helps else ())]


ONLY_HELPS = Reason(
    "does_not_fit_machine",
    id="Mesin ini menyiapkan, menandai atau memeriksa kemasan; ia tidak mengemas.",
    en="This machine prepares, marks or checks packs; it does not pack.",
    way_out_id="Pesan dari halaman mesinnya bila perlu langkah itu.",
    way_out_en="Book it from its own page if you need that step.",
)


def _question(place: Place, serving: Iterable[Rated], wanted: Wanted, now: datetime) -> Question:
    abilities = frozenset(Ability(a.form, a.format, a.smallest, a.largest, a.widest) for a in serving)
    other = frozenset(Ability("", code) for code in place.type.formats if wanted.form)
    traits = Traits(place.name, place.line, abilities or other or NOTHING, type_code=place.type_id, level=place.level)
    return Question(request_of(wanted, place, now, 60), Calendar(()), Rules.of(place.limits, place.facility.zone, {}), traits, now)


def no_time(place: Place, wanted: Wanted, times: FreeTimes, minutes: int) -> list[Reason]:
    """Return why a machine that could do it has no time in the window: every reason that holds."""
    found = _broken(place, times.now)
    span = times.span(place)
    if span is None:
        return [*found, _out_of_reach(place, times)]
    assert times.timeline is not None
    opened = [part for part in times.timeline.opened(place.facility_id) if part[1] > span[0] and part[0] < span[1]]
    if not opened:
        return [*found, _closed(times)]
    if place.is_operated and not any(
        part for one in times.workable(place) for part in one if part[1] > span[0] and part[0] < span[1]
    ):
        return [*found, NO_OPERATOR]
    return [*found, _full(place, times, minutes)]


NO_OPERATOR = Reason(
    "no_operator",
    id="Tidak ada operator yang bertugas dan bebas pada hari-hari itu.",
    en="No operator is on shift and free on those days.",
    way_out_id="Telepon rumah produksi, atau pilih hari lain.",
    way_out_en="Phone the house, or choose other days.",
)


def _broken(place: Place, now: datetime) -> list[Reason]:
    if place.broken_since is None:
        return []
    zone, until = place.facility.zone, place.broken_until
    known = until is not None and until > now
    return [
        Reason(
            "broken",
            id=f"Mesin rusak, perkiraan siap {words.moment(until, zone)}."
            if known and until
            else "Mesin sedang rusak.",
            en=f"Broken; expected back {words.moment(until, zone, 'en')}."
            if known and until
            else "The machine is broken.",
            values={"since": place.broken_since.isoformat(), "expected_until": until.isoformat() if until else None},
        )
    ]


def _out_of_reach(place: Place, times: FreeTimes) -> Reason:
    last = times.now.astimezone(place.facility.zone).date() + timedelta(days=place.limits.horizon)
    if times.window.start.astimezone(place.facility.zone).date() > last:
        return Reason(
            "too_far",
            id=f"Jam bisa dipesan sampai {words.long_date(last)}.",
            en=f"Times can be booked until {words.long_date(last, 'en')}.",
            values={"horizon": place.limits.horizon, "last_on": last.isoformat()},
        )
    return Reason(
        "too_soon",
        id=f"Pesan paling lambat {words.duration(place.limits.notice)} sebelum mulai.",
        en=f"Book at least {words.duration(place.limits.notice, 'en')} before the start.",
        values={"notice": place.limits.notice},
        way_out_id="Pilih hari yang lebih akhir.",
        way_out_en="Choose a later day.",
    )


def _closed(times: FreeTimes) -> Reason:
    return Reason(
        "closed",
        id="Rumah produksi tutup pada hari-hari itu.",
        en="The house is closed on those days.",
        way_out_id="Pilih hari lain.",
        way_out_en="Choose other days.",
    )


def _full(place: Place, times: FreeTimes, minutes: int) -> Reason:
    zone = place.facility.zone
    last = instant_of(minute_of(times.window.end) - 1).astimezone(zone).date()
    return Reason(
        "taken",
        id=f"Tidak ada {words.duration(minutes)} yang kosong sampai {words.long_date(last)}.",
        en=f"No {words.duration(minutes, 'en')} are free until {words.long_date(last, 'en')}.",
        values={"minutes": minutes, "until": last.isoformat()},
        way_out_id="Pilih hari yang lebih akhir, atau jumlah yang lebih sedikit.",
        way_out_en="Choose later days, or fewer packs.",
    )
