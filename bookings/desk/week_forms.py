"""A week as people type it: some rows a day of from and until, from a date on, perhaps until another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.formats import weekday_name
from accounts.voice import SpokenForm
from bookings.desk.fields import ClockField, DayField
from facilities.time.hours import WeeklyRule


class WeeklyForm(SpokenForm):
    """Rows of `NAMES` for each weekday. A row is whole or empty, ends after it starts, and one at least is filled.

    `LABELS` name the two ends with the `%(day)s`; `HALF`, `BACKWARDS` and `NOTHING` say what is wrong.
    """

    ROWS: ClassVar[int]
    NAMES: ClassVar[tuple[str, str]]
    LABELS: ClassVar[tuple[Any, Any]]
    HALF: ClassVar[Any]
    BACKWARDS: ClassVar[Any]
    NOTHING: ClassVar[Any]

    valid_from = DayField(label=_("Berlaku mulai"))
    valid_until = DayField(label=_("Sampai"), required=False, help_text=_("Kosongkan bila seterusnya."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for day in range(7):
            for row in range(self.ROWS):
                for name, label in zip(_ends(self.NAMES, day, row), self.LABELS, strict=True):
                    self.fields[name] = ClockField(label=label % {"day": weekday_name(day)}, required=False)

    def days(self) -> list[dict[str, Any]]:
        """Return the weekdays with their pairs of fields, for the template."""
        return [
            {
                "name": weekday_name(day),
                "rows": [tuple(self[name] for name in _ends(self.NAMES, day, row)) for row in range(self.ROWS)],
            }
            for day in range(7)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Hari terakhir sebelum hari pertama."))
        for day in range(7):
            for row in range(self.ROWS):
                self._check_pair(*_ends(self.NAMES, day, row))
        if not self.errors and not self.rules():
            self.add_error(None, self.NOTHING)
        return data

    def _check_pair(self, starts: str, ends: str) -> None:
        if starts in self.errors or ends in self.errors:
            return
        start, end = self.cleaned_data.get(starts), self.cleaned_data.get(ends)
        if (start is None) != (end is None):
            self.add_error(ends if end is None else starts, self.HALF)
        elif start is not None and end is not None and end <= start:
            self.add_error(ends, self.BACKWARDS)

    def rules(self) -> list[WeeklyRule]:
        """Return what was typed as rules; only after `clean`."""
        data = self.cleaned_data
        first: date | None = data.get("valid_from")
        if first is None:
            return []
        typed = (
            (day, *(data.get(name) for name in _ends(self.NAMES, day, row)))
            for day in range(7)
            for row in range(self.ROWS)
        )
        until = data.get("valid_until")
        return [WeeklyRule(day, start, end, first, until) for day, start, end in typed if None not in (start, end)]

    @classmethod
    def initial_of(cls, rows: Iterable[tuple[int, int, int]]) -> dict[str, int]:
        """Return (weekday, from, until in minutes of the day) as the form's initial values, as far as there are rows."""
        initial: dict[str, int] = {}
        filled = [0] * 7
        for day, start, end in sorted(rows):
            if filled[day] < cls.ROWS:
                initial.update(zip(_ends(cls.NAMES, day, filled[day]), (start, end), strict=True))
                filled[day] += 1
        return initial


def _ends(names: tuple[str, str], day: int, row: int) -> tuple[str, str]:
    return f"{names[0]}_{day}_{row}", f"{names[1]}_{day}_{row}"
