"""A setting is saved while people book: nobody gets a time that the setting takes away, without being on its list."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from bookings.models import Booking
from bookings.upkeep.services import Affected
from bookings.upkeep.settings import save_setting
from facilities.setup import houses
from facilities.time.hours import WeeklyRule
from tests import build
from tests.races.race import race
from tests.races.test_services import asking, producers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_a_weekday_shut_while_people_book_it_lists_whoever_has_it_or_refuses_them():
    machine, crowd = build.make_machine(), producers(4)
    house, first = machine.facility, date(2026, 11, 23)
    cahya = build.cahya(house)
    change = partial(houses.set_week, facility=house, rules=[WeeklyRule(1, 480, 960, first)], valid_from=first,
                     valid_until=None, actor=cahya, now=build.EARLY)  # fmt: skip

    def empty():
        try:
            save_setting(change, facility=house, why="hours", actor=cahya, now=build.EARLY)
        except Affected as affected:
            return {one.booking.reference for one in affected.by}
        return "saved"

    *_answers, said = race([asking(machine, who, 8 + n, 9 + n) for n, who in enumerate(crowd)] + [empty])
    booked = set(Booking.objects.values_list("reference", flat=True))
    if said == "saved":
        assert booked == set() and not house.opening_hours.filter(weekday=0, valid_from=first).exists()
    else:
        assert said and said <= booked and house.opening_hours.count() == 5
