"""Form fields for numbers: what people type, read by `accounts.writing.numbers` and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.writing import numbers

PACKS = {"kemasan": 1, "bungkus": 1, "pcs": 1, "packs": 1, "pack": 1}
MINUTES = {"menit": 1, "mnt": 1, "min": 1, "jam": 60, "h": 60}
WEIGHT = {"g": 1, "gr": 1, "gram": 1, "ml": 1, "kg": 1000, "l": 1000, "liter": 1000}
UNCLEAR = _("%(thousands)s atau %(decimal)s? Tulis angka bulat, tanpa titik dan koma.")
UNCLEAR_DECIMAL = _("%(thousands)s atau %(decimal)s? Tulis %(plain)s atau %(decimal)s.")


def unclear(error: numbers.Unclear, words: Any = UNCLEAR) -> forms.ValidationError:
    """Return the question back: both readings of what was typed, and how to write what was meant."""
    thousands, decimal = error.readings
    tell = {"thousands": numbers.written(thousands), "decimal": numbers.written(decimal), "plain": str(thousands)}
    return forms.ValidationError(words, code="unclear", params=tell)


class NumberText(forms.TextInput):
    """A number on the numeric keypad. Not `type=number`: that loses what the browser cannot read."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", **(attrs or {})})


class WholeField(forms.IntegerField):
    """A whole number as people write it. `units` may follow it: `1,5 kg` where grams are asked. `step`: one tap."""

    default_error_messages = {"invalid": _("Tulis angka bulat, seperti 1000.")}
    widget = NumberText

    def __init__(self, *, units: Mapping[str, int] | None = None, step: int | None = None, **options: Any) -> None:
        self.units, self.step = units, step
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not numbers.tidy(str(value)):
            return None
        try:
            return numbers.whole(str(value), self.units)
        except numbers.Unclear as error:
            raise unclear(error) from None
        except numbers.Unreadable:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the stepper its limits: attributes of `type=number` mean nothing on a text."""
        told = {"data-step": self.step, "data-min": self.min_value, "data-max": self.max_value}
        return {name: value for name, value in told.items() if self.step and value is not None}


def read_decimal(text: str, units: Mapping[str, int] | None = None) -> Decimal:
    """Return a decimal that was typed. Raises `ValidationError` that asks back, or says that it is none."""
    try:
        return numbers.decimal(text, units)
    except numbers.Unclear as error:
        raise unclear(error, UNCLEAR_DECIMAL) from None
    except numbers.Unreadable:
        raise forms.ValidationError(_("Tulis angka."), code="number") from None
