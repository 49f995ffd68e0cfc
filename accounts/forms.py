"""What people type about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.writing.phones import normalised

from .models import User
from .voice import SpokenForm, checked_password

WRONG_PAIR = _("Nomor HP atau kata sandi belum cocok. Periksa lagi.")
PHONE_HINT = _("Contoh: 0812-3456-7890")


class PhoneField(forms.CharField):
    """A mobile number in any usual way of writing; cleans to +62….

    `autocomplete` is `username` where one's own number is the way in. A guest's is typed by somebody else, whose
    browser must neither fill in its own number there nor keep the guest's.
    """

    def __init__(self, *, autocomplete: str = "off", **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": autocomplete})
        options = {"label": _("Nomor HP"), "help_text": PHONE_HINT, "max_length": 60, "widget": widget, **options}
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        if not written:
            return ""
        try:
            return normalised(written)
        except ValueError:
            raise forms.ValidationError(_("Tulis nomor HP Indonesia, misalnya 0812-3456-7890."), code="phone") from None


def _password(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class SignInForm(SpokenForm):
    phone = PhoneField(autocomplete="username")
    password = forms.CharField(label=_("Kata sandi"), strip=False, max_length=200, widget=_password("current-password"))
    shared = forms.BooleanField(
        label=_("Ini perangkat bersama"),
        help_text=_("Anda keluar sendiri setelah 20 menit."),
        required=False,
    )


class NewPasswordField(forms.CharField):
    """A password somebody chooses: long rather than odd, and may be pasted."""

    def __init__(self, **options: Any) -> None:
        options = {
            "label": _("Kata sandi"),
            "help_text": _("Paling sedikit 10 huruf atau angka. Kalimat pendek lebih mudah diingat."),
            "strip": False,
            "max_length": 200,
            "widget": _password("new-password"),
            **options,
        }
        super().__init__(**options)


class PasswordForm(SpokenForm):
    """Change one's own password: the present one first, so that an open phone is not enough."""

    present = forms.CharField(
        label=_("Kata sandi sekarang"), strip=False, max_length=200, widget=_password("current-password")
    )
    password = NewPasswordField(label=_("Kata sandi baru"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_present(self) -> str:
        if not self.user.check_password(self.cleaned_data["present"]):
            raise forms.ValidationError(_("Kata sandi sekarang belum cocok."), code="wrong")
        return self.cleaned_data["present"]

    def clean_password(self) -> str:
        return checked_password(self.cleaned_data["password"], self.user)


class ProfileForm(SpokenForm):
    name = forms.CharField(label=_("Nama Anda"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Surel"),
        help_text=_("Pengingat jadwal ikut dikirim ke sini."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=_("Bahasa"), choices=User._meta.get_field("language").choices)
