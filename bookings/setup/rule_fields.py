"""One control per setting, made from its declaration: the gap in a rule's sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import formats
from accounts.fields import MINUTES, NumberText, WholeField, read_decimal
from accounts.writing.numbers import tidy
from bookings.desk.fields import DayField
from bookings.rules.base import Setting
from bookings.rules.values import SEASON_NAME

HOUR, YES = 60, "ya"
UNITS = [("1", _("menit")), ("60", _("jam"))]
FREE_SEASONS = 2
SEASON_PARTS = ("name", "first_on", "last_on", "weekly_quota")


class MinutesWidget(forms.MultiWidget):
    """A number and its unit. Without a unit, minutes."""

    def __init__(self, *, in_hours: bool = False) -> None:
        self.in_hours = in_hours
        number = NumberText({"inputmode": "decimal", "maxlength": 16})
        unit = forms.Select(choices=UNITS, attrs={"aria-label": _("Satuan")})
        super().__init__({"": number, "unit": unit})

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, int):
            return ["", "60" if self.in_hours else "1"]
        whole = value > 0 and value % HOUR == 0
        return [value // HOUR, "60"] if whole else [value, "1"]


class MinutesField(forms.Field):
    """Minutes, typed as minutes or hours; half hours too. Cleans to an int, or None."""

    def __init__(self, *, low: int, high: int, **options: Any) -> None:
        self.low, self.high = low, high
        super().__init__(widget=MinutesWidget(in_hours=low >= 30), **options)

    def clean(self, value: Any) -> int | None:
        text, unit = (*(value or ()), None, None)[:2]
        text = tidy(str(text or ""))
        if not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        says_unit = text[-1].isalpha()
        minutes = read_decimal(text, MINUTES) * (HOUR if unit == "60" and not says_unit else 1)
        if not self.low <= minutes <= self.high:
            words = {"low": formats.duration(self.low), "high": formats.duration(self.high)}
            raise forms.ValidationError(_("Isi %(low)s sampai %(high)s.") % words, code="bounds")
        if minutes != int(minutes):
            raise forms.ValidationError(_("Tulis menit yang bulat."), code="whole")
        return int(minutes)


def field_for(setting: Setting, language: str, *, required: bool) -> forms.Field:
    """Return the control of any setting but seasons; `required` where it cannot be turned off."""
    label = sentence_parts(setting, language)[0] or sentence_parts(setting, language)[1]
    options: dict[str, Any] = {"label": label.strip(" :."), "required": required}
    if setting.kind == "minutes":
        return MinutesField(low=setting.low, high=setting.high, **options)
    if setting.kind == "flag":
        return _choice(
            [("", _("tidak")), (YES, _("ya"))], coerce=bool, empty_value=False, **options | {"required": False}
        )
    words = [(code, en if language.startswith("en") else id_) for code, id_, en in setting.options]
    if setting.kind == "choice":
        return _choice(words, coerce=lambda code: int(code) if code.isdigit() else code, **options)
    if setting.kind == "choices":
        return forms.MultipleChoiceField(choices=words, widget=forms.CheckboxSelectMultiple, **options)
    units = {"hari": 1, "days": 1, "%": 1, "km": 1}
    return WholeField(min_value=setting.low, max_value=setting.high, units=units, **options)


def _choice(choices: list[tuple[str, Any]], **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=choices, **options)


def unit_words(setting: Setting) -> Any:
    """Return what stands after the number: hari, %, km; nothing where the sentence says it."""
    return {"days": _("hari"), "percent": "%", "km": "km"}.get(setting.kind, "")


def sentence_parts(setting: Setting, language: str) -> tuple[str, str]:
    """Return what the sentence says before the gap, and after it."""
    text = setting.en if language.startswith("en") else setting.id
    before, _gap, after = text.partition("{}")
    return before.strip(), after.strip()


def season_fields(name: str, rows: int) -> dict[str, forms.Field]:
    """Return the fields of the table of seasons: `<name>_<row>_<part>`, all of a row or none."""
    fields: dict[str, forms.Field] = {}
    for row in range(rows):
        tell = {"n": row + 1}
        fields |= {
            f"{name}_{row}_name": forms.CharField(
                label=_("Musim %(n)d, nama") % tell, max_length=SEASON_NAME, required=False
            ),
            f"{name}_{row}_first_on": DayField(label=_("Musim %(n)d, hari pertama") % tell, required=False),
            f"{name}_{row}_last_on": DayField(label=_("Musim %(n)d, hari terakhir") % tell, required=False),
            f"{name}_{row}_weekly_quota": MinutesField(
                low=0, high=7 * 1440, label=_("Musim %(n)d, kuota per minggu") % tell, required=False
            ),
        }
        fields[f"{name}_{row}_weekly_quota"].widget.in_hours = True  # type: ignore[attr-defined]
    return fields


def season_rows(name: str, data: dict[str, Any], rows: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the seasons that were typed, and the names of fields that a begun row still lacks."""
    seasons, lacking = [], []
    for row in range(rows):
        one = {part: data.get(f"{name}_{row}_{part}") for part in SEASON_PARTS}
        if all(value in (None, "") for value in one.values()):
            continue
        lacking += [f"{name}_{row}_{part}" for part, value in one.items() if value in (None, "")]
        seasons.append({**one, **{edge: one[edge].isoformat() for edge in ("first_on", "last_on") if one[edge]}})
    return seasons, lacking
