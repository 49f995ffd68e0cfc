"""Hours of the week, and the geometry of charts."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bookings.reports import charts
from bookings.reports.heat import by_hour_of_week
from facilities.time.spans import Span
from tests.build import at

WIB, WITA = ZoneInfo("Asia/Pontianak"), ZoneInfo("Asia/Makassar")


def test_minutes_fall_into_the_hours_of_the_houses_clock():
    week = by_hour_of_week([Span(at(8.5), at(10.25))], WIB)
    assert (week[8], week[9], week[10], sum(week)) == (30, 60, 15, 105)
    assert by_hour_of_week([Span(at(8), at(9))], WITA)[9] == 60


def test_half_past_six_on_monday_is_monday_though_it_is_sunday_in_utc():
    assert by_hour_of_week([Span(at(6.5), at(7))], WIB)[6] == 30


def test_a_span_over_sunday_midnight_begins_the_next_week():
    week = by_hour_of_week([Span(at(23, day=6), at(25, day=6))], WIB)
    assert (week[6 * 24 + 23], week[0]) == (60, 60)


def test_only_open_hours_have_a_share():
    run, available = [0] * 168, [0] * 168
    available[8], available[10], run[10] = 60, 60, 30
    heat = charts.heat(run, available)
    assert [(cell.hour, cell.share, cell.tone) for cell in heat.cells] == [(8, 0.0, 0), (9, None, 0), (10, 0.5, 4)]
    assert charts.heat(run, [0] * 168) is None


def test_bars_begin_at_zero_and_the_longest_leaves_room_for_its_label():
    drawn = charts.bars([0.5, 0.25, None, 0.0], average=0.25, leading={0})
    assert [bar.length for bar in drawn.bars] == ["80.00%", "40.00%", None, "0.00%"]
    assert drawn.average == "40.00%" and [bar.is_leading for bar in drawn.bars] == [True, False, False, False]


def test_a_line_breaks_where_nobody_reported():
    line = charts.line([0.1, 0.2, None, 0.2, 0.1])
    assert len(line.parts) == 2 and line.points[2].share is None


def test_a_chart_without_anything_is_no_division_by_zero():
    assert charts.bars([None], average=None, leading=()).average is None
    assert charts.line([0.0]).points[0].y == charts.LINE_HEIGHT
