"""What staff type about machines that cannot be used: planned work, breakdowns, repairs, closed days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.voice import SpokenForm
from bookings.desk.fields import ClockField, DayField, MomentField, VersionField

LONGEST = timedelta(days=366)


class MaintenanceForm(SpokenForm):
    title = forms.CharField(label=_("Pekerjaan"), max_length=120, help_text=_("Contoh: ganti elemen pemanas."))
    starts_at = MomentField(label=_("Mulai"))
    ends_at = MomentField(label=pgettext_lazy("time", "Selesai"))

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and start < self.now - timedelta(days=1):
            self.add_error("starts_at", _("Jam mulai sudah lewat."))
        if start and end:
            if end <= max(start, self.now):
                self.add_error("ends_at", _("Jam selesai harus sesudah jam mulai dan belum lewat."))
            elif end - start > LONGEST:
                self.add_error("ends_at", _("Perawatan paling lama setahun."))
        return data


class BreakdownForm(SpokenForm):
    reason = forms.CharField(label=_("Apa yang rusak?"), max_length=200, help_text=_("Contoh: pompa tidak menarik."))
    expected_until = MomentField(label=_("Perkiraan siap"), help_text=_("Belum tahu? Tulis perkiraan terlama."))

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean_expected_until(self) -> datetime:
        until: datetime = self.cleaned_data["expected_until"]
        if until <= self.now:
            raise forms.ValidationError(_("Perkiraan siap harus sesudah sekarang."), code="past")
        if until - self.now > LONGEST:
            raise forms.ValidationError(_("Paling lama setahun."), code="too_long")
        return until


class RepairForm(SpokenForm):
    repair = forms.CharField(label=_("Apa yang diperbaiki?"), max_length=300)


class StopCorrectionForm(SpokenForm):
    """A later change of what was reported of a breakdown, and why. One that is still open has no end to correct."""

    started_at = MomentField(label=_("Rusak sejak"))
    closed_at = MomentField(label=_("Siap lagi"))
    reason = forms.CharField(label=_("Apa yang rusak?"), max_length=200)
    repair = forms.CharField(label=_("Apa yang diperbaiki?"), max_length=300, required=False)
    why = forms.CharField(label=_("Alasan koreksi"), max_length=300)
    version = VersionField()

    def __init__(self, *args: Any, is_open: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_open:
            del self.fields["closed_at"], self.fields["repair"]

    def values(self) -> dict[str, Any]:
        """Return what is to hold of the breakdown."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("why", "version")}


class CloseForm(SpokenForm):
    """Shut the house: whole days, or a part of each."""

    first_on = DayField(label=_("Hari pertama"))
    last_on = DayField(label=_("Hari terakhir"), required=False, help_text=_("Kosongkan untuk satu hari."))
    from_minute = ClockField(label=_("Dari jam"), required=False)
    until_minute = ClockField(label=_("Sampai jam"), required=False, help_text=_("Kosongkan untuk sehari penuh."))
    reason = forms.CharField(label=_("Alasan"), max_length=120, help_text=_("Dibaca pelaku usaha."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first = data.get("first_on")
        if first and not data.get("last_on") and "last_on" not in self.errors:
            data["last_on"] = first
        data["from_minute"] = data.get("from_minute") or 0
        data["until_minute"] = 1440 if data.get("until_minute") is None else data["until_minute"]
        return data
