"""Free starts against a slow and obvious reference, and against every way two spans can lie."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.availability import (
    Grid,
    first_starts,
    gaps,
    possible_starts,
    starts_from_minutes,
)
from facilities.spans import Span

MIDNIGHT = datetime(2026, 11, 23, 17, tzinfo=UTC)  # Tuesday 24 November, 00.00 WIB
DAY = Span(MIDNIGHT, MIDNIGHT + timedelta(days=1))


def at(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def hours(start: float, end: float) -> Span:
    return Span(at(start), at(end))


def starts(opened, occupied, *, run, setup=0, cleaning=0, grid=60, window=DAY) -> list[float]:
    """Return the possible starts as hours of the local day."""
    found = possible_starts(
        opened,
        occupied,
        window=window,
        run=run,
        setup=setup,
        cleaning=cleaning,
        grid=grid,
        origin=MIDNIGHT,
    )
    return [(start - MIDNIGHT) / timedelta(hours=1) for start in found]


def test_a_run_starts_at_every_grid_point_that_leaves_room():
    assert starts([hours(8, 12)], [], run=120) == [8, 9, 10]


def test_a_run_touches_its_neighbours_and_fits():
    assert starts([hours(8, 14)], [hours(8, 10), hours(12, 14)], run=120) == [10]


def test_setup_lies_inside_opening_hours():
    assert starts([hours(8, 12)], [], run=60, setup=30, grid=30) == [8.5, 9, 9.5, 10, 10.5, 11]


def test_cleaning_may_outlast_closing():
    assert starts([hours(8, 12)], [], run=120, cleaning=60) == [8, 9, 10]


def test_cleaning_must_not_meet_the_next_occupancy_even_after_closing():
    assert starts([hours(8, 12)], [hours(12.5, 14)], run=120, cleaning=60) == [8, 9]


def test_a_break_is_not_worked_through():
    assert starts([hours(8, 11), hours(13, 15)], [], run=120) == [8, 9, 13]


def test_opening_hours_that_touch_are_one():
    assert starts([hours(8, 10), hours(10, 12)], [], run=180) == [8, 9]


def test_an_occupancy_off_the_grid_frees_time_to_the_minute():
    breakdown = Span(at(9) + timedelta(minutes=7), at(10) + timedelta(minutes=53))

    assert starts([hours(8, 12)], [breakdown], run=60, cleaning=7, grid=15) == [8, 11]


def test_a_second_of_breakdown_takes_its_minute():
    breakdown = Span(at(9), at(9) + timedelta(seconds=1))

    found = starts([hours(8, 10)], [breakdown], run=59, grid=1)
    assert found == pytest.approx([8, 8 + 1 / 60, 9 + 1 / 60])


def test_a_begun_minute_of_opening_hours_is_closed():
    second = timedelta(seconds=1)
    opened = Span(at(8) + second, at(9) + timedelta(minutes=2) - second)

    assert starts([opened], [], run=60, grid=1) == pytest.approx([8 + 1 / 60])


def test_the_grid_counts_from_midnight_wherever_the_window_starts():
    window = Span(at(8) + timedelta(minutes=10), at(10))

    assert starts([hours(8, 12)], [], run=60, grid=30, window=window) == [8.5, 9, 9.5]


def test_the_window_limits_the_start_and_not_the_run():
    assert starts([hours(20, 30)], [], run=240, window=DAY) == [20, 21, 22, 23]


def test_a_midnight_long_ago_gives_the_same_grid():
    old = possible_starts([hours(8, 9)], [], window=DAY, run=30, grid=30, origin=at(-24 * 400))

    assert old == [at(8), at(8.5)]


def test_the_first_starts_are_the_earliest_of_all():
    found = first_starts([hours(8, 12)], [], window=DAY, run=60, grid=30, origin=MIDNIGHT, count=3)

    assert found == [at(8), at(8.5), at(9)]


def test_nothing_fits_a_closed_day():
    assert starts([], [], run=60) == []


@pytest.mark.parametrize("wrong", [{"run": 0}, {"setup": -1}, {"cleaning": -1}, {"step": 0}])
def test_a_job_without_minutes_is_refused(wrong):
    job = {"run": 60, "setup": 0, "cleaning": 0, "step": 30} | wrong

    with pytest.raises(ValueError, match="need minutes"):
        starts_from_minutes([(0, 600)], [], size=600, **job)


# Allen's thirteen relations between the job [setup, run, cleaning) and one occupancy. The job
# below is setup 30, run 60, cleaning 15 from minute 100: it takes 70 to 175.
ALLEN = {
    "before": ((200, 300), True),
    "meets": ((175, 300), True),
    "overlaps": ((174, 300), False),
    "finished by": ((100, 175), False),
    "contains": ((100, 120), False),
    "starts": ((70, 300), False),
    "equals": ((70, 175), False),
    "started by": ((70, 90), False),
    "during": ((60, 200), False),
    "finishes": ((60, 175), False),
    "overlapped by": ((60, 71), False),
    "met by": ((60, 70), True),
    "after": ((20, 60), True),
}


@pytest.mark.parametrize(("occupied", "fits"), ALLEN.values(), ids=ALLEN.keys())
def test_a_job_may_lie_before_or_after_or_touch_and_nothing_else(occupied, fits):
    found = starts_from_minutes([(0, 400)], [occupied], size=400, run=60, setup=30, cleaning=15, step=100)

    assert (100 in found) is fits


SOME_MINUTES = st.tuples(st.integers(-40, 160), st.integers(0, 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))
JOBS = st.fixed_dictionaries(
    {
        "size": st.integers(0, 130),
        "run": st.integers(1, 30),
        "setup": st.integers(0, 12),
        "cleaning": st.integers(0, 12),
        "step": st.integers(1, 31),
        "offset": st.integers(-40, 40),
    }
)


def slow_starts(opened, busy, *, size, run, setup, cleaning, step, offset) -> list[int]:
    """Try every minute of the window, minute by minute: the definition, as slow as it is plain."""
    open_minutes = {minute for start, end in opened for minute in range(start, end)}
    busy_minutes = {minute for start, end in busy for minute in range(start, end)}
    return [
        start
        for start in range(size)
        if (start - offset) % step == 0
        and open_minutes.issuperset(range(start - setup, start + run))
        and busy_minutes.isdisjoint(range(start - setup, start + run + cleaning))
    ]


@settings(max_examples=1500, deadline=None)
@given(st.lists(SOME_MINUTES, max_size=6), st.lists(SOME_MINUTES, max_size=6), JOBS)
def test_free_starts_are_those_of_the_slow_reference(opened, busy, job):
    assert starts_from_minutes(opened, busy, **job) == slow_starts(opened, busy, **job)


def spans_of(minutes) -> list[Span]:
    return [
        Span(MIDNIGHT + timedelta(minutes=start), MIDNIGHT + timedelta(minutes=end))
        for start, end in minutes
        if start < end
    ]


@settings(max_examples=1000, deadline=None)
@given(st.lists(SOME_MINUTES, max_size=6), st.lists(SOME_MINUTES, max_size=6), JOBS)
def test_instants_and_minutes_agree(opened, busy, job):
    job = job | {"size": job["size"] + 1, "offset": 0}
    found = possible_starts(
        spans_of(opened),
        spans_of(busy),
        window=Span(MIDNIGHT, MIDNIGHT + timedelta(minutes=job["size"])),
        run=job["run"],
        setup=job["setup"],
        cleaning=job["cleaning"],
        grid=job["step"],
        origin=MIDNIGHT,
    )

    minutes = starts_from_minutes(opened, busy, **job)
    assert found == [MIDNIGHT + timedelta(minutes=start) for start in minutes]


def test_gaps_are_open_unoccupied_and_long_enough():
    found = gaps([hours(8, 16)], [hours(9, 10), hours(10.5, 14)], minimum=60)

    assert found == [hours(8, 9), hours(14, 16)]


def test_a_mask_holds_every_step_a_span_touches():
    grid = Grid(at(8), 30, 8)

    assert grid.mask(Span(at(8.6), at(9.6))) == 0b1110
    assert grid.mask(hours(0, 24)) == 0b11111111
    assert grid.mask(hours(12, 24)) == 0


def test_a_step_and_its_instant_are_each_other():
    grid = Grid(at(8), 15, 96)

    assert grid.bit(grid.instant(37)) == 37 == grid.bit_after(grid.instant(37))
    assert grid.bit(at(8) + timedelta(minutes=14)) == 0
    assert grid.bit_after(at(8) + timedelta(minutes=1)) == 1


def test_a_grid_without_a_step_is_refused():
    with pytest.raises(ValueError, match="needs a step"):
        Grid(MIDNIGHT, 0, 4)
