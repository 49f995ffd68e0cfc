"""Houses and machines in words, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import quote

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts import formats
from facilities import vocabulary
from facilities.catalogue.standing import Standing
from facilities.catalogue.work import work_of
from facilities.errors import Reason
from facilities.models import Closure, Facility, Machine, MachineType
from facilities.vocabulary import ANY

DAY_MINUTES = 1440


def language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"


def type_word(kind: MachineType) -> str:
    return kind.name_en if language() == "en" else kind.name


def form_words(codes: Iterable[str]) -> str:
    """Keripik dan kerupuk, padat."""
    return _listed(vocabulary.form_word(code, language()) for code in codes)


def format_words(codes: Iterable[str]) -> str:
    """Standing pouch, kantong plastik."""
    return _listed(vocabulary.format_word(code, language()) for code in codes)


def level_word(code: str) -> str:
    return vocabulary.level_word(code, language())


def work_words(code: str) -> str:
    """What a machine of a type does and what it leaves: Menutup saja. Isi dulu dengan tangan."""
    return work_of(code).words(language())


def _listed(words: Iterable[str]) -> str:
    unique = list(dict.fromkeys(words))
    return ", ".join([unique[0], *(word[0].lower() + word[1:] for word in unique[1:])]) if unique else ""


def packs(machine: Machine) -> str:
    """What a machine packs: the forms of its capabilities, or that it takes everything."""
    codes = [c.form for c in machine.capabilities.all()]
    return form_words([ANY] if ANY in codes else codes)


def rate(machine: Machine) -> str:
    """60–180 kemasan/jam: as learned from own runs, else as the maker says."""
    rates = [c.best_rate for c in machine.capabilities.all()]
    if not rates:
        return ""
    least, most = formats.number(min(rates)), formats.number(max(rates))
    figures = least if least == most else f"{least}–{most}"
    return f"{figures}\u00a0" + _("kemasan/jam")


def rate_source(runs: int) -> str:
    """Where a rate comes from: `dari 12 pemakaian`, or `angka pabrik`."""
    if not runs:
        return _("angka pabrik")
    return ngettext("dari %(runs)s pemakaian", "dari %(runs)s pemakaian", runs) % {"runs": formats.number(runs)}


def sizes(smallest: int | None, largest: int | None, widest: int | None) -> str:
    """Which packs fit: `100–250 g/ml`, `sampai 500 g/ml, lebar sampai 180 mm`; nothing where all do."""
    low, high = (formats.number(value) if value else "" for value in (smallest, largest))
    weight = f"{low}–{high}" if low and high else _("sampai %(most)s") % {"most": high} if high else ""
    if low and not high:
        weight = _("mulai %(least)s") % {"least": low}
    parts = [f"{weight}\u00a0g/ml"] if weight else []
    if widest:
        parts.append(_("lebar sampai %(most)s mm") % {"most": formats.number(widest)})
    return ", ".join(parts)


def price(unit: str | None, amount: int | None) -> str:
    """Rp10.000/jam; gratis; nothing where no tariff is set."""
    if unit is None or amount is None:
        return ""
    if unit == "free" or amount == 0:
        return _("gratis")
    units = {
        "hour": pgettext("per", "jam"),
        "pack": pgettext("per", "kemasan"),
        "batch": pgettext("per", "batch"),
        "kg": pgettext("per", "kg"),
        "day": pgettext("per", "hari"),
    }
    return f"{formats.rupiah(amount)}/{units[unit]}"


def price_tag(unit: str | None, amount: int | None, is_example: bool | None) -> str | SafeString:
    """The price; an unverified one says *contoh* beside it."""
    words = price(unit, amount)
    return format_html('{} <span class="tag">{}</span>', words, _("contoh")) if words and is_example else words


def near_day(instant: datetime, *, now: datetime, zone: formats.Zone) -> str:
    """Hari ini, Besok, or Sel 24 Nov."""
    day, today = formats.day_of(instant, zone), formats.day_of(now, zone)
    if day == today:
        return _("Hari ini")
    return _("Besok") if day == today + timedelta(days=1) else formats.short_date(instant, zone)


def moment(instant: datetime, *, now: datetime, zone: formats.Zone) -> str:
    """Besok, 08.00."""
    return f"{near_day(instant, now=now, zone=zone)}, {formats.clock(instant, zone)}"


def standing_words(standing: Standing, *, now: datetime, zone: formats.Zone) -> str:
    """The words of a machine's chip: next free time, or what it is busy with and until when."""
    if standing.status == "free" and standing.free_from:
        return moment(standing.free_from, now=now, zone=zone)
    if standing.status == "closed":
        return _("Penuh 14 hari ini")
    if standing.until is None:
        return _("Rusak")
    today = formats.day_of(standing.until, zone) == formats.day_of(now, zone)
    when = formats.clock(standing.until, zone) if today else formats.short_date(standing.until, zone)
    sentences = {
        "running": _("Dipakai sampai %(when)s"),
        "maintenance": _("Perawatan, siap %(when)s"),
        "broken": _("Rusak, siap %(when)s"),
    }
    return sentences[standing.status] % {"when": when}


