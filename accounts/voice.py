"""How our forms read and speak: no marks that nobody sees, and our sentences, never the framework's.

A field says what is special to it by `error_messages`; everything else is said here, from its label: *Tulis nama usaha.*
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.writing.texts import paragraph, visible

SAID: Mapping[str, Any] = {
    "invalid": gettext_lazy("Isian ini belum terbaca. Periksa lagi."),
    "invalid_choice": gettext_lazy("Pilihan itu tidak ada lagi. Pilih yang lain."),
    "invalid_list": gettext_lazy("Pilihan ini belum terbaca. Pilih lagi."),
    "invalid_pk_value": gettext_lazy("Pilihan itu tidak ada lagi. Pilih yang lain."),
    "invalid_date": gettext_lazy("Tulis tanggal seperti 24-11-2026."),
    "max_length": gettext_lazy("Terlalu panjang: paling banyak %(limit_value)s huruf."),
    "min_length": gettext_lazy("Terlalu pendek: paling sedikit %(limit_value)s huruf."),
    "max_value": gettext_lazy("Paling banyak %(limit_value)s."),
    "min_value": gettext_lazy("Paling sedikit %(limit_value)s."),
    "null_characters_not_allowed": gettext_lazy("Ada huruf yang tidak terbaca. Tulis ulang."),
    "incomplete": gettext_lazy("Isian ini belum lengkap."),
    "empty": gettext_lazy("Berkas ini kosong. Pilih yang lain."),
    "missing": gettext_lazy("Pilih berkasnya."),
    "contradiction": gettext_lazy("Pilih berkas, atau kosongkan; jangan keduanya."),
    "invalid_image": gettext_lazy("Pilih foto JPEG, PNG, atau WebP."),
    "max_digits": gettext_lazy("Angka ini terlalu panjang."),
    "max_whole_digits": gettext_lazy("Angka ini terlalu panjang."),
    "max_decimal_places": gettext_lazy("Terlalu banyak angka di belakang koma."),
    "invalid_extension": gettext_lazy("Berkas seperti ini belum bisa dipakai. Pilih yang lain."),
}
"""By the framework's code. `limit_value` is the bound that was broken."""

UNREADABLE: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.DateTimeField, gettext_lazy("Tulis tanggal dan jam, misalnya 24-11-2026 08.00.")),
    (forms.DateField, gettext_lazy("Tulis tanggal seperti 24-11-2026.")),
    (forms.EmailField, gettext_lazy("Tulis alamat surel seperti nama@contoh.id.")),
    (forms.IntegerField, gettext_lazy("Tulis dengan angka, misalnya 300.")),
    (forms.FileField, gettext_lazy("Berkas ini belum sampai. Pilih lagi.")),
)
CHOOSING = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField)

PASSWORDS: Mapping[str, Any] = {
    "password_too_short": gettext_lazy("Kata sandi terlalu pendek. Pakai 10 huruf atau angka."),
    "password_too_common": gettext_lazy("Kata sandi ini terlalu umum dan mudah ditebak. Pakai kalimat pendek Anda sendiri."),
    "password_entirely_numeric": gettext_lazy("Kata sandi jangan angka saja. Tambahkan huruf."),
    "password_too_similar": gettext_lazy("Kata sandi terlalu mirip nama atau nomor Anda. Pakai yang lain."),
}


class SpokenForm(forms.Form):
    """A form of ours. Fields that say nothing of their own speak, and texts are read, as this module says."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            speak(field)
            read_visible(field)
        super().full_clean()


def read_visible(field: forms.Field) -> None:
    """Let a field for text read what people see of it, so that nothing but invisible marks counts as nothing.

    A password stays as typed: nobody sees any of it, and it was once chosen with what stands in it.
    """
    if not isinstance(field, forms.CharField) or isinstance(field.widget, forms.PasswordInput):
        return
    as_typed = type(field).to_python
    seen = paragraph if isinstance(field.widget, forms.Textarea) else visible
    field.to_python = lambda value: as_typed(field, seen(value) if isinstance(value, str) else value)  # type: ignore[method-assign]


def speak(field: forms.Field) -> None:
    """Give a field our sentence wherever it would say the framework's. What it says itself stays."""
    framework = _framework_messages(field)
    codes = {*field.error_messages, *(getattr(one, "code", "") for one in field.validators), "null_characters_not_allowed"}
    for code in codes - {"", None}:
        own = field.error_messages.get(code)
        if own is None or own is framework.get(code):
            field.error_messages[code] = sentence_for(field, code)


def _framework_messages(field: forms.Field) -> dict[str, Any]:
    """Return what the framework's own classes say of a field, as `Field.__init__` gathers it."""
    found: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            found.update(getattr(kind, "default_error_messages", {}))
    return found


def sentence_for(field: forms.Field, code: str) -> str | Promise:
    """Return what to say when a field is wrong in this way; a code nobody foresaw reads as not understood."""
    if code == "required":
        return _required(field)
    if code == "invalid":
        return next((words for kind, words in UNREADABLE if isinstance(field, kind)), SAID["invalid"])
    return SAID.get(code, SAID["invalid"])


def _required(field: forms.Field) -> str:
    """Return *Tulis nama usaha.*, *Pilih kemasan.*; a label that asks is answered, not repeated as a thing."""
    label = str(field.label or "").strip().rstrip(".:")
    if not label or label.endswith("?"):
        return _("Jawab dulu: %(label)s") % {"label": label} if label else _("Bagian ini belum diisi.")
    thing = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    if isinstance(field, forms.BooleanField):
        return _("Centang dulu: %(label)s.") % {"label": thing}
    if isinstance(field, forms.DateTimeField):
        return _("Isi tanggal dan jamnya.")
    if isinstance(field, forms.DateField):
        return _("Isi tanggalnya.")
    if isinstance(field, CHOOSING):
        return _("Pilih %(label)s.") % {"label": thing}
    return _("Tulis %(label)s.") % {"label": thing}


def checked_password(password: str, user: User | None = None) -> str:
    """Return a password that is good enough; raise ValidationError with our sentences otherwise."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as found:
        said = [ValidationError(PASSWORDS.get(one.code or "", SAID["invalid"]), code=one.code) for one in found.error_list]
        raise ValidationError(said) from None
    return password
