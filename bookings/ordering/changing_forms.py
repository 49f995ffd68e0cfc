"""Giving back and moving, as a producer types it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm
from bookings.desk.fields import VersionField
from bookings.messages.reasons import AT_REQUEST
from bookings.packs.order_address import local_instant

CANCEL_REASONS = [
    ("changed_plans", _("Rencana berubah")),
    ("material_missing", _("Bahan belum siap")),
    ("ill", _("Sakit")),
    ("machine_unsuitable", _("Mesin tidak cocok")),
    ("weather", _("Cuaca atau jalan")),
    ("other", _("Lainnya")),
]
HOUSE_CANCEL_REASONS = [
    ("broken", _("Mesin rusak")),
    ("no_operator", _("Tidak ada operator pada jam itu")),
    ("documents", _("Dokumen belum lengkap")),
    (AT_REQUEST, _("Atas permintaan pelaku usaha")),
    ("closed", _("Rumah produksi tutup pada jam itu")),
    ("maintenance", _("Mesin dirawat pada jam itu")),
    ("does_not_fit", _("Mesin tidak cocok untuk produk ini")),
    ("other", _("Alasan lain")),
]
"""In the very words the producer is told: `messages.reasons.REASONS`."""


class CancelForm(SpokenForm):
    """Why a time is given back. One tap is enough."""

    reason_code = forms.ChoiceField(label=_("Kenapa?"), choices=CANCEL_REASONS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Ada yang ingin disampaikan?"), max_length=300, required=False)
    version = VersionField()


class HouseReasonForm(SpokenForm):
    """Why a house says no: a reason to tap, as the form that uses it has them, and words the producer reads."""

    field_order = ["reason_code", "reason"]
    reason = forms.CharField(
        label=_("Pesan untuk pelaku usaha"),
        help_text=_("Mereka membaca kalimat ini. Sebut jalan keluarnya."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason_code") == "other" and not data.get("reason"):
            self.add_error("reason", _("Tulis alasannya."))
        return data


class HouseCancelForm(HouseReasonForm):
    """Why the house calls a booking off."""

    reason_code = forms.ChoiceField(label=_("Alasan"), choices=HOUSE_CANCEL_REASONS, widget=forms.RadioSelect)
    version = VersionField()


class MoveForm(SpokenForm):
    """Where a booking goes, on the house's own clock."""

    jam = forms.CharField(label=_("Jam"), max_length=16)
    version = VersionField()

    def __init__(self, data: Any, *, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(data, **options)
        self.zone = zone

    def clean_jam(self) -> datetime:
        start = local_instant(self.cleaned_data["jam"], self.zone)
        if start is None:
            raise forms.ValidationError(_("Pilih salah satu jam."), code="unreadable")
        return start
