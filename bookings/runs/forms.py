"""What staff type about a run: what came out of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import formats
from accounts.fields import MINUTES, PACKS, WholeField
from accounts.voice import SpokenForm
from bookings.desk.fields import MomentField, VersionField
from bookings.models import Downtime, Run

MOST_PACKS = 10_000_000


def packs(label: Any, **options: Any) -> WholeField:
    """A count of packs, typed on a numeric keypad."""
    return WholeField(label=label, min_value=0, max_value=MOST_PACKS, units=PACKS, **options)


def word(**options: Any) -> forms.CharField:
    """A manager's word on what was asked back."""
    return forms.CharField(
        label=_("Alasan pengesahan"), required=False, max_length=300, help_text=_("Tercatat bersama nama Anda."),
        **options,
    )  # fmt: skip


class CleaningForm(SpokenForm):
    """What a sheet says of cleaning."""

    cleaned_before = forms.BooleanField(label=_("Mesin bersih sebelum dipakai"), required=False)
    cleaned_after = forms.BooleanField(label=_("Mesin dibersihkan sesudah dipakai"), required=False)
    cleaning_agent = forms.CharField(label=_("Bahan pembersih"), required=False, max_length=60)
    cleaned_by = forms.CharField(label=_("Dibersihkan oleh"), required=False, max_length=80)
    cleaning_result = forms.ChoiceField(
        label=_("Hasil pemeriksaan"),
        required=False,
        choices=[("", _("Belum diperiksa")), *Run.Result.choices],
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("cleaned_after") and not data.get("cleaning_result"):
            self.add_error("cleaning_result", _("Pilih hasil pemeriksaan sesudah dibersihkan."))
        return data

    def cleaning(self) -> dict[str, object]:
        """Return the cleaning sheet as the service takes it."""
        data = self.cleaned_data
        return {
            "before": data["cleaned_before"],
            "after": data["cleaned_after"],
            "agent": data["cleaning_agent"],
            "by": data["cleaned_by"],
            "result": data["cleaning_result"],
        }


class RunForm(CleaningForm):
    """The sheet of one run: times, packs, cleaning, lot, note."""

    started_at = MomentField(label=_("Mulai"))
    stopped_at = MomentField(label=pgettext_lazy("time", "Selesai"))
    good = packs(_("Kemasan bagus"))
    rejected = packs(_("Kemasan gagal"), initial=0)
    lot_code = forms.CharField(label=_("Kode produksi"), required=False, max_length=40)
    note = forms.CharField(
        label=_("Catatan"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    confirm_reason = word()
    why = forms.CharField(
        label=_("Alasan koreksi"), required=False, max_length=300,
        help_text=_("Hasil pemakaian ini sudah ditandatangani. Isian Anda dicatat sebagai koreksinya."),
    )  # fmt: skip
    field_order = ["started_at", "stopped_at", "good", "rejected", "lot_code"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, stop = data.get("started_at"), data.get("stopped_at")
        if start and stop and stop <= start:
            self.add_error("stopped_at", _("Jam selesai harus sesudah jam mulai."))
        return data


class DowntimeForm(SpokenForm):
    """One stretch within a run when the machine stood still."""

    minutes = WholeField(label=_("Menit"), required=False, min_value=1, max_value=2880, units=MINUTES)
    reason = forms.ChoiceField(
        label=_("Sebab berhenti"), required=False, choices=[("", "—"), *Downtime.Reason.choices]
    )
    note = forms.CharField(label=_("Keterangan"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("minutes") and not data.get("reason"):
            self.add_error("reason", _("Pilih sebabnya."))
        if (data.get("reason") or data.get("note")) and "minutes" in data and not data.get("minutes"):
            self.add_error("minutes", _("Isi berapa menit."))
        return data


Downtimes = formset_factory(DowntimeForm, extra=3, max_num=20, absolute_max=20)


def downtime_rows(formset: Any) -> list[dict[str, object]]:
    """Return the filled rows as the service takes them."""
    return [
        {"minutes": data["minutes"], "reason": data["reason"], "note": data["note"]}
        for data in formset.cleaned_data
        if data.get("minutes")
    ]


def stops_in_words(rows: list[dict[str, Any]]) -> str:
    """Return stops as people read them, nothing as a dash."""
    said = ([formats.duration(row["minutes"]), str(Downtime.Reason(row["reason"]).label), row["note"]] for row in rows)
    return "; ".join(", ".join(filter(None, parts)) for parts in said) or "—"


CORRECTABLE = [
    ("good", _("Kemasan bagus")),
    ("rejected", _("Kemasan gagal")),
    ("started_at", _("Mulai")),
    ("stopped_at", pgettext_lazy("time", "Selesai")),
    ("lot_code", _("Kode produksi")),
    ("note", _("Catatan")),
]
"""What one field of the correction form changes."""
LABELS = {
    **dict(CORRECTABLE),
    "downtimes": _("Berhenti"),
    **{name: field.label for name, field in CleaningForm.base_fields.items()},
}
"""What every field of a sheet that can be corrected is called."""


def hidden_number(largest: int) -> forms.IntegerField:
    """A number that the page itself wrote."""
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=largest)


class SheetCorrectionForm(CleaningForm):
    """A later change of what a signed run says of its stops and its cleaning, and why."""

    reason = forms.CharField(label=_("Alasan koreksi"), max_length=300)
    confirm_reason = word()
    run = hidden_number(2**62)
    version = VersionField()


class CorrectionForm(SpokenForm):
    """A later change of a signed run: one field, its new value, and why."""

    field = forms.ChoiceField(label=_("Yang dikoreksi"), choices=CORRECTABLE)
    value = forms.CharField(
        label=_("Nilai baru"), max_length=500, required=False,
        help_text=_("Angka, teks, atau waktu seperti 24-11-2026 10.30."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Alasan koreksi"), max_length=300)
    confirm_reason = word()
    run = hidden_number(2**62)
    version = VersionField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kinds = {"good": packs(""), "rejected": packs(""), "started_at": MomentField(), "stopped_at": MomentField()}
        text = forms.CharField(required=False, max_length=40 if data.get("field") == "lot_code" else 500)
        try:
            data["new"]: int | str | datetime = kinds.get(data.get("field", ""), text).clean(data.get("value"))
        except forms.ValidationError as error:
            self.add_error("value", error)
        return data
