"""What was found, as the page of results shows it: options with their times, and near misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts import formats
from bookings.packs.forms import KemasForm
from bookings.packs.hurdles import Hurdle
from bookings.packs.near_misses import NearMiss
from bookings.packs.offers import Option
from bookings.packs.order_address import local_text, written
from bookings.packs.ranking import trade_off
from bookings.packs.sessions import Session
from bookings.rules.people.documents import NAMES
from facilities.catalogue import wording
from facilities.catalogue.bringing import bring_list, bring_words
from facilities.errors import REFUSE
from facilities.models import Machine
from facilities.region.distances import kilometres_from
from facilities.region.places import Place

TRAINED = Machine.Level.TRAINED.value
NEAR_WORDS = {
    "shorter": gettext_lazy("Lebih singkat"),
    "same_day": gettext_lazy("Jam lain, hari yang sama"),
    "next_day": gettext_lazy("Hari lain"),
    "other_machine": gettext_lazy("Mesin lain di sini"),
    "other_house": gettext_lazy("Rumah lain"),
    "split": gettext_lazy("Dibagi beberapa kali"),
}


def option_cards(
    form: KemasForm, options: Sequence[Option], *, order: str, hurdles: Mapping[int, Sequence[Hurdle]]
) -> list[dict[str, Any]]:
    """Return a card for each option; the first says in what it is best. `hurdles` by machine: what the asker must know.

    What the asker cannot book yet comes after what they can.
    """
    flags = {"tercepat": _("Paling cepat"), "terdekat": _("Paling dekat"), "termurah": _("Paling murah")}
    cards = [_card(form, option) | _barred(option, hurdles.get(option.machine.pk, ())) for option in options]
    cards.sort(key=lambda card: bool(card["is_barred"]))
    if len(cards) > 1 and not cards[0]["is_barred"]:
        cards[0]["flag"] = flags[order]
        pair = _choice(cards)
        for card in cards if pair and order != "termurah" else ():
            card["flag"] = flags["terdekat"] if card is pair[0] else flags["tercepat"] if card is pair[1] else ""  # type: ignore[index]
    return cards


def _choice(cards: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The cards of the nearest and of the earliest option, where they are a choice that the asker has."""
    open_ones = [card["option"] for card in cards if not card["is_barred"]]
    pair = trade_off(open_ones)
    by_option = {id(card["option"]): card for card in cards}
    return (by_option[id(pair[0])], by_option[id(pair[1])]) if pair else None


def choice_words(cards: Sequence[dict[str, Any]], *, now: datetime) -> str:
    """Hari ini tetapi ± 142 km, atau besok dan ± 3 km; nothing where the nearest is also the earliest."""
    pair = _choice(cards)
    if pair is None:
        return ""
    near, soon = (card["option"] for card in pair)
    days = [wording.near_day(one.starts[0], now=now, zone=one.machine.facility.zone) for one in (near, soon)]
    if days[0] == days[1]:
        days = [wording.moment(one.starts[0], now=now, zone=one.machine.facility.zone) for one in (near, soon)]
    told = {"later": days[0], "soon": days[1], "near": formats.number(near.distance), "far": formats.number(soon.distance)}
    return _("%(soon)s tetapi ± %(far)s km, atau %(later)s dan hanya ± %(near)s km: pilih yang cocok.") % told


def _barred(option: Option, against: Sequence[Hurdle]) -> dict[str, Any]:
    """What bars the asker from an option, or from some of its times, and what a person has to look at first."""
    language, on_offer = get_language() or "id", [one.start for one in option.plan] or option.starts
    told = [
        {
            "words": one.reason.sentence(language),
            "way_out": one.reason.way_out(language),
            "starts": [] if len(one.starts) == len(on_offer) else one.starts,
            "refuses": one.reason.effect == REFUSE,
        }
        for one in against
    ]
    barred = {start for one in against if one.reason.effect == REFUSE for start in one.starts}
    return {
        "hurdles": told,
        "barred": barred,
        "is_barred": barred.issuperset(on_offer),
        "any_clean": not option.plan and not barred.issuperset(option.no_cleaning),
    }


