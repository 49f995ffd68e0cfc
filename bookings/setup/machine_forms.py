"""What a manager types about machines: facts, abilities, prices, photos, the end of service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.fields import MINUTES, WEIGHT, WholeField
from accounts.voice import SpokenForm
from bookings.desk.fields import DayField, VersionField
from facilities.catalogue.wording import type_word
from facilities.models import Machine, MachineType, Tariff
from facilities.setup.abilities import Ability
from facilities.vocabulary import (
    ANY,
    FORMATS,
    FORMS,
    form_choices,
    form_word,
    format_choices,
    format_word,
    level_choices,
)

FREE_ROWS = 2
MOST_RATE = 1_000_000
MOST_WEIGHT = 1_000_000
SIZES = (
    ("smallest", _("Paling kecil, g atau ml"), MOST_WEIGHT),
    ("largest", _("Paling besar, g atau ml"), MOST_WEIGHT),
    ("widest", _("Paling lebar, mm"), 10_000),
)
"""Limits of a pack: name, label and the most anybody may type."""


def _whole(label: Any, *, most: int, least: int = 0, hint: Any = "", **options: Any) -> WholeField:
    return WholeField(label=label, min_value=least, max_value=most, help_text=hint, **options)


class TypeField(forms.ModelChoiceField):
    """A type of machine, named in the language of the page."""

    def label_from_instance(self, obj: MachineType) -> str:
        return type_word(obj)


class TypeForm(SpokenForm):
    """The first question: which kind of machine."""

    jenis = TypeField(
        MachineType.objects.all(), label=_("Jenis mesin"), to_field_name="code", empty_label=_("Pilih jenis")
    )


class MachineForm(SpokenForm):
    """Facts of a machine that may change later."""

    name = forms.CharField(label=_("Nama di rumah ini"), max_length=80)
    operator_level = forms.ChoiceField(label=_("Siapa menjalankan"))
    setup = _whole(_("Persiapan sebelum jalan"), most=1440, units=MINUTES)
    cleaning = _whole(_("Bersih-bersih sesudahnya"), most=1440, units=MINUTES)
    asset_code = forms.CharField(label=_("Kode barang"), required=False, max_length=40)
    register_number = forms.CharField(label=_("Nomor register"), required=False, max_length=20)
    note = forms.CharField(label=_("Catatan"), required=False, max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["operator_level"].choices = level_choices(get_language() or "id")


class ChangeForm(MachineForm):
    version = VersionField()


class NewMachineForm(MachineForm):
    """The same, with what is decided once: the line and the first day."""

    line = forms.ChoiceField(
        label=_("Halal atau nonhalal?"), choices=Machine.Line.choices, widget=forms.RadioSelect,
        help_text=_("Mengganti lini nanti perlu bukti dan dua orang."),
        error_messages={"required": _("Pilih halal atau nonhalal.")},
    )  # fmt: skip
    in_service_from = DayField(label=_("Mulai dipakai"))


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair on the form: what it can do now, or could, and what its runs taught (packs per hour, from so many)."""

    ability: Ability
    is_chosen: bool
    learned_rate: int | None = None
    learned_from: int = 0

    @property
    def key(self) -> str:
        """How its fields are named: by what they are about, for somebody may add a pair while another one types."""
        return f"{self.ability.form}-{self.ability.format}"


