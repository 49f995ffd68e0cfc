"""Figures recomputed from the rows by plain SQL alone, minute by minute: nothing of the reports' own code is used."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

HELD = "('approved', 'checked_in', 'completed', 'no_show')"
SIGNED = "EXISTS (SELECT 1 FROM bookings_run r WHERE r.booked_machine_id = p.id AND r.signed_at IS NOT NULL)"
PARTS = "FROM bookings_bookedmachine p JOIN bookings_booking b ON b.id = p.booking_id WHERE p.machine_id = {machine}"
OFFSETS = {"Asia/Pontianak": 7 * 60, "Asia/Makassar": 8 * 60}


def minute(column: str) -> str:
    """The number of the clock minute of an instant, in the dialect of the engine."""
    if connection.vendor == "sqlite":
        return f"CAST(strftime('%s', {column}) AS INTEGER) / 60"
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {column}) / 60) AS BIGINT)"


def day(column: str) -> str:
    """The number of a date, counted from 1970."""
    if connection.vendor == "sqlite":
        return f"CAST(julianday({column}) - 2440587.5 AS INTEGER)"
    return f"({column} - DATE '1970-01-01')"


def one(sql: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [int(value or 0) for value in cursor.fetchone()]


class Month:
    """One machine's month as numbers of minutes: from its house's midnight to the next month's, or to the end of today."""

    def __init__(self, machine: int, house: int, zone: str, month: date, now: datetime) -> None:
        self.machine, self.house, self.offset = machine, house, OFFSETS[zone]
        self.now = int(now.timestamp()) // 60
        today = (self.now + self.offset) // 1440
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        numbers = [one_day.toordinal() - date(1970, 1, 1).toordinal() for one_day in (month, after)]
        self.first, self.last = (number * 1440 - self.offset for number in (numbers[0], min(numbers[1], today + 1)))

    def clock(self, spans: dict[str, str], where: str) -> int:
        """Count the minutes of the month for which `where` holds, given spans of minutes `a` to `b`."""
        named = ", ".join(f"{name} AS MATERIALIZED ({sql})" for name, sql in spans.items())
        ticks = f"clock(t) AS (SELECT {self.first} UNION ALL SELECT t + 1 FROM clock WHERE t + 1 < {self.last})"
        return one(f"WITH RECURSIVE {ticks}, {named} SELECT COUNT(*) FROM clock WHERE {where}")[0]

    def span(self, start: str, end: str, rest: str) -> str:
        return f"SELECT {minute(start)} AS a, {minute(end)} AS b {rest}".format(machine=self.machine)

    def held(self, statuses: str, more: str = "") -> int:
        parts = self.span("p.starts_at", "p.ends_at", f"{PARTS} AND b.status IN {statuses} {more}")
        return self.clock({"held": parts}, "EXISTS (SELECT 1 FROM held WHERE t >= a AND t < b)")

    def ran(self) -> int:
        runs = self.span("started_at", "stopped_at", "FROM bookings_run WHERE machine_id = {machine} AND signed_at IS NOT NULL")
        return one(
            f"WITH runs AS ({runs}) SELECT SUM(CASE WHEN b < {self.last} THEN b ELSE {self.last} END"
            f" - CASE WHEN a > {self.first} THEN a ELSE {self.first} END) FROM runs WHERE a < {self.last} AND b > {self.first}"
        )[0]

    def open(self, more: dict[str, str] | None = None, where: str = "") -> int:
        closed = f"SELECT {day('first_on')} AS a, {day('last_on')} AS b FROM facilities_closure WHERE facility_id = {self.house}"
        spans = {
            "hours": f"SELECT weekday, opens, closes FROM facilities_openinghours WHERE facility_id = {self.house}",
            "shut": closed,
            "work": self.span("starts_at", "ends_at", "FROM facilities_maintenance WHERE machine_id = {machine} AND cancelled_at IS NULL"),
            **(more or {}),
        }  # fmt: skip
        local = f"(t + {self.offset})"
        return self.clock(
            spans,
            f"EXISTS (SELECT 1 FROM hours WHERE weekday = ({local} / 1440 + 3) % 7 AND {local} % 1440 >= opens AND {local} % 1440 < closes)"
            f" AND NOT EXISTS (SELECT 1 FROM shut WHERE {local} / 1440 BETWEEN a AND b)"
            f" AND NOT EXISTS (SELECT 1 FROM work WHERE t >= a AND t < b) {where}",
        )

    def downtime(self) -> int:
        ended = f"COALESCE({minute('closed_at')}, {self.now})"
        broken = f"SELECT {minute('started_at')} AS a, {ended} AS b FROM facilities_breakdown WHERE machine_id = {self.machine}"
        return self.open({"broken": broken}, "AND EXISTS (SELECT 1 FROM broken WHERE t >= a AND t < b)")

    def bookings(self) -> list[int]:
        """Approved, completed, no-shows, late cancellations, signed: of those that begin in the month."""
        late = "b.status = 'cancelled' AND b.is_late_cancel"
        wanted = [f"b.status IN {HELD} OR ({late})", "b.status = 'completed'", "b.status = 'no_show'", late, f"b.status = 'completed' AND {SIGNED}"]
        counts = ", ".join(f"SUM(CASE WHEN {one_of} THEN 1 ELSE 0 END)" for one_of in wanted)
        begins = f"{minute('p.starts_at')} >= {self.first} AND {minute('p.starts_at')} < {self.last}"
        return one(f"SELECT {counts} {PARTS} AND {begins}".format(machine=self.machine))

    def runs(self) -> list[int]:
        """Services, good and rejected packs: of the runs that begin in the month."""
        begins = f"{minute('started_at')} >= {self.first} AND {minute('started_at')} < {self.last}"
        return one(
            f"SELECT COUNT(*), SUM(good), SUM(rejected) FROM bookings_run WHERE machine_id = {self.machine}"
            f" AND signed_at IS NOT NULL AND {begins}"
        )

    def figures(self) -> dict[str, int]:
        names = ("approved", "completed", "no_shows", "late_cancels", "signed")
        untold = "('approved', 'checked_in', 'completed')"
        return {
            "available": self.open(),
            "downtime": self.downtime(),
            "booked": self.held(HELD),
            "unreported": self.held(untold, f"AND NOT {SIGNED}"),
            "run": self.ran(),
            **dict(zip(names, self.bookings(), strict=True)),
            **dict(zip(("services", "good", "rejected"), self.runs(), strict=True)),
        }
