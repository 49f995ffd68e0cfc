"""A machine's calendar: what is busy, what is kept away for cleaning, who could work, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from facilities.time.calendars import Blocked, Calendar, Job, Roster, free_spans, nearest_starts, starts
from facilities.time.changeover import REFUSED, Matrix
from facilities.time.instants import instant_of, minute_of, minute_up
from facilities.time.spans import Span

WIB = ZoneInfo("Asia/Pontianak")
MIDNIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)  # Monday 23 November, 00.00 WIB
SECOND = timedelta(seconds=1)
MATRIX = Matrix({("ikan", "kering"): 20, ("kering", "ikan"): 10, ("udang", "susu"): REFUSED})


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def span(start: float, end: float) -> Span:
    return Span(at(start), at(end))


def job(start: float, end: float, cleaning_class: str = "ikan", tail: float = 0.5, key: int | None = None) -> Blocked:
    return Blocked(span(start, end + tail), "taken", work=span(start, end), cleaning_class=cleaning_class, key=key)


def calendar(*taken: Blocked, **more) -> Calendar:
    return Calendar([span(8, 16)], taken=taken, **{"matrix": MATRIX, "full": 30, "zone": WIB, **more})


def hours(spans: list[Span]) -> list[tuple[float, float]]:
    return [tuple((end - MIDNIGHT) / timedelta(hours=1) for end in (s.start, s.end)) for s in spans]


def test_what_is_busy_is_the_work_where_somebody_said_so_else_everything():
    assert job(9, 10).busy == span(9, 10)
    assert Blocked(span(9, 10), "maintenance").busy == span(9, 10)


def test_a_job_keeps_each_class_away_as_far_as_its_cleaning():
    assert hours(calendar(job(9, 10)).busy(at(0), at(48), "ikan")) == [(9, 10)]
    cleaned = Span(at(9) - timedelta(minutes=10), at(10) + timedelta(minutes=20))
    assert calendar(job(9, 10)).busy(at(0), at(48), "kering") == [cleaned]
    assert hours(calendar(job(9, 10)).busy(at(0), at(48))) == [(8.5, 10.5)]


def test_what_never_meets_is_kept_away_all_day_in_the_houses_own_zone():
    (kept,) = calendar(job(9, 10, "udang")).kept_away("susu")
    assert (hours([kept.span]), kept.refused, kept.block.cleaning_class) == ([(0, 24)], True, "udang")
    (elsewhere,) = calendar(job(9, 10, "udang"), zone=ZoneInfo("Asia/Makassar")).kept_away("susu")
    assert hours([elsewhere.span]) == [(-1, 23)]
    (nowhere,) = calendar(job(9, 10, "udang"), zone=None).kept_away("susu")
    assert hours([nowhere.span]) == [(7, 31)]


def test_only_a_job_has_a_class():
    held = calendar().held(job(9, 10, key=7))
    assert (held.is_job, held.key, held.cleaning_class, held.end - held.start) == (True, 7, "ikan", 60)
    assert held.day == (minute_of(at(0)), minute_of(at(24)))
    assert not calendar().held(Blocked(span(9, 10), "maintenance")).is_job
    assert not calendar().held(Blocked(span(9, 10), "broken")).is_job


def test_seconds_grow_to_whole_minutes_only_where_cleaning_is_added():
    odd = Span(at(9) + SECOND, at(10) + SECOND)
    (kept,) = calendar(Blocked(odd, "taken", work=odd, cleaning_class="ikan")).kept_away("ikan")
    assert kept.span == odd
    (kept,) = calendar(Blocked(odd, "taken", work=odd, cleaning_class="ikan")).kept_away("kering")
    assert kept.span == Span(at(9) - timedelta(minutes=10), at(10) + timedelta(minutes=21))


def test_minutes_are_counted_down_and_up():
    assert [minute_of(at(9) + SECOND), minute_up(at(9) + SECOND)] == [minute_of(at(9)), minute_of(at(9)) + 1]
    assert minute_up(at(9)) == minute_of(at(9)) and instant_of(minute_of(at(9))) == at(9)
    assert minute_of(datetime(1970, 1, 1, 1, tzinfo=UTC)) == 60


def test_tails_and_leaving_out():
    two = calendar(job(9, 10, "kering", key=1), job(12, 13, key=2))
    assert two.tails(two.taken) == [10, 30]
    assert two.without(None) is two
    assert [block.key for block in two.without(1).taken] == [2]
    assert two.without(1).matrix == two.matrix and two.without(1).full == 30


@pytest.mark.parametrize(
    ("since", "until", "busy"),
    [
        (9, 12, [(9, 12)]),
        (9, 60, [(9, 48)]),  # no longer than is asked about
        (6, 7.5, [(6, 48)]),  # overdue: promises nothing
        (6, 8, [(6, 48)]),  # due this minute is overdue
        (9, None, [(9, 48)]),
        (50, 60, []),
        (48, 60, []),
    ],
)
def test_an_open_breakdown_is_busy_until_it_is_expected_back(since, until, busy):
    broken = calendar(broken_since=at(since), broken_until=None if until is None else at(until))
    assert hours(broken.busy(at(8), at(48))) == busy == hours(broken.occupied(at(8), at(48)))


def test_a_machine_that_works_is_occupied_by_what_is_taken_cleaning_included():
    assert hours(calendar(job(9, 10)).occupied(at(0), at(48))) == [(9, 10.5)]


def test_who_could_work_and_when():
    assert calendar().workable() == [[span(8, 16)]]
    two = [Roster(1, [span(6, 9), span(9, 10)]), Roster(2, [span(15, 20)])]
    assert [hours(spans) for spans in calendar(rosters=two).workable()] == [[(8, 10)], [(15, 16)]]
    assert calendar(rosters=[]).workable() == []
    assert two[1].covers(span(15, 16)) and not two[0].covers(span(8.5, 9.5))


def found(cal: Calendar, **more) -> list[float]:
    asked = {"run": 60, "setup": 0, "grid": 60, "cleaning_class": "kering", **more}
    got = starts(cal, Job(**asked), window=span(0, 24), now=at(0), zone=WIB)
    return [(start - MIDNIGHT) / timedelta(hours=1) for start in got]


def test_starts_are_those_of_any_operator_each_once_in_order():
    two = [Roster(1, [span(12, 16)]), Roster(2, [span(8, 13)])]
    assert found(calendar(rosters=two)) == [8, 9, 10, 11, 12, 13, 14, 15]
    assert found(calendar(rosters=two), run=120) == [8, 9, 10, 11, 12, 13, 14]


def test_the_first_starts_are_the_beginning_of_all():
    for cal in (calendar(job(9, 10)), calendar(rosters=[Roster(1, [span(12, 16)]), Roster(2, [span(8, 13)])])):
        whole = starts(cal, Job(60, 0, 30), window=span(0, 24), now=at(0), zone=WIB)
        for count in (0, 1, 3, 100):
            got = nearest_starts(cal, Job(60, 0, 30), window=span(0, 24), now=at(0), zone=WIB, count=count)
            assert got == whole[:count]


def test_setup_and_breakdown_count_too():
    assert found(calendar(), setup=30) == [9, 10, 11, 12, 13, 14, 15]
    assert found(calendar(broken_since=at(9), broken_until=at(12))) == [8, 12, 13, 14, 15]
    assert found(calendar(broken_since=at(9))) == [8]


def test_a_breakdown_reaches_beyond_the_window():
    """A run that begins in the window may last two days more."""
    always = Calendar([span(0, 72)], broken_since=at(30), broken_until=at(60))
    got = starts(always, Job(12 * 60, 0, 360), window=span(0, 24), now=at(0), zone=WIB)
    assert [(start - MIDNIGHT) / timedelta(hours=1) for start in got] == [0, 6, 12, 18]


def test_grid_points_count_from_the_houses_midnight():
    half = Calendar([span(0, 24)])
    got = starts(half, Job(60, 0, 120), window=Span(at(8.75), at(13)), now=at(0), zone=WIB)
    assert [(start - MIDNIGHT) / timedelta(hours=1) for start in got] == [10, 12]


def test_free_spans_are_open_untaken_long_enough_and_ahead():
    cal = calendar(job(9, 10), job(13, 13.5, tail=0))
    assert hours(free_spans(cal, now=at(0), minimum=60)) == [(8, 9), (10.5, 13), (13.5, 16)]
    assert hours(free_spans(cal, now=at(11), minimum=60)) == [(11, 13), (13.5, 16)]
    assert hours(free_spans(cal, now=at(13), minimum=150)) == [(13.5, 16)]
    assert hours(free_spans(cal, now=at(12.5), minimum=151)) == []
    assert hours(free_spans(calendar(broken_since=at(10)), now=at(8), minimum=1)) == [(8, 10)]
    assert free_spans(Calendar([]), now=at(8), minimum=1) == []


def test_a_breakdown_counts_on_the_last_open_day_too():
    two = Calendar([span(8, 12), span(32, 40)], broken_since=at(34))
    assert hours(free_spans(two, now=at(8), minimum=1)) == [(8, 12), (32, 34)]


def test_a_run_of_days_meets_a_breakdown_long_after_the_window():
    always = Calendar([span(0, 96)], broken_since=at(50), broken_until=at(90))
    got = starts(always, Job(36 * 60, 0, 360), window=span(0, 24), now=at(0), zone=WIB)
    assert [(start - MIDNIGHT) / timedelta(hours=1) for start in got] == [0, 6, 12]


def test_a_machine_nobody_described_needs_no_cleaning():
    assert hours(Calendar([], taken=[job(9, 10)]).busy(at(0), at(48))) == [(9, 10)]
