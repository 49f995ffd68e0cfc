"""What a manager types about operators: who they are, when they work, when they are away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.voice import SpokenForm
from bookings.desk.fields import DayField, MomentField, VersionField
from bookings.desk.week_forms import WeeklyForm
from facilities.catalogue.wording import type_word
from facilities.models import Facility, MachineType, Operator


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class OperatorForm(SpokenForm):
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
        self.fields["user"].queryset = User.objects.filter(**duty).distinct().order_by("name_key", "pk")


class ChangeOperatorForm(OperatorForm):
    version = VersionField()


class ShiftForm(WeeklyForm):
    """One week of shifts: up to two a day."""

    ROWS = 2
    NAMES = ("starts", "ends")
    LABELS = (_("%(day)s mulai"), _("%(day)s selesai"))
    HALF = _("Isi jam mulai dan jam selesai.")
    BACKWARDS = _("Jam selesai harus sesudah jam mulai.")
    NOTHING = _("Isi sedikitnya satu giliran. Tidak bekerja sama sekali? Catat berhalangan.")

    version = VersionField()


class AbsenceForm(SpokenForm):
    """From when to when; why only as far as the house needs it."""

    starts_at = MomentField(label=_("Dari"))
    ends_at = MomentField(label=pgettext_lazy("time", "Sampai"))
    reason = forms.CharField(
        label=_("Keterangan"), required=False, max_length=120, help_text=_("Cukup “izin” atau “sakit”. Tanpa rincian.")
    )
    version = VersionField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("Jam selesai harus sesudah jam mulai."))
        return data


class EndForm(SpokenForm):
    ended_on = DayField(label=_("Hari pertama tidak bertugas lagi"))
    version = VersionField()


class DropWeekForm(SpokenForm):
    valid_from = DayField(widget=forms.HiddenInput)
    version = VersionField()


class NameOperatorForm(SpokenForm):
    """Whom a manager names for one booking; a reason where they are not on shift."""

    operator = forms.TypedChoiceField(label=_("Operator"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Alasan"), required=False, max_length=300, help_text=_("Wajib bila di luar giliran.")
    )
    version = VersionField()

    def __init__(
        self, *args: Any, free: list[Operator], others: list[Operator], present: Operator | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        now = present.pk if present else None
        off = [(one.pk, _("%(name)s (di luar giliran atau sedang dipakai)") % {"name": one.name}) for one in others]
        self.fields["operator"].choices = [
            (one.pk, _("%(name)s (sekarang)") % {"name": one.name} if one.pk == now else one.name) for one in free
        ] + off
