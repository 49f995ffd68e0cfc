"""What is typed at the counter for somebody who stands there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.formats import clock, duration
from accounts.forms import PhoneField
from accounts.voice import SpokenForm
from bookings.day.counter_services import Wish
from bookings.desk.fields import MomentField
from bookings.models import Producer
from bookings.packs.slips import PacksField
from bookings.people.services import Newcomer
from bookings.runs.doubts import Work
from bookings.runs.forms import packs, word
from facilities.catalogue.queries import in_service
from facilities.models import District, Facility, Machine
from facilities.time.hours import local_date
from facilities.vocabulary import form_choices, format_choices

NEW, NOW, LATER = "baru", "sekarang", "nanti"
LENGTHS = (30, 60, 90, 120, 180, 240, 360, 480)
UNSAID = ("", _("Tidak disebut"))


class WhoForm(SpokenForm):
    """Who stands there: somebody known, or a newcomer."""

    producer = forms.CharField(required=False, max_length=60)
    new_name = forms.CharField(label=_("Nama usaha atau koperasi"), required=False, max_length=120)
    new_contact = forms.CharField(label=_("Nama orangnya"), required=False, max_length=120)
    new_phone = PhoneField(required=False)
    new_district = forms.ModelChoiceField(District.objects.all(), label=_("Kabupaten/kota"), required=False)
    new_kind = forms.ChoiceField(label=_("Jenis"), choices=Producer.Kind.choices, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("producer"):
            self.add_error("producer", _("Pilih orangnya, atau isi sebagai tamu baru."))
        if data.get("producer") == NEW:
            for name in ("new_name", "new_phone", "new_district", "new_kind"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("Isi dulu bagian ini."))
        return data

    def newcomer(self) -> Newcomer:
        data = self.cleaned_data
        return Newcomer(data["new_name"], data["new_contact"], data["new_phone"], data["new_district"], data["new_kind"])


class CounterForm(WhoForm):
    """One page: who, which machine, how long, now or later. `rows` are people.machines_now."""

    machine = forms.ChoiceField(label=_("Mesin"))
    minutes = forms.TypedChoiceField(label=_("Lama"), coerce=int)
    when = forms.ChoiceField(
        label=_("Mulai"),
        choices=[(NOW, _("Sekarang")), (LATER, _("Nanti, pada jam di bawah"))],
        widget=forms.RadioSelect,
    )
    starts_at = MomentField(label=_("Jam mulai"), required=False)
    product_name = forms.CharField(label=_("Produk"), required=False, max_length=80)
    form = forms.ChoiceField(label=_("Bentuk produk"), required=False)
    line = forms.ChoiceField(label=_("Halal atau nonhalal?"), choices=Machine.Line.choices, widget=forms.RadioSelect)
    pack_format = forms.ChoiceField(label=_("Kemasan"), required=False)
    quantity = PacksField(label=_("Jumlah kemasan"), required=False, min_value=1, max_value=10_000_000)
    note = forms.CharField(label=_("Catatan"), required=False, max_length=500)
    override_reason = forms.CharField(
        label=_("Alasan melanggar aturan"), required=False, max_length=300, help_text=_("Tercatat di riwayat pesanan.")
    )

    def __init__(self, *args: Any, rows: list[tuple[Machine, Any]], asked: int | None = None, now: Any, **options: Any):
        super().__init__(*args, **options)
        language = get_language() or "id"
        self.machines = {machine.slug: machine for machine, _free in rows}
        self.fields["machine"].choices = [(m.slug, f"{m.name}, {_free_words(free, now)}") for m, free in rows]
        lengths = sorted({*LENGTHS, *([asked] if asked else [])})
        self.fields["minutes"].choices = [(str(length), duration(length)) for length in lengths]
        self.fields["form"].choices = [UNSAID, *form_choices(language)]
        self.fields["pack_format"].choices = [UNSAID, *format_choices(language)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == LATER and "starts_at" not in self.errors and not data.get("starts_at"):
            self.add_error("starts_at", _("Isi jam mulainya."))
        return data

    @property
    def chosen_machine(self) -> Machine:
        return self.machines[self.cleaned_data["machine"]]

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(
            data["product_name"], data["form"], data["line"], data["pack_format"], data["quantity"], data["note"]
        )


class PastWorkForm(WhoForm):
    """Work of the last days that nobody entered: who, on which machine, from when to when, and what came out."""

    machine = forms.ModelChoiceField(Machine.objects.none(), label=_("Mesin"), to_field_name="slug", empty_label=_("Pilih mesin"))
    started_at = MomentField(label=_("Mulai"))
    stopped_at = MomentField(label=pgettext_lazy("time", "Selesai"))
    good = packs(_("Kemasan bagus"))
    rejected = packs(_("Kemasan gagal"), initial=0)
    product_name = forms.CharField(label=_("Produk"), required=False, max_length=80)
    form = forms.ChoiceField(label=_("Bentuk produk"), required=False)
    line = forms.ChoiceField(label=_("Halal atau nonhalal?"), choices=Machine.Line.choices, widget=forms.RadioSelect)
    pack_format = forms.ChoiceField(label=_("Kemasan"), required=False)
    reason = forms.CharField(label=_("Kenapa baru dicatat sekarang?"), max_length=300)
    confirm_reason = word()

    def __init__(self, *args: Any, house: Facility, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "id"
        self.fields["machine"].queryset = in_service(local_date(now, house.zone)).filter(facility=house)
        self.fields["form"].choices = [UNSAID, *form_choices(language)]
        self.fields["pack_format"].choices = [UNSAID, *format_choices(language)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, stop = data.get("started_at"), data.get("stopped_at")
        if start and stop and stop <= start:
            self.add_error("stopped_at", _("Jam selesai harus sesudah jam mulai."))
        return data

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(data["product_name"], data["form"], data["line"], data["pack_format"])

    def work(self) -> Work:
        data = self.cleaned_data
        return Work(data["started_at"], data["stopped_at"], data["good"] + data["rejected"])


def _free_words(free: Any, now: Any) -> str:
    """kosong sampai 12.30 · kosong lagi 10.30 · penuh hari ini."""
    if free is None:
        return str(_("penuh hari ini"))
    if free.start <= now:
        return str(_("kosong sampai %(clock)s")) % {"clock": clock(free.end)}
    return str(_("kosong lagi %(clock)s")) % {"clock": clock(free.start)}
