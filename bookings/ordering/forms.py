"""What a producer says about an order. All of it travels in the address, so that going back loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.fields import MINUTES, WEIGHT, WholeField
from accounts.voice import SpokenForm
from bookings.models import Producer, Product
from bookings.packs.order_address import KEPT, MOST, NEW, local_instant
from bookings.packs.slips import PacksField, usual_of
from facilities import vocabulary
from facilities.catalogue.wording import format_words, language
from facilities.models import Machine
from facilities.time.spans import MINUTE
from facilities.vocabulary import ANY

NEW_PRODUCT = ("product_name", "form", "line")


LARGEST = 1_000_000
"""Grams or millilitres in a pack."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A start and a length in minutes, as typed into the address."""

    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        return self.start + self.minutes * MINUTE


class TimeForm(SpokenForm):
    """The chosen start, in the house's own time, and how long."""

    lama = WholeField(label=_("Lama"), min_value=1, max_value=24 * 60, units=MINUTES)
    jam = forms.CharField(label=_("Jam"), max_length=16)

    def __init__(self, data: QueryDict, *, zone: ZoneInfo) -> None:
        super().__init__(data)
        self.zone = zone

    def clean_jam(self) -> datetime:
        start = local_instant(self.cleaned_data["jam"], self.zone)
        if start is None:
            raise forms.ValidationError(_("Pilih salah satu jam."), code="unreadable")
        return start

    def chosen(self) -> Chosen:
        return Chosen(self.cleaned_data["jam"], self.cleaned_data["lama"])


class ProducerForm(SpokenForm):
    """For whom, where one acts for several."""

    producer = forms.ChoiceField(label=_("Pesan untuk siapa?"), widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, *, producers: list[Producer]) -> None:
        super().__init__(data)
        self.fields["producer"].choices = [(p.slug, p.name) for p in producers]


class DetailsForm(SpokenForm):
    """What is packed: a product on file or a new one, the pack, how many."""

    product = forms.ChoiceField(label=_("Produk apa?"), widget=forms.RadioSelect)
    product_name = forms.CharField(
        label=_("Nama produk baru"), max_length=80, error_messages={"required": _("Tulis nama produknya.")}
    )
    form = forms.ChoiceField(label=_("Bentuknya"), error_messages={"required": _("Pilih bentuk produknya.")})
    line = forms.ChoiceField(label=_("Halal atau nonhalal?"), error_messages={"required": _("Pilih halal atau nonhalal.")})
    kelas = forms.ChoiceField(
        label=_("Apa yang tertinggal di mesin?"),
        required=False,
        help_text=_("Menentukan lama bersih-bersih. Kosong: yang biasa untuk bentuk itu."),
    )
    berat = WholeField(
        label=_("Isi bersih satu kemasan"),
        required=False,
        min_value=1,
        max_value=LARGEST,
        units=WEIGHT,
        error_messages={"invalid": _("Tulis isi bersih dengan angka.")},
    )
    format = forms.ChoiceField(
        label=_("Kemasan"), widget=forms.RadioSelect, error_messages={"required": _("Pilih kemasannya.")}
    )
    quantity = PacksField(
        label=_("Berapa kemasan?"),
        min_value=1,
        max_value=MOST,
        step=1,
        error_messages={"required": _("Tulis jumlahnya."), "invalid": _("Tulis jumlah dengan angka.")},
    )
    note = forms.CharField(
        label=_("Catatan untuk petugas"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )

    use_required_attribute = False  # the fields of a new product are hidden while one on file is chosen

    def __init__(
        self,
        data: QueryDict | None,
        *,
        machine: Machine,
        products: list[Product],
        told: QueryDict | None = None,
        producer: Producer | None = None,
    ) -> None:
        """`told` is what is known already: it fills the fields in without judging them yet."""
        words = language()
        self.products = {str(product.pk): product for product in products}
        known = {name: told[name] for name in KEPT if told.get(name)} if told else {}
        if known.get("product") not in (NEW, *self.products):
            known.pop("product", None)
        super().__init__(data, initial={"product": next(iter(self.products), NEW), "line": machine.line, **known})
        self.fields["product"].choices = [*((pk, p.name) for pk, p in self.products.items()), (NEW, _("Produk baru"))]
        self.fields["form"].choices = [("", _("Pilih")), *vocabulary.form_choices(words)]
        self.fields["line"].choices = [("halal", _("Halal")), ("non_halal", _("Nonhalal"))]
        self.fields["kelas"].choices = [("", _("Yang biasa")), *vocabulary.class_choices(words)]
        self.fields["format"].choices = self.packs = packs_of(machine)
        if producer is not None:
            self.fields["quantity"].usual = lambda: usual_of([producer])
        if len(self.packs) == 1:
            self.initial["format"] = self.packs[0][0]

    def full_clean(self) -> None:
        if self.data.get("product") != NEW:
            for name in NEW_PRODUCT:
                self.fields[name].required = False
        super().full_clean()

    def chosen_product(self) -> Product | None:
        """The chosen product on file; None for a new one."""
        return self.products.get(self.cleaned_data["product"])


def is_complete(data: QueryDict) -> bool:
    """Return whether an order says already all that the details page asks for: then it can be checked at once."""
    asked = ("product", "format", "quantity")
    return all(data.get(name) for name in (*asked, *(NEW_PRODUCT if data.get("product") == NEW else ())))


def packs_of(machine: Machine) -> list[tuple[str, str]]:
    """Return (code, word) of the packs a machine makes; a machine for any pack offers all."""
    codes = {capability.format for capability in machine.capabilities.all()}
    known = [code for code in vocabulary.FORMATS if code in codes or ANY in codes or not codes]
    return [(code, format_words([code])) for code in known]


def lengths_of(machine: Machine) -> list[int]:
    """Return every length a machine offers: on its grid, from shortest to longest, coarser above four hours."""
    limits = machine.limits
    first = -(-limits.shortest // limits.grid) * limits.grid
    fine = [m for m in range(first, limits.longest + 1, limits.grid) if m <= 240]
    return fine + [m for m in range(270, limits.longest + 1, 30) if m % limits.grid == 0]


def day_of(start: datetime, zone: ZoneInfo) -> date:
    return start.astimezone(zone).date()


