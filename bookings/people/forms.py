"""What producers and staff write down about documents and lessons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm
from bookings.desk.fields import DayField
from bookings.models import Document
from facilities.catalogue.wording import type_word
from facilities.models import Facility, MachineType

HINTS = {
    "nib": _("13 angka."),
    "pirt": _("15 angka, seperti 2062171010001-29."),
    "halal": _("ID dan 12 sampai 20 angka. Bukan nomor ketetapan."),
    "md": _("MD dan 12 sampai 15 angka."),
    "health": _("Seperti tertulis di suratnya."),
}


class NumberForm(SpokenForm):
    """The number of a document and its last day: for a new one, or one that is renewed."""

    number = forms.CharField(
        label=_("Nomor"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "data-private": ""})
    )
    expires_on = DayField(label=_("Berlaku sampai"), required=False, help_text=_("Wajib untuk P-IRT. NIB tidak punya."))

    def __init__(self, *args: Any, kind: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if kind:
            self.fields["number"].help_text = HINTS[kind]
            self.fields["expires_on"].help_text = ""


class DocumentForm(NumberForm):
    kind = forms.ChoiceField(label=_("Jenis dokumen"), choices=Document.Kind.choices, widget=forms.RadioSelect)
    field_order = ["kind", "number", "expires_on"]


class LessonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: MachineType) -> str:
        return type_word(obj)


class LessonForm(SpokenForm):
    """An induction of this house, or a type of machine that was taught here."""

    type = LessonField(
        MachineType.objects.none(), label=_("Apa yang diajarkan"), required=False, empty_label=_("Pengenalan rumah ini")
    )
    person = forms.CharField(label=_("Siapa yang hadir"), max_length=80, required=False)
    given_on = DayField(label=_("Tanggal"))
    expires_on = DayField(label=_("Berlaku sampai"), required=False, help_text=_("Kosongkan bila seterusnya."))

    def __init__(self, *args: Any, house: Facility, today: date, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"given_on": today}, **options})
        self.fields["type"].queryset = MachineType.objects.filter(machines__facility=house).distinct()