def _card(form: KemasForm, option: Option) -> dict[str, Any]:
    machine, product, quantity = option.machine, form.described(), form.cleaned_data["quantity"]
    bring = bring_list(
        type_code=machine.type_id, form=product.form, pack_format=form.cleaned_data["format"],
        quantity=quantity, product=product.name, house=machine.facility.what_to_bring,
    )  # fmt: skip
    length = option.minutes_each
    return {
        **_machine(machine, option.distance),
        "option": option,
        "minutes": option.minutes,
        "price": option.price,
        "tariff": wording.price(option.tariff.unit, option.tariff.amount) if option.tariff else "",
        "is_example": bool(option.tariff and option.tariff.is_example),
        "times": [] if option.plan else [_time(form, option, start) for start in option.starts],
        "sessions": _sessions(form, option),
        "more_href": f"{reverse('pick_time', args=[machine.slug])}?{form.order_query(lama=length)}",
        "how": _how(option, quantity),
        "level": wording.level_word(machine.level),
        "work": wording.work_words(machine.type_id),
        "is_trained": machine.level == TRAINED,
        "bring": bring_words(bring),
        "brings": bring,
        "documents": _documents(option.documents),
    }


def _machine(place: Place, distance: int | None = None) -> dict[str, Any]:
    where = str(place.facility.district)
    if distance is not None:
        where += f", ± {formats.number(distance)}\u00a0km"
    return {
        "name": place.name,
        "slug": place.slug,
        "drawing": place.type.drawing,
        "house": place.facility.name,
        "zone": place.facility.zone,
        "where": where,
        "by_operator": place.is_operated,
    }


def _time(form: KemasForm, option: Option, start: datetime) -> dict[str, Any]:
    return {
        "start": start,
        "href": _check(form, option.machine, start, option.minutes_each),
        "no_cleaning": start in option.no_cleaning,
    }


def _check(
    form: KemasForm,
    place: Place,
    start: datetime,
    minutes: int,
    packs: int | None = None,
    later: Sequence[Session] = (),
) -> str:
    """Where one tap on a time leads: the check page, with all that was said, and the visits of a plan that come later."""
    zone = place.facility.zone
    told = form.order_query(
        lama=minutes,
        jam=local_text(start, zone),
        quantity=packs or form.cleaned_data["quantity"],
        lanjut=written(later, zone),
    )
    return f"{reverse('order_check', args=[place.slug])}?{told}"


def _sessions(form: KemasForm, option: Option) -> list[dict[str, Any]]:
    place = option.machine
    return [
        {
            "start": one.start,
            "end": one.end,
            "packs": one.packs,
            "href": _check(form, place, one.start, one.minutes, one.packs, option.plan[number:]),
        }
        for number, one in enumerate(option.plan, start=1)
    ]


def _how(option: Option, quantity: int) -> list[str]:
    """The arithmetic in sentences: rate and its source, what it gives, the grid, setup, and cleaning."""
    number, length = formats.number, formats.duration
    lines = []
    if option.rate:
        source = _learned(option.learned_from) if option.learned_from else _("angka pabrik")
        said = {"packs": number(quantity), "rate": number(option.rate), "source": source}
        words = ngettext(
            "%(packs)s kemasan ÷ %(rate)s kemasan per jam (%(source)s)",
            "%(packs)s kemasan ÷ %(rate)s kemasan per jam (%(source)s)",
            quantity,
        )
        lines.append(words % said)
    said = {"grid": length(option.machine.limits.grid), "length": length(option.minutes)}
    lines.append(_("Dibulatkan ke atas per %(grid)s: %(length)s") % said)
    if option.machine.setup:
        lines.append(_("Ditambah persiapan %(setup)s sebelum jam Anda") % {"setup": length(option.machine.setup)})
    return lines


def _learned(runs: int) -> str:
    return ngettext("dari %(n)s pemakaian", "dari %(n)s pemakaian", runs) % {"n": formats.number(runs)}


def _documents(codes: Sequence[str]) -> str:
    english = wording.language() == "en"
    return ", ".join(NAMES[code][english] for code in codes if code in NAMES)


def near_cards(form: KemasForm, near: Sequence[NearMiss]) -> list[dict[str, Any]]:
    """Return the near misses: what would have to give, and one tap to take it."""
    cards = []
    for one in near:
        minutes = int((one.ends_at - one.starts_at).total_seconds() // 60)
        cards.append(
            {
                **_machine(one.machine, kilometres_from(form.cleaned_data["dari"], one.machine.facility)),
                "word": NEAR_WORDS[one.kind],
                "start": one.starts_at,
                "end": one.ends_at,
                "enough_for": enough_words(one.packs, form.cleaned_data["quantity"]),
                "href": _check(form, one.machine, one.starts_at, minutes, one.packs),
            }
        )
    return cards


def enough_words(packs: int | None, quantity: int) -> str:
    """Cukup untuk 400 dari 600 kemasan; nothing where all of them fit, or nobody knows."""
    if packs is None or packs >= quantity:
        return ""
    told = {"packs": formats.number(packs), "quantity": formats.number(quantity)}
    return _("Cukup untuk %(packs)s dari %(quantity)s kemasan") % told
