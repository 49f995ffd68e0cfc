"""Calendars as phones read them: the part of RFC 5545 that a list of busy times needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

CRLF = "\r\n"
LONGEST_LINE = 75
"""Octets per line without its end (RFC 5545 §3.1)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One time in a calendar. `uid` stays the same when the time moves; `sequence` then grows.

    One that `rings` reminds two hours before; a cancelled one stays so that calendars take it away.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    is_tentative: bool = False
    is_cancelled: bool = False
    rings: bool = False
    sequence: int = 0
    changed_at: datetime | None = None


def calendar(name: str, events: Iterable[Event], *, now: datetime) -> str:
    """Return a whole calendar document with CRLF line ends; instants are written in UTC.

    `now` is the stamp of events that do not know when they changed.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rumah Produksi//Jadwal//ID",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",  # the same for calendars older than RFC 7986
        *(line for event in events for line in _lines(event, now)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}{CRLF}" for line in lines)


def _lines(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp(event.changed_at or now)}"
    if event.changed_at:
        yield f"LAST-MODIFIED:{stamp(event.changed_at)}"
    yield f"DTSTART:{stamp(event.starts_at)}"
    yield f"DTEND:{stamp(event.ends_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{_status(event)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.location:
        yield f"LOCATION:{escaped(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.rings and not event.is_cancelled:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H", f"DESCRIPTION:{escaped(event.summary)}", "END:VALARM")
    yield "END:VEVENT"


def _status(event: Event) -> str:
    if event.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if event.is_tentative else "CONFIRMED"


def stamp(instant: datetime) -> str:
    """Return an aware instant as `20261124T010000Z`."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return a TEXT value (§3.3.11): backslash, comma, semicolon and line ends made harmless, controls dropped."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    readable = "".join(c for c in joined if c in "\n\t" or ord(c) >= 32 and c != "\x7f")
    return readable.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """Return a content line in pieces of at most 75 octets, never cutting a character in two."""
    pieces, piece, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = "", 1  # the blank that marks a continuation counts
        piece, size = piece + char, size + octets
    return f"{CRLF} ".join([*pieces, piece])
