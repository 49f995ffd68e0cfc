"""A house's rules as people set them, and a machine's own: sentences with a gap, made from their declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.voice import SpokenForm
from bookings.desk.fields import VersionField
from bookings.rules import RULES
from bookings.rules.base import Setting
from bookings.rules.decision import policy_of
from bookings.rules.sentences import value_words
from bookings.rules.time_settings import HOLIDAYS, LATE, TIMES, WHEN, WHO_ANSWERS
from bookings.setup.rule_fields import (
    FREE_SEASONS,
    SEASON_PARTS,
    YES,
    field_for,
    season_fields,
    season_rows,
    sentence_parts,
    unit_words,
)
from facilities.models import Facility, Machine

Groups = Sequence[tuple[Any, Sequence[Setting]]]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the page: what stands before and after its control, and for a machine what its house says."""

    setting: Setting
    before: str
    after: str
    unit: Any
    field: Any
    seasons: Sequence[Sequence[Any]] = ()
    own: Any = None
    house: str = ""


def groups() -> Groups:
    """Return every rule that can be set, under the headings of the page. A new rule's settings come by themselves."""
    people = [setting for rule in RULES if rule.about_people for setting in rule.settings]
    others = [setting for rule in RULES if not rule.about_people for setting in rule.settings]
    found: list[tuple[Any, Sequence[Setting]]] = [
        (_("Kapan bisa memesan"), WHEN),
        (_("Siapa yang menyetujui"), WHO_ANSWERS),
        (_("Siapa boleh memesan, dan seberapa banyak"), people),
        (_("Aturan lain"), others),
        (_("Terlambat dan batal"), LATE),
        (_("Hari libur"), HOLIDAYS),
    ]
    return [(title, settings) for title, settings in found if settings]


def house_values(house: Facility) -> dict[str, object]:
    """Return what a house sets now, by the name of the rule."""
    return {**{name: getattr(house, name) for name in TIMES}, **policy_of(house.policy)}


def own_values(machine: Machine) -> dict[str, object]:
    """Return what a machine sets by itself now, by the name of the rule."""
    times = {name: getattr(machine, name) for name, one in TIMES.items() if one.per_machine}
    return {**{name: value for name, value in times.items() if value not in (None, "")}, **machine.policy}


class HouseRulesForm(SpokenForm):
    """Every rule of a house. An empty gap turns a rule off, where it can be."""

    version = VersionField()

    def __init__(self, data: Any = None, *, values: Mapping[str, object], version: int) -> None:
        super().__init__(data, initial={**values, "version": version})
        self.language = get_language() or "id"
        self.rows: dict[str, int] = {}
        self.groups = self._groups()
        for _title, settings in self.groups:
            for setting in settings:
                self._add(setting, values.get(setting.name))

    def _groups(self) -> Groups:
        return groups()

    def _add(self, setting: Setting, value: object) -> None:
        name = setting.name
        if setting.kind != "seasons":
            self.fields[name] = field_for(setting, self.language, required=name in TIMES)
            self.fields[name].in_words = partial(value_words, setting, language=self.language)
            if setting.kind == "flag":
                self.initial[name] = YES if value else ""
            return
        seasons = value if isinstance(value, list) else []
        self.rows[name] = max(len(seasons) + FREE_SEASONS, self._typed_rows(name))
        self.fields |= season_fields(name, self.rows[name])
        for row, season in enumerate(seasons):
            self.initial |= {f"{name}_{row}_{part}": season[part] for part in SEASON_PARTS}

    def _typed_rows(self, name: str) -> int:
        """Return how many rows were sent: somebody may have removed seasons meanwhile."""
        return next((n for n in range(14, 0, -1) if f"{name}_{n - 1}_name" in self.data), 0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, rows in self.rows.items():
            data[name], lacking = season_rows(name, data, rows)
            for field in lacking:
                if field not in self.errors:
                    self.add_error(field, _("Lengkapi musim ini, atau kosongkan semuanya."))
        longest, shortest = data.get("longest"), data.get("shortest")
        if longest is not None and shortest is not None and longest < shortest:
            self.add_error("longest", _("Paling lama tidak boleh di bawah paling singkat."))
        return data

    def values(self) -> dict[str, object]:
        """Return what was set, by the name of the rule; only after `clean`."""
        return {s.name: self.cleaned_data.get(s.name) for _title, settings in self.groups for s in settings}

    def in_force(self) -> dict[str, object]:
        """Return what would hold, by the name of the rule; only after `clean`."""
        return self.values()

    def sections(self) -> list[dict[str, Any]]:
        """Return headings and sentences for the template."""
        return [{"title": title, "lines": [self._line(one) for one in settings]} for title, settings in self.groups]

    def _line(self, setting: Setting) -> Line:
        before, after = sentence_parts(setting, self.language)
        name = setting.name
        seasons = [[self[f"{name}_{row}_{part}"] for part in SEASON_PARTS] for row in range(self.rows.get(name, 0))]
        return Line(setting, before, after, unit_words(setting), None if seasons else self[name], seasons)


class MachineRulesForm(HouseRulesForm):
    """The rules of one machine: each as its house says, or its own."""

    def __init__(self, data: Any = None, *, machine: Machine) -> None:
        self.house, own = house_values(machine.facility), own_values(machine)
        super().__init__(data, values={**self.house, **own}, version=machine.version)
        self.initial |= {f"own_{name}": True for name in own}

    def _groups(self) -> Groups:
        kept = [(title, [one for one in settings if one.per_machine]) for title, settings in groups()]
        return [(title, settings) for title, settings in kept if settings]

    def _add(self, setting: Setting, value: object) -> None:
        label = _("Berbeda dari rumah")
        self.fields[f"own_{setting.name}"] = own = forms.BooleanField(label=label, required=False)
        super()._add(setting, value)
        own.whole_label = f"{self.fields[setting.name].label}: {label}" if setting.name in self.fields else label

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for _title, settings in self.groups:
            for setting in settings:
                self._check_own(setting, data)
        return data

    def _check_own(self, setting: Setting, data: dict[str, Any]) -> None:
        """Nothing typed is lost without a word: what differs must be ticked."""
        name = setting.name
        typed, house = data.get(name), self.house.get(name)
        if name in self.errors or data.get(f"own_{name}") or (typed or None) == (house or None):
            return
        self.add_error(f"own_{name}", _("Centang ini bila nilainya khusus mesin ini."))

    def in_force(self) -> dict[str, object]:
        return {**self.house, **self.values()}

    def values(self) -> dict[str, object]:
        return {name: value for name, value in super().values().items() if self.cleaned_data.get(f"own_{name}")}

    def _line(self, setting: Setting) -> Line:
        line = super()._line(setting)
        told = value_words(setting, self.house.get(setting.name), self.language)
        return Line(line.setting, line.before, line.after, line.unit, line.field, line.seasons,
                    own=self[f"own_{setting.name}"], house=told)  # fmt: skip