def day_hours(rules: Sequence[tuple[int, int]]) -> str:
    """08.00–11.30, 13.00–16.00; Tutup."""
    return ", ".join(f"{formats.clock(opens)}–{formats.clock(closes)}" for opens, closes in rules) or _("Tutup")


def closure_words(closure: Closure) -> str:
    """24–25 Desember, or Jumat, 25 Desember 2026; part of a day names its hours."""
    if closure.first_on == closure.last_on:
        days = formats.long_date(closure.first_on)
    elif (closure.first_on.year, closure.first_on.month) == (closure.last_on.year, closure.last_on.month):
        days = f"{closure.first_on.day}–{formats.plain_date(closure.last_on)}"
    else:
        days = f"{formats.plain_date(closure.first_on)} – {formats.plain_date(closure.last_on)}"
    if closure.from_minute == 0 and closure.until_minute == DAY_MINUTES:
        return days
    return f"{days}, {formats.clock(closure.from_minute)}–{formats.clock(closure.until_minute)}"


def rules(house: Facility) -> list[str]:
    """What a house expects of those who book, one sentence each."""
    d = formats.duration
    sentences = [
        _("Pesan paling lambat %(notice)s sebelum mulai, paling jauh %(horizon)s hari ke depan.")
        % {"notice": d(house.notice), "horizon": house.horizon},
        _("Satu pesanan %(shortest)s sampai %(longest)s.")
        % {"shortest": d(house.shortest), "longest": d(house.longest)},
        _answers(house),
        _("Datang tepat waktu. Lewat %(grace)s, jam Anda dilepas.") % {"grace": d(house.grace)},
        _("Tidak jadi? Batalkan paling lambat %(deadline)s sebelum mulai.") % {"deadline": d(house.cancel_deadline)},
    ]
    if house.closed_on_holidays:
        sentences.append(
            _("Tutup pada hari libur nasional dan cuti bersama.")
            if house.closed_on_joint_leave
            else _("Tutup pada hari libur nasional.")
        )
    return sentences


def _answers(house: Facility) -> str:
    answer = {"limit": formats.duration(house.approval_limit), "answer": formats.duration(house.answer_within)}
    if house.approval == Facility.Approval.AUTOMATIC:
        return _("Pesanan langsung disetujui.")
    if house.approval == Facility.Approval.MANUAL:
        return _("Petugas menjawab setiap pesanan dalam %(answer)s, pada jam buka.") % answer
    return _("Sampai %(limit)s langsung disetujui; lebih lama dijawab petugas dalam %(answer)s, pada jam buka.") % answer


def lines(text: str) -> list[str]:
    """A list that somebody typed, one thing per line."""
    return [line.strip("-•* \t") for line in text.splitlines() if line.strip("-•* \t")]


def map_address(house: Facility) -> str:
    """Where the house lies on OpenStreetMap."""
    at = f"{house.latitude:.5f}", f"{house.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={at[0]}&mlon={at[1]}#map=16/{at[0]}/{at[1]}"


def whatsapp_address(phone: str, text: str = "") -> str:
    """A chat with a mobile number, or with whom one likes when there is none; empty for a fixed line."""
    if phone and not phone.startswith("+628"):
        return ""
    question = f"?text={quote(text)}" if text else ""
    return f"https://wa.me/{phone.removeprefix('+')}{question}"


def week_of(day: date) -> list[date]:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def sentences(reasons: Iterable[Reason]) -> list[dict[str, object]]:
    """Return each reason's words and way out in the language of the page, and whether a manager may go on regardless."""
    words = language()
    return [
        {"code": r.code, "words": r.sentence(words), "way_out": r.way_out(words), "overridable": r.overridable}
        for r in reasons
    ]
