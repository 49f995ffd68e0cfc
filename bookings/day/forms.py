"""What staff answer to a request."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.ordering.changing_forms import HouseReasonForm

DECLINE_REASONS = [
    ("does_not_fit", _("Mesin tidak cocok untuk produk ini")),
    ("documents", _("Dokumen belum lengkap")),
    ("quota", _("Jatah sudah terpakai")),
    ("no_operator", _("Tidak ada operator pada jam itu")),
    ("closed", _("Rumah produksi tutup pada jam itu")),
    ("other", _("Alasan lain")),
]


class DeclineForm(HouseReasonForm):
    """Why a request is declined."""

    reason_code = forms.ChoiceField(label=_("Alasan"), choices=DECLINE_REASONS, widget=forms.RadioSelect)
