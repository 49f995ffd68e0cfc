"""What a producer brings: by what is packed into what, and by what the machine does. Never parts of the machine."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts import formats
from facilities.catalogue import wording, work

SPARE = 0.03
"""Packs to bring beyond what shall be filled: a start-up and a few bad seals (mockup: 620 for 600)."""

Brought = tuple[str, str, str]
"""Icon, strong words, the rest."""


def bring_list(
    *, type_code: str, form: str = "", pack_format: str = "", quantity: int = 0, product: str = "", house: str = ""
) -> list[Brought]:
    """Return what to bring to a machine of a type, in the language of the page; what nobody said is left out.

    Empty packs come with some to spare, and with what closes them; packs that the machine only works on come filled, and
    as many as there are. `house` is what the house asks of everybody, in lines.
    """
    brings = work.work_of(type_code).brings
    items = _packs(brings, pack_format, quantity) if quantity else []
    if product and brings in (work.EMPTY, work.FILM, work.PRODUCT):
        items.append(("bawa", product, work.readiness(form, wording.language()) or _("siap kemas")))
    return [*items, *(("bawa", "", line) for line in wording.lines(house))]


def packs_to_bring(quantity: int) -> int:
    """Return how many empty packs to bring for `quantity` full ones, rounded up to tens.

    600 → 620; 45 → 50.
    """
    if quantity < 1:
        raise ValueError("quantity is positive")
    wanted = quantity + max(1, round(quantity * SPARE))
    return -(-wanted // 10) * 10


def bring_words(items: Sequence[Brought]) -> str:
    """Return the packs of a list in one line: Bawa 620 botol dan 620 tutup botol."""
    packs = [strong[:1].lower() + strong[1:] for icon, strong, _rest in items if icon == "kemasan"]
    if len(packs) > 1:
        return _("Bawa %(packs)s dan %(lids)s.") % {"packs": packs[0], "lids": packs[1]}
    return _("Bawa %(packs)s.") % {"packs": packs[0]} if packs else ""


def _packs(brings: str, pack_format: str, quantity: int) -> list[Brought]:
    word = wording.format_words([pack_format]).lower() if pack_format else _("kemasan")
    spare = _("dengan cadangan")
    if brings == work.FILLED:
        return [("kemasan", f"{formats.number(quantity)}\u00a0{word}", _("sudah terisi"))]
    many = formats.number(packs_to_bring(quantity))
    if brings == work.FILM:
        return [("kemasan", _("Film untuk %(packs)s %(pack)s") % {"packs": many, "pack": word}, spare)]
    if brings not in (work.EMPTY, work.PACKS):
        return []
    lids = work.goes_with(pack_format, wording.language()) if brings == work.EMPTY else ""
    closed = [("kemasan", f"{many}\u00a0{lids}", spare)] if lids else []
    return [("kemasan", f"{many}\u00a0{word}", spare), *closed]
