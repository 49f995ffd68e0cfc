"""Some products never meet on one machine on one day, however well it is cleaned."""

from __future__ import annotations

from accounts import words
from bookings.rules.base import Question, Rule
from facilities.errors import Reason
from facilities.vocabulary import class_word


def products_never_mix(q: Question) -> Reason | None:
    """A pair that the matrix refuses keeps the whole day of the other product. Nobody overrides this."""
    work, own = q.request.work, q.request.cleaning_class
    kept = next((k for k in q.calendar.kept_away(own) if k.refused and k.span.overlaps(work)), None)
    if kept is None:
        return None
    other = kept.block.cleaning_class
    day, day_en = (
        words.long_date(kept.block.busy.start.astimezone(q.rules.zone).date(), lang) for lang in ("id", "en")
    )
    return Reason(
        "products_never_mix",
        id=f"Pada {day} mesin ini mengemas produk {class_word(other).lower()}; "
        f"produk {class_word(own).lower()} tidak boleh pada hari yang sama.",
        en=f"On {day_en} this machine packs products of class {class_word(other, 'en').lower()}; "
        f"{class_word(own, 'en').lower()} must not follow or precede on the same day.",
        values={"product": own, "other": other},
        way_out_id="Pilih hari lain, atau mesin lain.",
        way_out_en="Choose another day, or another machine.",
    )


RULE = Rule("never_mix", 15, products_never_mix)
