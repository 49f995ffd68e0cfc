"""Spans: half-open, in UTC, and an algebra that agrees with plain sets of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.time.spans import Span, clipped, intersected, merged, subtracted, total_minutes

EIGHT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def hours(start: float, end: float) -> Span:
    return Span(EIGHT + timedelta(hours=start - 8), EIGHT + timedelta(hours=end - 8))


@pytest.mark.parametrize("end", [EIGHT, EIGHT - timedelta(minutes=1)])
def test_a_span_ends_after_it_starts(end):
    with pytest.raises(ValueError, match="must end after it starts"):
        Span(EIGHT, end)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        Span(datetime(2026, 11, 24, 8), EIGHT + timedelta(hours=1))


def test_instants_are_kept_in_utc():
    pontianak = ZoneInfo("Asia/Pontianak")
    span = Span(datetime(2026, 11, 24, 8, tzinfo=pontianak), EIGHT)

    assert span.start == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert span.start.tzinfo is UTC


def test_an_hour_that_repeats_in_autumn_is_still_a_span():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)

    assert Span(first, first.replace(fold=1)).minutes == 60


def test_an_instant_before_the_first_year_is_refused():
    with pytest.raises(ValueError, match="years 1 to 9999"):
        Span(datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Pontianak")), EIGHT)


def test_minutes_are_whole():
    assert Span(EIGHT, EIGHT + timedelta(minutes=90, seconds=59)).minutes == 90


@pytest.mark.parametrize(
    ("other", "overlaps", "touches"),
    [
        (hours(6, 7), False, False),
        (hours(6, 8), False, True),
        (hours(6, 9), True, False),
        (hours(9, 9.5), True, False),
        (hours(8, 10), True, False),
        (hours(10, 12), False, True),
        (hours(11, 12), False, False),
    ],
)
def test_touching_is_no_overlap(other, overlaps, touches):
    assert hours(8, 10).overlaps(other) is other.overlaps(hours(8, 10)) is overlaps
    assert hours(8, 10).touches(other) is other.touches(hours(8, 10)) is touches


def test_a_span_contains_its_start_and_not_its_end():
    span = hours(8, 10)

    assert span.contains(span.start)
    assert not span.contains(span.end)
    assert span.contains(span)
    assert span.contains(hours(9, 10))
    assert not span.contains(hours(9, 11))


def test_spans_sort_by_start_then_end():
    assert sorted([hours(9, 10), hours(8, 12), hours(8, 9)])[0] == hours(8, 9)


def test_overlapping_and_touching_spans_merge():
    assert merged([hours(10, 12), hours(8, 10), hours(9, 9.5), hours(13, 14)]) == [
        hours(8, 12),
        hours(13, 14),
    ]


def test_a_hole_splits_a_span():
    assert subtracted([hours(8, 12)], [hours(9, 10)]) == [hours(8, 9), hours(10, 12)]


def test_one_hole_can_reach_over_two_spans():
    spans = [hours(8, 10), hours(11, 13)]

    assert subtracted(spans, [hours(9, 12)]) == [hours(8, 9), hours(12, 13)]


def test_what_both_have_is_the_intersection():
    assert intersected([hours(8, 12)], [hours(7, 9), hours(11, 13)]) == [hours(8, 9), hours(11, 12)]


def test_clipping_keeps_spans_apart_and_in_their_order():
    spans = [hours(10, 14), hours(7, 10), hours(12, 13)]

    assert clipped(spans, hours(8, 12)) == [hours(10, 12), hours(8, 10)]


def test_time_covered_twice_counts_once():
    assert total_minutes([hours(8, 10), hours(9, 11)]) == 180
    assert total_minutes([]) == 0


@st.composite
def some_spans(draw):
    pairs = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6))
    minute = timedelta(minutes=1)
    return [Span(EIGHT + at * minute, EIGHT + (at + length) * minute) for at, length in pairs]


def minutes_of(spans) -> set[int]:
    minute = timedelta(minutes=1)
    return {number for span in spans for number in range((span.start - EIGHT) // minute, (span.end - EIGHT) // minute)}


@given(some_spans(), some_spans())
def test_the_algebra_is_that_of_sets(a, b):
    assert minutes_of(merged(a)) == minutes_of(a)
    assert minutes_of(subtracted(a, b)) == minutes_of(a) - minutes_of(b)
    assert minutes_of(intersected(a, b)) == minutes_of(a) & minutes_of(b)
    assert total_minutes(a) == len(minutes_of(a))


@given(some_spans(), some_spans())
def test_results_are_in_order_and_neither_overlap_nor_touch(a, b):
    for result in (merged(a), subtracted(a, b), intersected(a, b)):
        assert all(one.end < following.start for one, following in pairwise(result))
