"""Calendars as RFC 5545 wants them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bookings.messages.ical import Event, calendar, escaped, folded, stamp

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def event(**more: object) -> Event:
    return Event(uid="PTK-1@rumah", starts_at=NOW, ends_at=NOW + timedelta(hours=2), summary="Segel", **more)


def test_a_calendar_has_its_parts_in_order_and_ends_every_line_with_crlf():
    text = calendar("Jadwal", [event(location="Jalan A, 1", sequence=2)], now=NOW)
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261123T010000Z" in lines and "DTEND:20261123T030000Z" in lines
    assert "LOCATION:Jalan A\\, 1" in lines and "SEQUENCE:2" in lines and "STATUS:CONFIRMED" in lines


def test_a_request_that_waits_is_tentative():
    assert "STATUS:TENTATIVE" in calendar("Jadwal", [event(is_tentative=True)], now=NOW)


def test_instants_are_written_in_utc():
    wib = timezone(timedelta(hours=7))
    assert stamp(datetime(2026, 11, 23, 6, 30, tzinfo=wib)) == "20261122T233000Z"


def test_what_would_end_a_value_is_escaped():
    assert escaped("a;b,c\\d\r\ne\x00f") == "a\\;b\\,c\\\\d\\nef"


@given(st.text(max_size=300))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_it_back(text):
    line = f"SUMMARY:{escaped(text)}"
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode("utf-8", "surrogatepass")) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_opens_a_new_property(text):
    lines = calendar("Jadwal", [event(description=text)], now=NOW).replace("\r\n ", "").split("\r\n")
    assert len([line for line in lines if line.startswith(("BEGIN:", "END:"))]) == 4
