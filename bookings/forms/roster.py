"""What a manager types about operators: who they are, when they work, when they are away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.formats import weekday_name
from accounts.models import User
from bookings.forms.moments import ClockField, DayField, MomentField
from facilities.hours import WeeklyRule
from facilities.models import Facility, MachineType, Operator
from facilities.wording import type_word

SHIFTS_A_DAY = 2


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class OperatorForm(forms.Form):
    """Who runs which types; an account only where somebody signs in."""

    name = forms.CharField(label=_("Nama"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    types = forms.MultipleChoiceField(label=_("Bisa menjalankan"), widget=forms.CheckboxSelectMultiple)
    user = PersonField(
        User.objects.none(), label=_("Akun untuk masuk"), required=False, empty_label=_("Tanpa akun"),
        help_text=_("Hanya orang yang bertugas sebagai operator di rumah ini."),
    )  # fmt: skip

    def __init__(self, *args: Any, house: Facility, operator: Operator | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        known = MachineType.objects.filter(machines__facility=house, machines__retired_on__isnull=True).distinct()
        types = {kind.code: type_word(kind) for kind in known}
        for code in operator.types if operator else ():
            types.setdefault(code, code)
        self.fields["types"].choices = sorted(types.items(), key=lambda pair: pair[1])
        duty = {"duties__facility": house, "duties__kind": "operator", "duties__ended_at__isnull": True}
        self.fields["user"].queryset = User.objects.filter(**duty).distinct().order_by("name")


class ChangeOperatorForm(OperatorForm):
    version = version_field()


class ShiftForm(forms.Form):
    """One week of shifts: up to two a day, from a date on, perhaps until another."""

    valid_from = DayField(label=_("Berlaku mulai"))
    valid_until = DayField(label=_("Sampai"), required=False, help_text=_("Kosongkan bila seterusnya."))
    version = version_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for day in range(7):
            for row in range(SHIFTS_A_DAY):
                name = {"day": weekday_name(day)}
                self.fields[f"starts_{day}_{row}"] = ClockField(label=_("%(day)s mulai") % name, required=False)
                self.fields[f"ends_{day}_{row}"] = ClockField(label=_("%(day)s selesai") % name, required=False)

    def days(self) -> list[dict[str, Any]]:
        """Return the weekdays with their pairs of fields, for the template."""
        return [
            {
                "name": weekday_name(day),
                "rows": [(self[f"starts_{day}_{row}"], self[f"ends_{day}_{row}"]) for row in range(SHIFTS_A_DAY)],
            }
            for day in range(7)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Hari terakhir sebelum hari pertama."))
        for day in range(7):
            for row in range(SHIFTS_A_DAY):
                self._check_pair(f"starts_{day}_{row}", f"ends_{day}_{row}")
        if not self.errors and not self.rules():
            self.add_error(None, _("Isi sedikitnya satu giliran. Tidak bekerja sama sekali? Catat berhalangan."))
        return data

    def _check_pair(self, starts: str, ends: str) -> None:
        if starts in self.errors or ends in self.errors:
            return
        start, end = self.cleaned_data.get(starts), self.cleaned_data.get(ends)
        if (start is None) != (end is None):
            self.add_error(ends if end is None else starts, _("Isi jam mulai dan jam selesai."))
        elif start is not None and end is not None and end <= start:
            self.add_error(ends, _("Jam selesai harus sesudah jam mulai."))

    def rules(self) -> list[WeeklyRule]:
        """Return what was typed as rules; only after `clean`."""
        data = self.cleaned_data
        first: date | None = data.get("valid_from")
        if first is None:
            return []
        return [
            WeeklyRule(day, data[f"starts_{day}_{row}"], data[f"ends_{day}_{row}"], first, data.get("valid_until"))
            for day in range(7)
            for row in range(SHIFTS_A_DAY)
            if data.get(f"starts_{day}_{row}") is not None and data.get(f"ends_{day}_{row}") is not None
        ]


def shifts_initial(rules: list[tuple[int, int, int]]) -> dict[str, Any]:
    """Return (weekday, start, end) rows as the form's initial values."""
    initial: dict[str, Any] = {}
    filled = [0] * 7
    for day, start, end in sorted(rules):
        if filled[day] < SHIFTS_A_DAY:
            initial |= {f"starts_{day}_{filled[day]}": start, f"ends_{day}_{filled[day]}": end}
            filled[day] += 1
    return initial


class AbsenceForm(forms.Form):
    """From when to when; why only as far as the house needs it."""

    starts_at = MomentField(label=_("Dari"))
    ends_at = MomentField(label=pgettext_lazy("time", "Sampai"))
    reason = forms.CharField(
        label=_("Keterangan"), required=False, max_length=120, help_text=_("Cukup “izin” atau “sakit”. Tanpa rincian.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("Jam selesai harus sesudah jam mulai."))
        return data


class EndForm(forms.Form):
    ended_on = DayField(label=_("Hari pertama tidak bertugas lagi"))
    version = version_field()


class DropWeekForm(forms.Form):
    valid_from = DayField(widget=forms.HiddenInput)
    version = version_field()


class NameOperatorForm(forms.Form):
    """Whom a manager names for one booking; a reason where they are not on shift."""

    operator = forms.TypedChoiceField(label=_("Operator"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Alasan"), required=False, max_length=300, help_text=_("Wajib bila di luar giliran.")
    )

    def __init__(
        self, *args: Any, free: list[Operator], others: list[Operator], present: Operator | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        now = present.pk if present else None
        off = [(one.pk, _("%(name)s (di luar giliran atau sedang dipakai)") % {"name": one.name}) for one in others]
        self.fields["operator"].choices = [
            (one.pk, _("%(name)s (sekarang)") % {"name": one.name} if one.pk == now else one.name) for one in free
        ] + off
