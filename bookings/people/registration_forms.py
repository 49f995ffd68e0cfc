"""What a producer tells when joining: no more than a booking needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import NewPasswordField, PhoneField
from accounts.models import User
from accounts.voice import SpokenForm, checked_password
from bookings.models import Producer
from facilities.catalogue import queries


class RegistrationForm(SpokenForm):
    producer_name = forms.CharField(
        label=_("Nama usaha"), help_text=_("Misalnya Keripik Bu Siti"), max_length=120, min_length=3
    )
    kind = forms.ChoiceField(label=_("Jenis usaha"), widget=forms.RadioSelect, initial=Producer.Kind.UMKM)
    district = forms.ModelChoiceField(queryset=None, label=_("Kabupaten atau kota"), empty_label=_("Pilih"))
    name = forms.CharField(
        label=_("Nama Anda"), max_length=120, min_length=2, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(
        autocomplete="username", help_text=_("Untuk masuk dan dihubungi petugas. Contoh: 0812-3456-7890")
    )
    password = NewPasswordField()
    consent = forms.BooleanField(
        label=_("Saya setuju data ini dipakai untuk pesanan saya"),
        error_messages={"required": _("Tanpa persetujuan ini kami tidak boleh menyimpan data Anda.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [
            (Producer.Kind.UMKM, _("UMKM atau usaha sendiri")),
            (Producer.Kind.COOPERATIVE, _("Koperasi")),
        ]
        self.fields["district"].queryset = queries.districts()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(phone=cleaned.get("phone", ""), name=cleaned.get("name", ""))
            try:
                checked_password(password, person)
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return cleaned
