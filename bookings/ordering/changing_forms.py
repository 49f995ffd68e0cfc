"""Giving back and moving, as a producer types it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm
from bookings.packs.order_address import local_instant

CANCEL_REASONS = [
    ("changed_plans", _("Rencana berubah")),
    ("material_missing", _("Bahan belum siap")),
    ("ill", _("Sakit")),
    ("machine_unsuitable", _("Mesin tidak cocok")),
    ("weather", _("Cuaca atau jalan")),
    ("other", _("Lainnya")),
]
LARGEST_VERSION = 2**31 - 1


def _version() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=LARGEST_VERSION, required=False, widget=forms.HiddenInput)


class CancelForm(SpokenForm):
    """Why a time is given back. One tap is enough."""

    reason_code = forms.ChoiceField(label=_("Kenapa?"), choices=CANCEL_REASONS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Ada yang ingin disampaikan?"), max_length=300, required=False)
    version = _version()


class MoveForm(SpokenForm):
    """Where a booking goes, on the house's own clock."""

    jam = forms.CharField(label=_("Jam"), max_length=16)
    version = _version()

    def __init__(self, data: Any, *, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(data, **options)
        self.zone = zone

    def clean_jam(self) -> datetime:
        start = local_instant(self.cleaned_data["jam"], self.zone)
        if start is None:
            raise forms.ValidationError(_("Pilih salah satu jam."), code="unreadable")
        return start
