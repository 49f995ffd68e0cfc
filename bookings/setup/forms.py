"""A house's settings as people type them: its page, its weeks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm
from accounts.writing.phones import normalised_office
from bookings.desk.fields import VersionField
from bookings.desk.week_forms import WeeklyForm


class PageForm(SpokenForm):
    """What producers read about the house."""

    name = forms.CharField(label=_("Nama"), max_length=80)
    address = forms.CharField(label=_("Alamat"), max_length=200)
    contact_name = forms.CharField(label=_("Orang yang dihubungi"), max_length=80)
    phone = forms.CharField(label=_("Telepon"), max_length=40, help_text=_("HP atau telepon kantor, dengan kode daerah."))
    about = forms.CharField(
        label=_("Tentang rumah ini"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    what_to_bring = forms.CharField(
        label=_("Yang perlu dibawa"), required=False, max_length=2000, help_text=_("Satu baris satu barang."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    version = VersionField()

    def clean_phone(self) -> str:
        try:
            return normalised_office(self.cleaned_data["phone"])
        except ValueError:
            raise forms.ValidationError(_("Tulis nomor seperti 0561-123456."), code="phone") from None


class WeekForm(WeeklyForm):
    """One week of opening hours: up to three openings a day."""

    ROWS = 3
    NAMES = ("opens", "closes")
    LABELS = (_("%(day)s buka"), _("%(day)s tutup"))
    HALF = _("Isi jam buka dan jam tutup.")
    BACKWARDS = _("Jam tutup harus sesudah jam buka.")
    NOTHING = _("Isi sedikitnya satu jam buka. Untuk menutup rumah, pakai halaman Tutup.")
