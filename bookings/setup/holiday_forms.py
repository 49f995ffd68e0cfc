"""A holiday as the province types it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm
from bookings.desk.fields import DayField, VersionField
from facilities.models import Closure

KINDS = [choice for choice in Closure.Kind.choices if choice[0] != Closure.Kind.CLOSED]


class HolidayForm(SpokenForm):
    """Days, name and kind of a holiday, whether a decree has set it, and which."""

    reason = forms.CharField(label=_("Nama hari libur"), max_length=120)
    kind = forms.ChoiceField(label=_("Jenis libur"), choices=KINDS)
    first_on = DayField(label=_("Hari pertama"))
    last_on = DayField(label=_("Hari terakhir"), required=False, help_text=_("Kosongkan untuk satu hari."))
    is_estimate = forms.BooleanField(
        label=_("Masih perkiraan"), required=False, help_text=_("Pesanan tetap sampai tanggalnya ditetapkan.")
    )
    source = forms.CharField(label=_("Sumber"), max_length=120, help_text=_("Contoh: SKB 3 Menteri dan nomornya."))
    version = VersionField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first_on") and not data.get("last_on") and "last_on" not in self.errors:
            data["last_on"] = data["first_on"]
        return data
