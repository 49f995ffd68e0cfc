"""A house's settings as people type them: its page, its weeks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.formats import weekday_name
from bookings.forms.moments import ClockField, DayField
from facilities.hours import WeeklyRule

PHONE = re.compile(r"[+(]?[0-9][0-9 .()-]{5,18}")
ROWS_A_DAY = 3


class PageForm(forms.Form):
    """What producers read about the house."""

    name = forms.CharField(label=_("Nama"), max_length=80)
    address = forms.CharField(label=_("Alamat"), max_length=200)
    contact_name = forms.CharField(label=_("Orang yang dihubungi"), max_length=80)
    phone = forms.CharField(label=_("Telepon"), max_length=20, help_text=_("HP atau telepon kantor, dengan kode daerah."))
    about = forms.CharField(
        label=_("Tentang rumah ini"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    what_to_bring = forms.CharField(
        label=_("Yang perlu dibawa"), required=False, max_length=2000, help_text=_("Satu baris satu barang."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].strip()
        if not PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Tulis nomor seperti 0561-123456."), code="phone")
        digits = re.sub(r"\D", "", phone)
        national = digits.removeprefix("62").removeprefix("0")
        if not 6 <= len(national) <= 12:
            raise forms.ValidationError(_("Tulis nomor seperti 0561-123456."), code="phone")
        return f"+62{national}"


class WeekForm(forms.Form):
    """One week of opening hours: up to three openings a day, from a date on, perhaps until another."""

    valid_from = DayField(label=_("Berlaku mulai"))
    valid_until = DayField(label=_("Sampai"), required=False, help_text=_("Kosongkan bila seterusnya."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for day in range(7):
            for row in range(ROWS_A_DAY):
                name = weekday_name(day)
                self.fields[f"opens_{day}_{row}"] = ClockField(label=_("%(day)s buka") % {"day": name}, required=False)
                self.fields[f"closes_{day}_{row}"] = ClockField(label=_("%(day)s tutup") % {"day": name}, required=False)

    def days(self) -> list[dict[str, Any]]:
        """Return the weekdays with their pairs of fields, for the template."""
        return [
            {
                "name": weekday_name(day),
                "rows": [(self[f"opens_{day}_{row}"], self[f"closes_{day}_{row}"]) for row in range(ROWS_A_DAY)],
            }
            for day in range(7)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Hari terakhir sebelum hari pertama."))
        for day in range(7):
            for row in range(ROWS_A_DAY):
                self._check_pair(f"opens_{day}_{row}", f"closes_{day}_{row}")
        if not self.errors and not self.rules():
            self.add_error(None, _("Isi sedikitnya satu jam buka. Untuk menutup rumah, pakai halaman Tutup."))
        return data

    def _check_pair(self, opens: str, closes: str) -> None:
        if opens in self.errors or closes in self.errors:
            return
        start, end = self.cleaned_data.get(opens), self.cleaned_data.get(closes)
        if (start is None) != (end is None):
            self.add_error(closes if end is None else opens, _("Isi jam buka dan jam tutup."))
        elif start is not None and end is not None and end <= start:
            self.add_error(closes, _("Jam tutup harus sesudah jam buka."))

    def rules(self) -> list[WeeklyRule]:
        """Return what was typed as rules; only after `clean`."""
        data = self.cleaned_data
        first: date | None = data.get("valid_from")
        if first is None:
            return []
        return [
            WeeklyRule(day, data[f"opens_{day}_{row}"], data[f"closes_{day}_{row}"], first, data.get("valid_until"))
            for day in range(7)
            for row in range(ROWS_A_DAY)
            if data.get(f"opens_{day}_{row}") is not None and data.get(f"closes_{day}_{row}") is not None
        ]


def week_initial(rules: list[Any]) -> dict[str, Any]:
    """Return a week's rows as the form's initial values."""
    initial: dict[str, Any] = {}
    filled = [0] * 7
    for rule in sorted(rules, key=lambda rule: (rule.weekday, rule.opens)):
        row = filled[rule.weekday]
        if row < ROWS_A_DAY:
            initial[f"opens_{rule.weekday}_{row}"] = rule.opens
            initial[f"closes_{rule.weekday}_{row}"] = rule.closes
            filled[rule.weekday] += 1
    return initial