class AbilitiesForm(SpokenForm):
    """What the machine packs into what: known pairs to tick, each with its sizes, and two free rows."""

    def __init__(self, *args: Any, pairs: list[Pair], **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "id"
        self.pairs = [*pairs, *self._typed_beyond({pair.key for pair in pairs})]
        for pair in self.pairs:
            self._add_pair(pair, language)
        forms_, formats = (
            [("", "—"), (ANY, form_word(ANY, language)), *form_choices(language)],
            format_choices(language),
        )
        for number in range(FREE_ROWS):
            self.fields[f"form_{number}"] = forms.ChoiceField(label=_("Produk"), choices=forms_, required=False)
            self.fields[f"format_{number}"] = forms.ChoiceField(
                label=_("Kemasan"), choices=[("", "—"), (ANY, format_word(ANY, language)), *formats], required=False
            )
            self.fields[f"free_{number}"] = _whole(_("Kemasan per jam"), most=MOST_RATE, least=1, required=False)

    def _typed_beyond(self, known: set[str]) -> list[Pair]:
        """Return the pairs that were on the page and are gone from the machine since."""
        start = self.add_prefix("rate-")
        typed = [name.removeprefix(start).partition("-") for name in self.data if name.startswith(start)]
        return [
            Pair(Ability(form, format_, 1), False)
            for form, dash, format_ in typed
            if form + dash + format_ not in known and form in {*FORMS, ANY} and format_ in {*FORMATS, ANY}
        ]

    def _add_pair(self, pair: Pair, language: str) -> None:
        able, key = pair.ability, pair.key
        words = f"{form_word(able.form, language)} → {format_word(able.format, language)}"
        self.fields[f"use-{key}"] = forms.BooleanField(label=words, required=False, initial=pair.is_chosen)
        label = _("Kemasan per jam, %(pair)s") % {"pair": words}
        self.fields[f"rate-{key}"] = _whole(label, most=MOST_RATE, least=1, required=False)
        self.fields[f"rate-{key}"].initial = able.rate
        for name, label, most in SIZES:
            units = WEIGHT if most == MOST_WEIGHT else {"mm": 1, "cm": 10}
            self.fields[f"{name}-{key}"] = field = _whole(label, most=most, least=1, required=False, units=units)
            field.initial, field.whole_label = getattr(able, name), f"{words}: {label}"

    def known_rows(self) -> list[dict[str, Any]]:
        """Return the known pairs as the page shows them; sizes lie open where there are any, or something is wrong."""
        rows = []
        for pair in self.pairs:
            sizes = [self[f"{name}-{pair.key}"] for name, _label, _most in SIZES]
            is_open = any(field.errors or field.value() for field in sizes)
            rows.append(
                {"use": self[f"use-{pair.key}"], "rate": self[f"rate-{pair.key}"], "sizes": sizes, "open": is_open, "pair": pair}
            )
        return rows

    def free_rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"form_{n}"], self[f"format_{n}"], self[f"free_{n}"]) for n in range(FREE_ROWS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in (pair.key for pair in self.pairs):
            name = f"rate-{key}"
            if data.get(f"use-{key}") and name not in self.errors and not data.get(name):
                self.add_error(name, _("Isi berapa kemasan per jam."))
            if (data.get(f"smallest-{key}") or 0) > (data.get(f"largest-{key}") or MOST_WEIGHT):
                self.add_error(f"smallest-{key}", _("Lebih besar dari yang paling besar."))
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
            Ability(
                pair.ability.form, pair.ability.format, data[f"rate-{pair.key}"],
                **{name: data.get(f"{name}-{pair.key}") for name, _label, _most in SIZES},
            )
            for pair in self.pairs
            if data.get(f"use-{pair.key}")
        ]  # fmt: skip
        rows = [(data.get(f"form_{n}"), data.get(f"format_{n}"), data.get(f"free_{n}")) for n in range(FREE_ROWS)]
        return found + [Ability(*row) for row in rows if all(row)]


def pairs_of_type(type: MachineType) -> list[Pair]:
    """Return the type's pairs, all ticked, at its slower nominal rate: promise little."""
    return [Pair(Ability(form, format_, type.rate_min), True) for form in type.forms for format_ in type.formats]


def pairs_of(machine: Machine) -> list[Pair]:
    """Return what a machine does now, then what its type could do as well."""
    now = [
        Pair(Ability(c.form, c.format, c.rate, c.smallest, c.largest, c.widest), True, c.learned_rate, c.learned_from)
        for c in machine.capabilities.all()
    ]
    known = {(pair.ability.form, pair.ability.format) for pair in now}
    could = [pair.ability for pair in pairs_of_type(machine.type)]
    return now + [Pair(able, False) for able in could if (able.form, able.format) not in known]


class TariffForm(SpokenForm):
    unit = forms.ChoiceField(label=_("Satuan"), choices=Tariff.Unit.choices)
    amount = _whole(_("Tarif"), most=1_000_000_000, required=False, hint=_("Rupiah per satuan. Gratis: kosongkan."))
    legal_basis = forms.CharField(
        label=_("Dasar hukum"), max_length=160, help_text=_("Perda, Pergub, atau keputusan BLUD.")
    )
    valid_from = DayField(label=_("Berlaku mulai"))
    reason = forms.CharField(
        label=_("Alasan koreksi"), required=False, max_length=160,
        help_text=_("Hanya bila mengganti tarif yang mulai pada tanggal yang sama."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("unit") != Tariff.Unit.FREE and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Isi tarifnya, atau pilih gratis."))
        return data


class PhotoForm(SpokenForm):
    photo = forms.FileField(
        label=_("Foto"), max_length=300, help_text=_("JPEG, PNG, atau WebP, paling besar 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    description = forms.CharField(
        label=_("Apa yang terlihat?"), max_length=160, help_text=_("Dibacakan untuk yang tidak bisa melihat foto.")
    )


class RetireForm(SpokenForm):
    retired_on = DayField(label=_("Tidak dipakai lagi mulai"))
