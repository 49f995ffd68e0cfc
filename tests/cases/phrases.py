"""What the column *Keadaan* may say: each phrase, and what it makes of a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bookings.rules.base import Ability, Elsewhere, FiledDocument, Lesson
from facilities.time.calendars import Blocked
from facilities.time.changeover import FULL, REFUSED
from facilities.time.hours import local_day
from facilities.vocabulary import FORMATS, FORMS
from tests.cases.case import Case
from tests.cases.words import (
    WIB,
    Unreadable,
    class_of,
    day_of,
    instant,
    minute_of_day,
    minutes,
    moment,
    span_and_rest,
)  # fmt: skip

DOCUMENTS = {"NIB": "nib", "P-IRT": "pirt", "halal": "halal", "MD": "md", "surat sehat": "health"}
LEVELS = {"mandiri": "mandiri", "pengguna terlatih": "terlatih", "operator": "operator"}
APPROVALS = {"": "below_limit", " bagi yang terverifikasi": "verified"}
Take = Callable[..., None]


def code_of(word: str, known: dict[str, Any], what: str) -> str:
    """Return the code whose Indonesian word, or which itself, this is."""
    words = {names[0].lower(): code for code, names in known.items()} | {code: code for code in known}
    if word.lower() not in words:
        raise Unreadable(f"not a {what}: {word!r}")
    return words[word.lower()]


def kind_of(word: str) -> str:
    if word not in DOCUMENTS:
        raise Unreadable(f"not a document: {word!r}")
    return DOCUMENTS[word]


def sets(**values: Callable[[str], Any] | Any) -> Take:
    """Return what sets fields of the case itself, from the first thing said."""

    def take(case: Case, *said: str) -> None:
        for name, value in values.items():
            setattr(case, name, value(*said) if callable(value) else value)

    return take


def part(which: str, **values: Callable[..., Any] | Any) -> Take:
    """Return what replaces fields of the case's rules, traits or party."""

    def take(case: Case, *said: str) -> None:
        new = {name: value(*said) if callable(value) else value for name, value in values.items()}
        setattr(case, which, replace(getattr(case, which), **new))

    return take


def policy(**values: Callable[..., Any] | Any) -> Take:
    """Return what a house sets."""

    def take(case: Case, *said: str) -> None:
        case.policy |= {name: value(*said) if callable(value) else value for name, value in values.items()}

    return take


def asks(**values: Callable[..., Any] | Any) -> Take:
    """Return what is asked for besides times and class."""

    def take(case: Case, *said: str) -> None:
        case.asked |= {name: value(*said) if callable(value) else value for name, value in values.items()}

    return take


def adds(name: str, make: Callable[..., Any]) -> Take:
    """Return what appends to one of the party's lists."""

    def take(case: Case, *said: str) -> None:
        case.party = replace(case.party, **{name: [*getattr(case.party, name), make(*said)]})  # type: ignore[type-var]

    return take


def changeover(case: Case, before: str, after: str, length: str) -> None:
    cell = {"dibersihkan penuh": FULL, "tidak pernah": REFUSED}
    case.cells[class_of(before), class_of(after)] = cell[length] if length in cell else minutes(length)


def closed(case: Case, code: str, times: str | None, words: str) -> None:
    span = span_and_rest(times.strip(), case.day)[0] if times else local_day(case.day, WIB)
    case.shut.append(Blocked(span, "holiday" if code == "libur" else "closed", words))


def hours(case: Case, text: str) -> None:
    pairs = [piece.split("–") for piece in text.split(" dan ")]
    case.hours = [(minute_of_day(opens), minute_of_day(closes)) for opens, closes in pairs]


def on_duty(case: Case, name: str, times: str) -> None:
    case.on_duty = case.on_duty or {}
    case.on_duty.setdefault(name, []).append(span_and_rest(times, case.day)[0])


def away(case: Case, name: str, times: str) -> None:
    if name not in (case.on_duty or {}):
        raise Unreadable(f"{case.name}: {name} has no shift to be away from")
    case.away.setdefault(name, []).append(span_and_rest(times, case.day)[0])


def elsewhere(case: Case, name: str, times: str) -> None:
    if case.party is None:
        raise Unreadable(f"{case.name}: nobody asks")
    held = Elsewhere(name, span_and_rest(times, case.day)[0])
    case.party = replace(case.party, elsewhere=[*case.party.elsewhere, held])


def ability(case: Case, form: str, format_: str, low: str | None, high: str | None, wide: str | None) -> None:
    sizes = [int(size) if size else None for size in (low, high, wide)]
    case.abilities.append(Ability(code_of(form, FORMS, "form"), code_of(format_, FORMATS, "format"), *sizes))


def season(case: Case, name: str, first: str, last: str, quota: str) -> None:
    row = {"name": name, "first_on": day_of(first).isoformat(), "last_on": day_of(last).isoformat()}
    seasons = case.policy.setdefault("peak_seasons", [])
    seasons.append(row | {"weekly_quota": minutes(quota)})  # type: ignore[attr-defined]


def document(kind: str, number: str | None, until: str | None) -> FiledDocument:
    return FiledDocument(kind_of(kind), number or "", day_of(until) if until else None)


def lesson(type_code: str) -> Callable[..., Lesson]:
    return lambda until: Lesson(type_code, day_of(until) if until else None)


LENGTH = r"(\d+ jam \d+ menit|\d+ jam|\d+ menit)"
TIMES = r"\d\d\.\d\d–\d\d\.\d\d"

