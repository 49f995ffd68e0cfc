"""What staff answer to a request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm

DECLINE_REASONS = [
    ("does_not_fit", _("Mesin tidak cocok untuk produk ini")),
    ("documents", _("Dokumen belum lengkap")),
    ("quota", _("Jatah sudah terpakai")),
    ("no_operator", _("Tidak ada operator pada jam itu")),
    ("closed", _("Rumah produksi tutup pada jam itu")),
    ("other", _("Alasan lain")),
]



class DeclineForm(SpokenForm):
    """Why a request is declined: a reason to tap, and words the producer reads."""

    reason_code = forms.ChoiceField(label=_("Alasan"), choices=DECLINE_REASONS, widget=forms.RadioSelect)
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
