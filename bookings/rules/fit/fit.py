"""The machine packs this form into this format, in packs of this size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bookings.rules.base import Ability, Origin, Question, Request, Rule
from facilities.errors import Reason
from facilities.vocabulary import ANY, format_word

SAYABLE = 4
"""More pack formats than these are a list, not a sentence."""


def abilities_for(abilities: Iterable[Ability], request: Request) -> list[Ability]:
    """Return what of a machine's abilities serves a request, sizes aside. What was not said is not checked."""
    form, format_ = request.form, request.format
    return [
        a
        for a in abilities
        if (form is None or a.form in (form, ANY)) and (format_ is None or a.format in (format_, ANY))
    ]


def does_not_fit(q: Question) -> Reason | None:
    """Form, format, weight and width suit one of the machine's abilities, and it is in service that day."""
    if not q.traits.in_service:
        return Reason(
            "does_not_fit_machine",
            id="Mesin ini tidak dipakai pada hari itu.",
            en="This machine is not in service that day.",
            values={"form": q.request.form, "format": q.request.format},
            way_out_id="Pilih hari lain, atau mesin lain.",
            way_out_en="Choose another day, or another machine.",
        )
    fitting = abilities_for(q.traits.capabilities, q.request)
    origin = q.request.moved_from
    if origin is not None and origin.type_code != q.traits.type_code:
        if origin.is_support or q.traits.is_support:
            return _other_work(q)
        fitting = [ability for ability in fitting if _is_akin(ability, origin, q.request)]
    elif not q.traits.capabilities:
        return None
    if not fitting:
        return _cannot(q)
    if fitting and not any(fits_size(ability, q.request.net_weight, q.request.width) for ability in fitting):
        return _wrong_size(q, fitting)
    return None


def _is_akin(ability: Ability, origin: Origin, request: Request) -> bool:
    """Return whether an ability serves what another machine was booked for.

    What nobody said of the product is what that machine packs; where nothing at all is known, only machines of its
    own type are alike.
    """
    if request.form is not None and request.format is not None:
        return True
    if request.form is None and request.format is None:
        return False
    known = abilities_for(origin.capabilities, request)
    return any(_meet(ability.form, one.form) and _meet(ability.format, one.format) for one in known)


def _meet(one: str, other: str) -> bool:
    return one == other or ANY in (one, other)


class Sized(Protocol):
    """Anything that limits the packs it takes."""

    @property
    def smallest(self) -> int | None: ...
    @property
    def largest(self) -> int | None: ...
    @property
    def widest(self) -> int | None: ...


def fits_size(ability: Sized, weight: int | None, width: int | None) -> bool:
    """Return whether a pack of a weight (g or ml) and width (mm) is within an ability's limits; unknown ones are."""
    return (
        (weight is None or ability.smallest is None or weight >= ability.smallest)
        and (weight is None or ability.largest is None or weight <= ability.largest)
        and (width is None or ability.widest is None or width <= ability.widest)
    )


def _other_work(q: Question) -> Reason:
    """Filling a pouch and printing a date on it are two jobs, whatever form and format they share: nobody overrides this."""
    return Reason(
        "does_not_fit_machine",
        id="Pesanan ini untuk pekerjaan lain; mesin ini tidak bisa menggantikannya.",
        en="This booking is for other work; this machine cannot take its place.",
        values={"form": q.request.form, "format": q.request.format},
        way_out_id="Pilih mesin yang sejenis.",
        way_out_en="Choose a machine of the same kind.",
    )


def _cannot(q: Question) -> Reason:
    return Reason(
        "does_not_fit_machine",
        id="Mesin ini tidak bisa mengemas ini.",
        en="This machine cannot pack this.",
        values={"form": q.request.form, "format": q.request.format},
        overridable=True,
        way_out_id=_other_formats(q, "id") or "Pilih bentuk kemasan lain, atau mesin lain.",
        way_out_en=_other_formats(q, "en") or "Choose another pack format, or another machine.",
    )


def _other_formats(q: Question, language: str) -> str:
    """Return what the machine does pack into, in words, where that is known and short enough to say."""
    formats = sorted({a.format for a in q.traits.capabilities} - {ANY, "", q.request.format})
    if not formats or len(formats) > SAYABLE or any(a.format == ANY for a in q.traits.capabilities):
        return ""
    said = ", ".join(format_word(code, language).lower() for code in formats)
    if language == "en":
        return f"It packs into {said}: choose one of these, or another machine."
    return f"Mesin ini untuk {said}: pilih salah satunya, atau mesin lain."


def _wrong_size(q: Question, fitting: list[Ability]) -> Reason:
    low = min((a.smallest or 0 for a in fitting), default=0)
    high = None if any(a.largest is None for a in fitting) else max(a.largest or 0 for a in fitting)
    wide = None if any(a.widest is None for a in fitting) else max(a.widest or 0 for a in fitting)
    parts = [
        f"paling besar {high} g/ml" if high else "",
        f"paling kecil {low} g/ml" if low else "",
        f"lebar sampai {wide} mm" if wide else "",
    ]
    parts_en = [
        f"at most {high} g/ml" if high else "",
        f"at least {low} g/ml" if low else "",
        f"up to {wide} mm wide" if wide else "",
    ]
    return Reason(
        "does_not_fit_machine",
        id=f"Ukuran kemasan tidak cocok: {', '.join(p for p in parts if p)}.",
        en=f"The pack size does not fit: {', '.join(p for p in parts_en if p)}.",
        values={
            "smallest": low,
            "largest": high,
            "widest": wide,
            "net_weight": q.request.net_weight,
            "width": q.request.width,
        },
        overridable=True,
        way_out_id="Pilih ukuran kemasan lain, atau mesin lain.",
        way_out_en="Choose another pack size, or another machine.",
    )


RULE = Rule("fit", 120, does_not_fit)