PHRASES: dict[str, Take] = {
    # the house and its machine
    rf"persiapan {LENGTH}": sets(setup=minutes),
    rf"bersih penuh {LENGTH}": sets(full=minutes),
    rf"([a-z ]+) lalu ([a-z ]+): ({LENGTH[1:-1]}|dibersihkan penuh|tidak pernah)": changeover,
    rf"buka ({TIMES}(?: dan {TIMES})*)": hours,
    rf"(libur|tutup)( {TIMES})?: (.+)": closed,
    r"rusak sejak (.+), diperkirakan siap (.+)": sets(broken=lambda a, b: (moment(a), moment(b))),
    r"sekarang (.+)": sets(now=moment),
    r"mesin lini nonhalal": part("traits", line="non_halal"),
    r"mesin tidak dipakai hari itu": part("traits", in_service=False),
    r"mesin untuk (mandiri|pengguna terlatih|operator)": part("traits", level=lambda word: LEVELS[word]),
    r"mesin mengemas (\w+) ke ([\w ]+?)(?:, paling kecil (\d+) g)?(?:, paling besar (\d+) g)?(?:, lebar sampai (\d+) mm)?":
        ability,
    rf"operator (\w+) bertugas ({TIMES})": on_duty,
    rf"operator (\w+) sudah di mesin lain ({TIMES})": away,
    rf"operator (\w+) tidak masuk ({TIMES})": away,
    r"belum punya operator": sets(on_duty=dict),
    # the house's rules of time
    r"langkah (\d+) menit": part("rules", grid=int),
    rf"pesan {LENGTH} sebelumnya": part("rules", notice=minutes),
    r"paling jauh (\d+) hari": part("rules", horizon=int),
    rf"paling singkat {LENGTH}": part("rules", shortest=minutes),
    rf"paling lama {LENGTH}": part("rules", longest=minutes),
    r"semua dijawab petugas": part("rules", approval="manual"),
    rf"otomatis sampai {LENGTH}( bagi yang terverifikasi)?":
        part("rules", approval=lambda _, who: APPROVALS[who or ""], approval_limit=lambda length, _: minutes(length)),
    # the house's rules about people
    rf"kuota {LENGTH} seminggu": policy(weekly_quota=minutes),
    rf"kuota koperasi {LENGTH} seminggu": policy(cooperative_quota=minutes),
    rf"musim (\w+) (.+) sampai (.+): kuota {LENGTH} seminggu": season,
    r"paling banyak (\d+) pesanan terbuka": policy(open_bookings=int),
    r"wajib punya (.+)": policy(documents_required=lambda names: [kind_of(name) for name in names.split(", ")]),
    r"percobaan boleh (\d+) kali": policy(trial_runs=int),
    r"wajib ikut pengenalan": policy(induction_required=True),
    r"wajib dilatih": policy(qualification_required=True),
    r"sesudah (\d+) kali tidak hadir dijawab petugas": policy(manual_after=int),
    r"sesudah (\d+) kali tidak hadir dijeda (\d+) hari":
        policy(pause_after=lambda times, _: int(times), pause_days=lambda _, days: int(days)),
    r"dilupakan sesudah (\d+) hari": policy(forgets_after=int),
    r"(\d+) % disediakan sampai (\d+) hari sebelumnya":
        policy(reserved_share=lambda share, _: int(share), reserved_opens=lambda _, days: int(days)),
    r"daerah jauh mulai (\d+) km": policy(reserved_far=int),
    # who asks
    r"belum masuk": sets(party=None),
    r"di loket": sets(at_counter=True),
    r"terverifikasi": part("party", is_verified=True),
    r"pelaku usaha baru": part("party", is_newcomer=True),
    r"dari (\d+) km": part("party", distance=float),
    rf"minggu itu sudah {LENGTH}": part("party", week_minutes=minutes),
    rf"sekoperasi sudah {LENGTH}": part("party", family_minutes=minutes),
    r"punya (\d+) pesanan terbuka": part("party", open_bookings=int),
    rf"orang lain sudah {LENGTH} hari itu": part("party", shared_minutes=minutes),
    r"tidak hadir (.+)": adds("no_shows", lambda day: instant(day_of(day), 480)),
    r"batal terlambat (.+)": adds("late_cancels", lambda day: instant(day_of(day), 480)),
    r"punya (NIB|P-IRT|halal|MD|surat sehat)(?: nomor (\d+))?(?: sampai (.+))?": adds("documents", document),
    rf"juga memesan (.+?) ((?:\w+ )?{TIMES})": elsewhere,
    r"sudah percobaan (\d+) kali": part("party", trials=int),
    r"sudah ikut pengenalan(?: sampai (.+))?": adds("lessons", lesson("")),
    r"sudah dilatih(?: sampai (.+))?": adds("lessons", lesson("BAND")),
    # what is asked for
    r"produk halal": asks(line="halal"),
    r"produk nonhalal": asks(line="non_halal"),
    r"mengemas (\w+) ke ([\w ]+)":
        asks(form=lambda form, _: code_of(form, FORMS, "form"), format=lambda _, pack: code_of(pack, FORMATS, "format")),
    r"isi (\d+) g": asks(net_weight=int),
    r"lebar (\d+) mm": asks(width=int),
}  # fmt: skip
"""Every phrase, in full; `LENGTH` reads `45 menit`, `2 jam` or `1 jam 30 menit`."""
