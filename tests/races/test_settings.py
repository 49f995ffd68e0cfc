"""Two people write the same setting at once: one is written, the other hears of it. The control takes the question away."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

import pytest

from facilities.errors import Stale
from facilities.setup import houses, machines, versions
from facilities.time.hours import WeeklyRule
from tests import build
from tests.races.race import race
from tests.races.unguarded import replaced

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROUNDS, FIRST = 5, date(2026, 12, 7)


def writing(part, row, write):
    """Return a contender that writes what it thinks is still as it was seen now, and says how it went."""
    seen = versions.version_of(part, row)

    def contend():
        try:
            versions.if_unchanged(part, row, seen, write)
        except Stale:
            return "stale"
        return "done"

    return contend


def week(house, cahya, opens):
    rules = [WeeklyRule(1, opens, 960, FIRST, None)]
    return lambda: houses.set_week(
        facility=house, rules=rules, valid_from=FIRST, valid_until=None, actor=cahya, now=build.EARLY
    )


def retiring(machine, cahya, day):
    return lambda: machines.retire(machine=machine, retired_on=date(2027, 1, day), actor=cahya, now=build.EARLY)


@pytest.mark.parametrize("guarded", [True, False])
def test_two_weeks_saved_at_once_are_not_written_over_each_other(guarded):
    house = build.make_facility()
    cahya = build.cahya(house)
    for number in range(ROUNDS):
        contenders = [writing(versions.hours, house, week(house, cahya, 480 + 60 * number + late)) for late in (5, 10)]
        seen = versions.version_of(versions.hours, house)
        with nullcontext() if guarded else replaced(versions, version_of=lambda part, row, seen=seen: seen):
            said = race(contenders)
        assert sorted(said) == (["done", "stale"] if guarded else ["done", "done"])


def test_a_machine_retired_by_two_at_once_stops_on_the_day_of_the_first():
    machine = build.make_machine()
    cahya = build.cahya(machine.facility)
    contenders = [writing(versions.service, machine, retiring(machine, cahya, day)) for day in (4, 5)]
    said = race(contenders)
    machine.refresh_from_db()
    assert sorted(said) == ["done", "stale"]
    assert machine.retired_on == date(2027, 1, 4 + said.index("done"))
