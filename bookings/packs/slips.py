"""A quantity that looks like a slip of the finger is asked about once: *1 kemasan? Maksud Anda 1.000?* Never refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.fields import PACKS, NumberText, WholeField
from accounts.formats import number
from accounts.writing.numbers import Unclear, Unreadable, whole
from bookings.models import Booking, Producer

USUAL = 300
"""Packs of an order of which nothing else is known."""
THOUSAND, FEW, REMEMBERED = 1000, 50, 20
"""How far a lost or an extra group of zeros is from what was meant; how far below the usual a slip begins; how many earlier orders count."""
ALWAYS_LIKELY = range(USUAL // FEW + 1, 10 * THOUSAND)
"""Nobody's usual is looked up for these."""


def meant(quantity: int, usual: int = USUAL) -> int | None:
    """Return what was probably meant by a quantity that is far from what is usual, or None. Pure.

    A fiftieth of the usual or less: the thousands were left out. A thousand times the usual or more: three zeros too many.
    """
    if quantity * FEW <= usual:
        return quantity * THOUSAND
    return quantity // THOUSAND if quantity >= usual * THOUSAND else None


def sure(quantity: int) -> int | None:
    """Return what an address carries beside a quantity that was asked about already or that we work out; None: no need."""
    return None if quantity in ALWAYS_LIKELY else quantity


def usual_of(producers: Iterable[Producer]) -> int:
    """Return the median of the last packs these producers ordered, `USUAL` where there are none."""
    asked = Booking.objects.filter(producer__in=list(producers), quantity__gt=0).order_by("-pk")
    packs = list(asked.values_list("quantity", flat=True)[:REMEMBERED])
    return int(median(packs)) if packs else USUAL


class Typed(str):
    """A quantity as typed, and the one its writer was asked about before."""

    sure: str = ""


class PacksText(NumberText):
    """A quantity, and behind it the one that was asked about: sent again as it is, it stands."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed | None:
        given = super().value_from_datadict(data, files, name)
        if given is None:
            return None
        typed = Typed(given)
        typed.sure = str(data.get(f"{name}_pasti", "") or "")
        return typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = super().render(name, value, attrs, renderer)
        if not _is_odd(str(value or "")):
            return shown
        asked = forms.HiddenInput().render(f"{name}_pasti", str(value), {}, renderer)
        return SafeString(shown + asked)


def _is_odd(typed: str) -> bool:
    try:
        return whole(typed, PACKS) not in ALWAYS_LIKELY
    except (Unclear, Unreadable):
        return False


class PacksField(WholeField):
    """How many packs. `usual` says, when asked, how many the asker orders otherwise."""

    widget = PacksText
    default_error_messages = {"slip": _("%(typed)s kemasan? Maksud Anda %(meant)s? Ubah, atau kirim lagi kalau memang %(typed)s.")}

    def __init__(self, *, usual: Callable[[], int] = lambda: USUAL, **options: Any) -> None:
        self.usual = usual
        super().__init__(units=PACKS, **options)

    def clean(self, value: Any) -> int | None:
        packs: int | None = super().clean(value)
        if packs is None or packs in ALWAYS_LIKELY or self._is_sure(value, packs):
            return packs
        likely = meant(packs, self.usual())
        if likely is None:
            return packs
        told = {"typed": number(packs), "meant": number(likely)}
        raise forms.ValidationError(self.error_messages["slip"], code="slip", params=told)

    def _is_sure(self, value: Any, packs: int) -> bool:
        try:
            return self.to_python(getattr(value, "sure", "")) == packs
        except forms.ValidationError:
            return False
