"""A small world whose figures are easy to get wrong: every test of figures may stand on it.

Two houses in two zones, two whole months (October, November) and a running one. Runs and bookings over midnight and
over the month's end, hours given again after a no-show and after an early finish, a closed day, maintenance and
breakdowns, bookings nobody reported on, and one that was moved from a counted month into another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.messages.services import follow_up
from bookings.models import BookingEvent
from bookings.ordering.services import move
from bookings.reports import services
from facilities.models import Breakdown, Closure, Facility, Machine, Maintenance
from tests import build
from tests.build import at
from tests.reports.history import past, ran, served

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
MONTHS = (OCTOBER, NOVEMBER, DECEMBER)
NOW = at(11, day=10)
"""Thursday 3 December 2026, 11.00 WIB."""
END_OF_OCTOBER, END_OF_NOVEMBER = -23, 7
"""Saturday 31 October and Monday 30 November, as days after Monday 23 November."""


@dataclass(frozen=True)
class World:
    pontianak: Facility
    makassar: Facility
    machines: tuple[Machine, Machine, Machine]

    @property
    def houses(self) -> list[Facility]:
        return [self.pontianak, self.makassar]


def make() -> World:
    """Make the world, all its months counted."""
    pontianak = build.make_facility("pontianak")
    makassar = build.make_facility("sintang", zone_name="Asia/Makassar", district=build.make_district("61.05", "Sintang", "kabupaten"))
    one, two = build.make_machine(pontianak, slug="satu"), build.make_machine(pontianak, slug="dua", name="Vakum 1")
    three = build.make_machine(makassar, slug="tiga")
    world = World(pontianak, makassar, (one, two, three))
    _nights(one, three)
    _hours_given_again(two)
    _promises(one, three)
    _stops(world)
    _moved(two)
    return world


def everything_counted(now: datetime = NOW) -> None:
    """Sum every month of every machine."""
    for month in MONTHS:
        services.recompute(month=month, machine_ids=list(Machine.objects.values_list("pk", flat=True)), now=now)


def _nights(one: Machine, three: Machine) -> None:
    """Runs over midnight and over both ends of November, with odd seconds, in both zones."""
    served(one, at(22, day=-3), at(26.5, day=-3))
    served(one, at(20, day=END_OF_OCTOBER), at(27, day=END_OF_OCTOBER) + timedelta(seconds=40))
    served(one, at(23.25, day=END_OF_NOVEMBER) + timedelta(seconds=20), at(25, day=END_OF_NOVEMBER))
    served(three, at(22.5, day=END_OF_NOVEMBER), at(24, day=END_OF_NOVEMBER))
    ran(past(three, at(21, day=END_OF_OCTOBER), at(23, day=END_OF_OCTOBER)), stop=at(23.5, day=END_OF_OCTOBER), good=77)


def _hours_given_again(two: Machine) -> None:
    """One machine's hours held by two: a no-show's, and those of a job that ended early; one pair over the month's end."""
    past(two, at(8), at(12), status="no_show")
    served(two, at(9), at(11))
    ran(past(two, at(8, day=1), at(12, day=1)), stop=at(9.5, day=1), good=31, rejected=0)
    past(two, at(10, day=1), at(12, day=1))
    past(two, at(22, day=END_OF_NOVEMBER), at(26, day=END_OF_NOVEMBER), status="no_show")
    past(two, at(23, day=END_OF_NOVEMBER), at(25, day=END_OF_NOVEMBER), status="checked_in")


def _promises(one: Machine, three: Machine) -> None:
    """Every status, some reported on, some not, one over the month's end."""
    for hour, status in enumerate(["requested", "approved", "checked_in", "no_show", "declined", "expired", "displaced"], start=8):
        past(one, at(hour, day=2), at(hour + 1, day=2), status=status)
    past(one, at(8, day=3), at(9, day=3), status="cancelled", late=True)
    past(one, at(9, day=3), at(10, day=3), status="cancelled")
    past(three, at(20, day=END_OF_OCTOBER), at(26, day=END_OF_OCTOBER))
    past(three, at(8, day=4), at(10, day=4), answered=timedelta(hours=3))
    ran(past(three, at(13, day=4), at(15, day=4)), signed=False)
    past(one, at(14, day=10), at(15, day=10), status="approved")


def _stops(world: World) -> None:
    one, two, three = world.machines
    Closure.objects.create(facility=world.pontianak, first_on=date(2026, 11, 12), last_on=date(2026, 11, 13), reason="Gotong royong")
    Maintenance.objects.create(machine=one, starts_at=at(14, day=-5), ends_at=at(18, day=-5), title="Oli")
    Maintenance.objects.create(machine=one, starts_at=at(8, day=-4), ends_at=at(10, day=-4), title="Oli", cancelled_at=at(8, day=-9))
    for machine, first, closed in ((one, -26, at(10, day=-20)), (two, 6, at(9, day=8)), (three, 9, None)):
        Breakdown.objects.create(
            machine=machine, started_at=at(9, day=first), expected_until=at(8, day=20), closed_at=closed, reason="aus"
        )


def _moved(two: Machine) -> None:
    """A booking for the last Friday of November, moved to the first Tuesday of December after both were counted.

    From here on only what the services marked is summed again.
    """
    made = at(8, day=1)
    booking = build.make_booking(two, 13, 15, day=4, now=made)
    everything_counted()
    later = {"starts_at": at(13, day=8), "ends_at": at(15, day=8), "now": made + timedelta(hours=1)}
    _what_the_worker_does()
    move(booking_id=booking.pk, actor=booking.made_by, **later)
    _what_the_worker_does()


def _what_the_worker_does() -> None:
    for event in BookingEvent.objects.filter(awaits_follow_up=True):
        follow_up(event_id=event.pk, now=event.at)
    services.recompute_stale(now=NOW)
