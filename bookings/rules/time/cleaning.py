"""Between two jobs lies the cleaning that the changeover matrix asks for."""

from __future__ import annotations

from datetime import timedelta

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason
from facilities.time.calendars import KeptAway
from facilities.vocabulary import class_word


def no_time_to_clean(q: Question) -> Reason | None:
    """The cleaning before or after this run must have room. Nobody overrides it: the next product pays for it."""
    kept = next((k for k in _near(q) if not k.refused), None)
    if kept is None:
        return None
    before = kept.block.busy.end <= q.request.work.start
    need = _needed(q, kept, before=before)
    edge = kept.block.busy.end if before else kept.block.busy.start
    id_, en = (_after_it if before else _before_it)(q, kept, need)
    return Reason(
        "not_enough_cleaning_time",
        id=id_,
        en=en,
        values={"cleaning": need, "after_it" if before else "before_it": edge.isoformat()},
        way_out_id="Mulai lebih lambat, atau pilih waktu lain."
        if before
        else "Mulai lebih awal, atau pilih waktu yang lebih singkat.",
        way_out_en="Start later, or choose another time." if before else "Start earlier, or choose a shorter time.",
    )


def _near(q: Question) -> list[KeptAway]:
    """Return what keeps this work away though nothing works at that very time."""
    work = q.request.work
    kept = [k for k in q.calendar.kept_away(q.request.cleaning_class) if k.span.overlaps(work)]
    return [] if any(k.block.busy.overlaps(work) for k in kept) else kept


def _needed(q: Question, kept: KeptAway, *, before: bool) -> int:
    reach = kept.block.busy.end if before else kept.block.busy.start
    gap = kept.span.end - reach if before else reach - kept.span.start
    return -(-gap // timedelta(minutes=1))


def _after_it(q: Question, kept: KeptAway, need: int) -> tuple[str, str]:
    clock, clock_en = (words.clock(kept.block.busy.end, q.rules.zone, lang) for lang in ("id", "en"))
    product, product_en = _products(kept.block.cleaning_class)
    return (
        f"Mesin dipakai{product} sampai pukul {clock}, lalu perlu {words.duration(need)} bersih-bersih.",
        f"The machine is used{product_en} until {clock_en}, and then needs {words.duration(need, 'en')} of cleaning.",
    )


def _before_it(q: Question, kept: KeptAway, need: int) -> tuple[str, str]:
    clock, clock_en = (words.clock(kept.block.busy.start, q.rules.zone, lang) for lang in ("id", "en"))
    product, product_en = _products(kept.block.cleaning_class)
    return (
        f"Perlu {words.duration(need)} bersih-bersih, tetapi mesin dipakai lagi{product} pukul {clock}.",
        f"{words.duration(need, 'en')} of cleaning is needed, but the machine is used again{product_en} at {clock_en}.",
    )


def _products(code: str) -> tuple[str, str]:
    if not code:
        return "", ""
    return f" untuk produk {class_word(code).lower()}", f" for products of class {class_word(code, 'en').lower()}"


RULE = Rule("cleaning", 20, no_time_to_clean)
