"""What a manager types about machines: facts, abilities, prices, photos, the end of service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bookings.forms.moments import DayField
from facilities.models import Machine, MachineType, Tariff
from facilities.services.machines import Ability
from facilities.vocabulary import ANY, form_choices, form_word, format_choices, format_word, level_choices
from facilities.wording import type_word

FREE_ROWS = 2
MOST_RATE = 1_000_000


def _whole(label: Any, *, most: int, least: int = 0, required: bool = True, hint: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": least})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=hint, widget=widget
    )


class TypeField(forms.ModelChoiceField):
    """A type of machine, named in the language of the page."""

    def label_from_instance(self, obj: MachineType) -> str:
        return type_word(obj)


class TypeForm(forms.Form):
    """The first question: which kind of machine."""

    jenis = TypeField(
        MachineType.objects.all(), label=_("Jenis mesin"), to_field_name="code", empty_label=_("Pilih jenis")
    )


class MachineForm(forms.Form):
    """Facts of a machine that may change later."""

    name = forms.CharField(label=_("Nama di rumah ini"), max_length=80)
    operator_level = forms.ChoiceField(label=_("Siapa menjalankan"))
    setup = _whole(_("Persiapan sebelum jalan"), most=1440)
    cleaning = _whole(_("Bersih-bersih sesudahnya"), most=1440)
    asset_code = forms.CharField(label=_("Kode barang"), required=False, max_length=40)
    register_number = forms.CharField(label=_("Nomor register"), required=False, max_length=20)
    note = forms.CharField(label=_("Catatan"), required=False, max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["operator_level"].choices = level_choices(get_language() or "id")


class ChangeForm(MachineForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class NewMachineForm(MachineForm):
    """The same, with what is decided once: the line and the first day."""

    line = forms.ChoiceField(
        label=_("Lini"), choices=Machine.Line.choices, widget=forms.RadioSelect,
        help_text=_("Sekali dipilih, lini mesin tidak bisa diganti."),
    )  # fmt: skip
    in_service_from = DayField(label=_("Mulai dipakai"))


class AbilitiesForm(forms.Form):
    """What the machine packs into what: known pairs to tick, and two free rows."""

    def __init__(self, *args: Any, pairs: list[tuple[str, str, int, bool]], **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "id"
        self.pairs = pairs
        for number, (form, format_, rate, chosen) in enumerate(pairs):
            words = f"{form_word(form, language)} → {format_word(format_, language)}"
            self.fields[f"use_{number}"] = forms.BooleanField(label=words, required=False, initial=chosen)
            self.fields[f"rate_{number}"] = _whole(
                _("Kemasan per jam, %(pair)s") % {"pair": words}, most=MOST_RATE, least=1, required=False
            )
            self.fields[f"rate_{number}"].initial = rate
        forms_, formats = [("", "—"), (ANY, form_word(ANY, language)), *form_choices(language)], format_choices(language)
        for number in range(FREE_ROWS):
            self.fields[f"form_{number}"] = forms.ChoiceField(label=_("Produk"), choices=forms_, required=False)
            self.fields[f"format_{number}"] = forms.ChoiceField(
                label=_("Kemasan"), choices=[("", "—"), (ANY, format_word(ANY, language)), *formats], required=False
            )
            self.fields[f"free_{number}"] = _whole(_("Kemasan per jam"), most=MOST_RATE, least=1, required=False)

    def known_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"use_{n}"], self[f"rate_{n}"]) for n in range(len(self.pairs))]

    def free_rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"form_{n}"], self[f"format_{n}"], self[f"free_{n}"]) for n in range(FREE_ROWS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(len(self.pairs)):
            name = f"rate_{number}"
            if data.get(f"use_{number}") and name not in self.errors and not data.get(name):
                self.add_error(name, _("Isi berapa kemasan per jam."))
        for number in range(FREE_ROWS):
            row = [data.get(f"form_{number}"), data.get(f"format_{number}"), data.get(f"free_{number}")]
            if any(row) and not all(row) and f"free_{number}" not in self.errors:
                self.add_error(f"free_{number}", _("Lengkapi produk, kemasan, dan angkanya."))
        if not self.errors and not self.abilities():
            self.add_error(None, _("Pilih sedikitnya satu kemampuan."))
        return data

    def abilities(self) -> list[Ability]:
        """Return what was ticked and added; only after `clean`."""
        data = self.cleaned_data
        found = [
            (form, format_, data[f"rate_{n}"])
            for n, (form, format_, _rate, _chosen) in enumerate(self.pairs)
            if data.get(f"use_{n}")
        ]
        rows = [(data.get(f"form_{n}"), data.get(f"format_{n}"), data.get(f"free_{n}")) for n in range(FREE_ROWS)]
        return found + [row for row in rows if all(row)]


def pairs_of_type(type: MachineType) -> list[tuple[str, str, int, bool]]:
    """Return the type's pairs, all ticked, at its slower nominal rate: promise little."""
    return [(form, format_, type.rate_min, True) for form in type.forms for format_ in type.formats]


def pairs_of(machine: Machine) -> list[tuple[str, str, int, bool]]:
    """Return what a machine does now, then what its type could do as well."""
    now = [(c.form, c.format, c.rate, True) for c in machine.capabilities.all()]
    known = {(form, format_) for form, format_, _rate, _chosen in now}
    more = [(f, p, r, False) for f, p, r, _chosen in pairs_of_type(machine.type) if (f, p) not in known]
    return now + more


class TariffForm(forms.Form):
    unit = forms.ChoiceField(label=_("Satuan"), choices=Tariff.Unit.choices)
    amount = _whole(_("Tarif"), most=1_000_000_000, required=False, hint=_("Rupiah per satuan. Gratis: kosongkan."))
    legal_basis = forms.CharField(label=_("Dasar hukum"), max_length=160, help_text=_("Perda, Pergub, atau keputusan BLUD."))
    valid_from = DayField(label=_("Berlaku mulai"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("unit") != Tariff.Unit.FREE and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Isi tarifnya, atau pilih gratis."))
        return data


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Foto"), max_length=300, help_text=_("JPEG, PNG, atau WebP, paling besar 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    description = forms.CharField(
        label=_("Apa yang terlihat?"), max_length=160, help_text=_("Dibacakan untuk yang tidak bisa melihat foto.")
    )


class RetireForm(forms.Form):
    retired_on = DayField(label=_("Tidak dipakai lagi mulai"))
