"""What people ask of the catalogue."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import WholeField
from accounts.voice import SpokenForm
from accounts.writing.texts import folded
from facilities import vocabulary
from facilities.catalogue.standing import Filters
from facilities.catalogue.wording import language
from facilities.models import District, Machine, MachineType

GROUPS = {"form": "forms", "format": "formats", "level": "levels", "line": "lines"}
"""The form's fields with boxes, and the group each narrows."""

LINES = [(Machine.Line.HALAL, _("Halal")), (Machine.Line.NON_HALAL, _("Nonhalal"))]
LAST_PAGE = 10_000


def _boxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class CatalogueForm(SpokenForm):
    """The catalogue's filters: a GET form whose address can be shared. Unknown values are told, not ignored."""

    form = _boxes(_("Bentuk produk"))
    format = _boxes(_("Kemasan"))
    level = _boxes(_("Siapa menjalankan"))
    line = _boxes(_("Halal atau nonhalal?"))
    district = forms.ChoiceField(label=_("Kabupaten/kota"), required=False)
    type = forms.ChoiceField(label=_("Jenis mesin"), required=False)
    facility = forms.SlugField(label=_("Rumah produksi"), required=False, max_length=40)
    near = forms.ChoiceField(label=_("Dekat dengan"), required=False)
    q = forms.CharField(label=_("Cari"), required=False, max_length=80)
    page = WholeField(label=_("Halaman"), required=False, min_value=1, max_value=LAST_PAGE)

    def __init__(self, data: Any, *, districts: list[District], types: list[MachineType]) -> None:
        super().__init__(data)
        self.districts = {district.code: district for district in districts}
        places = [(district.code, str(district)) for district in districts]
        words = language()
        self.fields["form"].choices = vocabulary.form_choices(words)
        self.fields["format"].choices = vocabulary.format_choices(words)
        self.fields["level"].choices = vocabulary.level_choices(words)
        self.fields["line"].choices = LINES
        self.fields["district"].choices = [("", _("Semua")), *places]
        self.fields["near"].choices = [("", _("Mana saja")), *places]
        self.fields["type"].choices = [
            ("", _("Semua")), *((kind.slug, kind.name_en if words == "en" else kind.name) for kind in types)
        ]  # fmt: skip

    def wanted(self) -> Filters:
        """Return the filters that could be read; the others are as if nobody had set them."""
        read = self.cleaned_data
        return Filters(
            forms=frozenset(read.get("form", ())),
            formats=frozenset(read.get("format", ())),
            levels=frozenset(read.get("level", ())),
            lines=frozenset(read.get("line", ())),
            district=read.get("district", ""),
            type=read.get("type", ""),
            facility=read.get("facility", ""),
            words=tuple(folded(read.get("q", "")).split()),
        )

    def near_district(self) -> District | None:
        return self.districts.get(self.cleaned_data.get("near", ""))


def boxes_with_counts(form: CatalogueForm, counts: dict[str, Counter[str]]) -> list[dict[str, Any]]:
    """Return the groups of boxes to draw: each value with how many machines it would find, empty ones left out."""
    groups = []
    for name, group in GROUPS.items():
        chosen = set(form.cleaned_data.get(name, ()))
        found = counts.get(group, Counter())
        anything = found.get(vocabulary.ANY, 0)
        values = [
            {"value": code, "word": word, "count": found[code] + anything, "checked": code in chosen}
            for code, word in form.fields[name].choices
            if found[code] or code in chosen
        ]
        if values:
            groups.append({"name": name, "label": form.fields[name].label, "values": values})
    return groups
