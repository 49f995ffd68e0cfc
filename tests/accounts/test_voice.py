"""No sentence of the framework reaches the screen: every form of ours is walked with all its faults."""

from __future__ import annotations

import gettext
from importlib import import_module
from pathlib import Path

import django
import pytest
from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.voice import SpokenForm, checked_password, sentence_for, speak
from tests import code

LOCALES = [Path(django.__file__).parent / part / "locale" for part in ("conf", "contrib/auth")]
INVISIBLE = (forms.HiddenInput, forms.MultipleHiddenInput)


def framework_sentences() -> set[str]:
    """Every sentence Django can say, in its own words and in Indonesian."""
    found: set[str] = set()
    for folder in LOCALES:
        known = gettext.translation("django", folder, ["id"])._catalog
        for said, meant in known.items():
            found |= {said if isinstance(said, str) else said[0], meant}
    return found - {""}


def forms_of_ours() -> list[type[forms.BaseForm]]:
    for module in code.modules(*code.APPS):
        if "Form" in module.path.read_text():
            import_module(module.name)
    found, left = set(), [forms.BaseForm]
    while left:
        for kind in left.pop().__subclasses__():
            left.append(kind)
            if kind.__module__.split(".")[0] in code.APPS:
                found.add(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


OURS = forms_of_ours()
FRAMEWORK = framework_sentences()


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__qualname__)
def test_every_form_of_ours_speaks_with_our_voice(kind):
    assert issubclass(kind, SpokenForm)


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__qualname__)
def test_no_fault_of_a_field_is_told_in_a_sentence_of_the_framework(kind):
    said = {}
    for name, field in kind.base_fields.items():
        speak(field)
        told = {code: getattr(words, "message", words) for code, words in field.error_messages.items()}
        told |= {one.code: one.message for one in field.validators if one.code not in told}
        said |= {(name, code): str(words) for code, words in told.items()}
    assert {what: words for what, words in said.items() if words in FRAMEWORK} == {}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (forms.CharField(label="Nama usaha"), "Tulis nama usaha."),
        (forms.CharField(label="NIB"), "Tulis NIB."),
        (forms.ChoiceField(label="Kemasan"), "Pilih kemasan."),
        (forms.DateField(label="Berlaku mulai"), "Isi tanggalnya."),
        (forms.CharField(label="Berapa kemasan?"), "Jawab dulu: Berapa kemasan?"),
        (forms.CharField(), "Bagian ini belum diisi."),
        (forms.CharField(label="Nama", error_messages={"required": "Siapa nama Anda?"}), "Siapa nama Anda?"),
    ],
)
def test_what_is_missing_is_named(field, said):
    speak(field)
    with pytest.raises(ValidationError) as found:
        field.clean("")
    assert found.value.messages == [said]


class Every(SpokenForm):
    """One field of each kind, as pages have them."""

    name = forms.CharField(label="Nama", min_length=3, max_length=5)
    number = forms.IntegerField(label="Jumlah", min_value=1, max_value=9)
    day = forms.DateField(label="Hari")
    email = forms.EmailField(label="Surel")
    pack = forms.TypedChoiceField(label="Kemasan", choices=[("a", "A")])
    packs = forms.MultipleChoiceField(label="Kemasan", choices=[("a", "A")])
    slug = forms.CharField(label="Kode", validators=[validators.validate_slug])


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("name", "ab", "Terlalu pendek: paling sedikit 3 huruf."),
        ("name", "abcdef", "Terlalu panjang: paling banyak 5 huruf."),
        ("name", "a\0bc", "Ada huruf yang tidak terbaca. Tulis ulang."),
        ("number", "0", "Paling sedikit 1."),
        ("number", "dua", "Tulis dengan angka, misalnya 300."),
        ("day", "31-02-2026", "Tulis tanggal seperti 24-11-2026."),
        ("email", "siti", "Tulis alamat surel seperti nama@contoh.id."),
        ("pack", "b", "Pilihan itu tidak ada lagi. Pilih yang lain."),
        ("packs", "b", "Pilihan itu tidak ada lagi. Pilih yang lain."),
        ("slug", "a b", "Isian ini belum terbaca. Periksa lagi."),
    ],
)
def test_what_is_wrong_is_said_with_the_way_out(name, typed, said):
    assert Every({name: [typed] if name == "packs" else typed}).errors[name] == [said]


def test_a_form_that_speaks_english_does_not_speak_indonesian():
    with translation.override("en"):
        assert "Tulis" not in str(sentence_for(forms.CharField(label="Name"), "required"))


@pytest.mark.parametrize(
    ("weak", "said"),
    [
        ("pendek", "Kata sandi terlalu pendek. Pakai 10 huruf atau angka."),
        ("password123", "Kata sandi ini terlalu umum dan mudah ditebak. Pakai kalimat pendek Anda sendiri."),
        ("73628190465", "Kata sandi jangan angka saja. Tambahkan huruf."),
    ],
)
def test_a_weak_password_is_told_in_our_words(weak, said):
    with pytest.raises(ValidationError) as found:
        checked_password(weak)
    assert found.value.messages == [said]
