"""Free starts against a slow and obvious reference, and against every way two spans can lie."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.time.availability import (
    Starts,
    Steps,
    common,
    first_starts,
    free_gaps,
    free_starts,
    joined,
    possible_starts,
)
from facilities.time.spans import Span

MIDNIGHT = datetime(2026, 11, 23, 17, tzinfo=UTC)  # Tuesday 24 November, 00.00 WIB
DAY = Span(MIDNIGHT, MIDNIGHT + timedelta(days=1))


def from_minutes(opened, busy, *, size, step, offset=0, **job) -> list[int]:
    """Return the free starts of minutes 0 to `size`, as minutes."""
    return list(free_starts(opened, busy, Steps.within(0, size, step=step, offset=offset), **job))


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

    assert list(old) == [at(8), at(8.5)]


def test_the_first_starts_are_the_earliest_of_all():
    found = first_starts([hours(8, 12)], [], window=DAY, run=60, grid=30, origin=MIDNIGHT, count=3)

    assert found == [at(8), at(8.5), at(9)]


def test_nothing_fits_a_closed_day():
    assert starts([], [], run=60) == []


@pytest.mark.parametrize("wrong", [{"run": 0}, {"setup": -1}, {"cleaning": -1}, {"step": 0}])
def test_a_job_without_minutes_is_refused(wrong):
    job = {"run": 60, "setup": 0, "cleaning": 0, "step": 30} | wrong

    with pytest.raises(ValueError, match="need minutes"):
        from_minutes([(0, 600)], [], size=600, **job)


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
    found = from_minutes([(0, 400)], [occupied], size=400, run=60, setup=30, cleaning=15, step=100)

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
    assert from_minutes(opened, busy, **job) == slow_starts(opened, busy, **job)


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

    minutes = from_minutes(opened, busy, **job)
    assert list(found) == [MIDNIGHT + timedelta(minutes=start) for start in minutes]


TEN = [480, 540, 600, 660, 720, 1920]


def few(*minutes, first=480, step=60) -> Starts:
    return Starts(first, step, sum(1 << (minute - first) // step for minute in minutes))


def test_starts_are_counted_in_order():
    assert list(few(*TEN)) == TEN
    assert list(Starts(480, 60, 0)) == []
    assert not Starts(480, 60, 0)
    assert few(1920)


def test_a_start_is_on_the_grid_and_free():
    starts = few(480, 600)

    assert 480 in starts
    assert 600 in starts
    assert 540 not in starts, "not free"
    assert 481 not in starts, "not on the grid"
    assert 420 not in starts, "before the first"
    assert 60_000 not in starts, "after the last"


@pytest.mark.parametrize(
    ("minute", "left"), [(0, 0), (480, 0), (481, 1), (540, 1), (541, 2), (1920, 5), (1921, 6), (9000, 6)]
)
def test_starts_before_a_minute_leave_that_minute_out(minute, left):
    assert list(few(*TEN).before(minute)) == TEN[:left]


def test_starts_before_a_minute_keep_their_grid():
    assert few(*TEN).before(541) == few(480, 540)


@pytest.mark.parametrize(
    ("gap", "count", "chosen"),
    [
        (60, 3, [480, 540, 600]),
        (120, 3, [480, 600, 720]),
        (90, 3, [480, 600, 720]),
        (121, 3, [480, 660, 1920]),
        (1, 2, [480, 540]),
        (0, 2, [480, 540]),
        (60, 9, TEN),
        (5000, 3, [480]),
        (60, 0, []),
    ],
)
def test_choices_lie_apart_by_what_a_run_takes(gap, count, chosen):
    assert few(*TEN).spread(gap=gap, count=count) == chosen


@given(st.integers(0, 1 << 60), st.integers(1, 40), st.integers(0, 200), st.integers(0, 5))
def test_choices_are_the_first_that_a_patient_reader_would_take(bits, step, gap, count):
    starts = Starts(-17, step, bits)
    patient: list[int] = []
    for minute in starts:
        if len(patient) < count and (not patient or minute >= patient[-1] + max(gap, 1)):
            patient.append(minute)

    assert starts.spread(gap=gap, count=count) == patient


@pytest.mark.parametrize(
    ("minute", "nearest"), [(0, 480), (480, 480), (505, 480), (510, 480), (511, 540), (1319, 720), (1321, 1920), (9000, 1920)]
)
def test_the_nearest_start_is_before_or_after(minute, nearest):
    assert few(*TEN).nearest(minute) == nearest


@given(st.integers(0, 1 << 60), st.integers(1, 40), st.integers(-500, 3000))
def test_the_nearest_start_is_the_nearest_of_all(bits, step, minute):
    starts = Starts(-17, step, bits)

    assert starts.nearest(minute) == min(starts, key=lambda one: (abs(one - minute), one), default=None)


@pytest.mark.parametrize(
    ("first", "last", "offset", "steps"),
    [
        (0, 120, 0, Steps(0, 30, 4)),
        (1, 120, 0, Steps(30, 30, 3)),
        (0, 121, 0, Steps(0, 30, 5)),
        (0, 120, 7, Steps(7, 30, 4)),
        (10, 11, 0, Steps(30, 30, 0)),
        (90, 30, 0, Steps(90, 30, 0)),
        (0, 60, 1000, Steps(10, 30, 2)),
        (0, 60, -1000, Steps(20, 30, 2)),
    ],
)
def test_steps_are_the_grid_points_of_a_stretch(first, last, offset, steps):
    assert Steps.within(first, last, step=30, offset=offset) == steps


def test_steps_far_from_what_is_open_or_busy_are_neither_free_nor_taken():
    steps = Steps(1000, 30, 4)

    assert steps.fit([(0, 900), (1200, 1300), (1000, 1060)], run=60) == 0b1
    assert steps.clash([(0, 900), (1200, 1300), (1060, 1061)], run=60) == 0b0110


SOME_SPANS = st.lists(SOME_MINUTES, max_size=6)


def minutes_in(spans) -> set[int]:
    return {minute for start, end in spans for minute in range(start, end)}


@given(SOME_SPANS)
def test_joined_spans_hold_the_same_minutes_and_never_touch(spans):
    found = joined(spans)

    assert minutes_in(found) == minutes_in(spans)
    assert all(one[1] < other[0] for one, other in zip(found, found[1:], strict=False))
    assert all(start < end for start, end in found)


@given(SOME_SPANS, SOME_SPANS)
def test_common_minutes_lie_in_both(ones, others):
    found = common(joined(ones), joined(others))

    assert minutes_in(found) == minutes_in(ones) & minutes_in(others)
    assert found == joined(found)


@given(SOME_SPANS, SOME_SPANS)
def test_gaps_are_open_and_not_busy(opened, busy):
    found = list(free_gaps(joined(opened), busy))

    assert minutes_in(found) == minutes_in(opened) - minutes_in(busy)
    assert found == joined(found)


def test_gaps_lie_before_between_and_after_what_is_busy():
    assert list(free_gaps([(0, 100), (120, 200)], [(90, 130), (10, 20)])) == [(0, 10), (20, 90), (130, 200)]
