"""Instants as people type them: a date and a time on the house's own clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.writing.numbers import plain

FIRST_YEAR, LAST_YEAR = 2000, 2100


class MomentField(forms.DateTimeField):
    """A local date and time, to the minute. Needs the house's zone active; cleans to an aware instant."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": 60})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y %H.%M", "%d-%m-%Y %H:%M", "%d/%m/%Y %H.%M"]
        options = {"widget": widget, "input_formats": formats, **options}
        super().__init__(**options)

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        if found is None:
            return None
        if not FIRST_YEAR <= found.year < LAST_YEAR:
            raise forms.ValidationError(_("Periksa tahunnya."), code="year")
        return found.replace(second=0, microsecond=0)


class VersionField(forms.IntegerField):
    """Which version of a row the writer saw, hidden. Nothing, or nonsense, is 0: never what is stored, so it is stale."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, **options})

    def to_python(self, value: Any) -> int:
        return plain(str(value), 999_999_999) or 0


class DayField(forms.DateField):
    """A date within a lifetime: years far off are a slip of the finger."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        formats = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
        super().__init__(**{"widget": widget, "input_formats": formats, **options})

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is not None and not FIRST_YEAR <= found.year < LAST_YEAR:
            raise forms.ValidationError(_("Periksa tahunnya."), code="year")
        return found


class ClockField(forms.CharField):
    """A time of day, 08.00 or 08:00, or 24.00; cleans to minutes of the day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "08.00"})
        super().__init__(**{"widget": widget, "max_length": 5, **options})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).replace(":", ".")
        if not text:
            return None
        hours, _dot, minutes = text.partition(".")
        if not (hours.isascii() and hours.isdigit()) or (minutes and not (minutes.isascii() and minutes.isdigit())):
            raise forms.ValidationError(_("Tulis jam seperti 08.00."), code="clock")
        found = int(hours) * 60 + int(minutes or 0)
        if int(minutes or 0) > 59 or found > 1440:
            raise forms.ValidationError(_("Tulis jam seperti 08.00."), code="clock")
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 60:02d}.{value % 60:02d}" if isinstance(value, int) else value
