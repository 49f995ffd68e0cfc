"""The machines that do not fit, as the page of results shows them: by reason, with how many, and what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts import formats
from bookings.packs.offers import Misfit
from bookings.packs.unfit import ONLY_HELPS
from bookings.packs.wanted import Wanted
from bookings.rules.weights import weight_unit
from facilities.catalogue import wording
from facilities.errors import Reason
from facilities.region.places import Place

CANNOT, HELPS, SIZE, LINE, BROKEN = "cannot", "helps", "size", "wrong_line", "broken"
KINDS = (CANNOT, HELPS, SIZE, LINE, BROKEN)
"""From what no hour mends to what passes: a machine stands under the first of these that holds, then under the code."""
ALIKE = {
    BROKEN: gettext_lazy("Mesin sedang rusak."),
    "taken": gettext_lazy("Penuh pada hari-hari itu."),
    "too_far": gettext_lazy("Jam pada hari-hari itu belum bisa dipesan."),
    "too_soon": gettext_lazy("Terlalu dekat: rumah produksinya minta dipesan lebih awal."),
}
"""What is said of several machines whose own sentences differ in a number or a date."""
WAYS_OUT = {
    "too_far": gettext_lazy("Pilih hari yang lebih dekat."),
    BROKEN: gettext_lazy("Pilih mesin lain, atau hari sesudah perkiraan siap."),
}
SIZED_FROM = "smallest", "largest"


def misfit_groups(
    misfits: Sequence[Misfit], wanted: Wanted, *, most: int | None, ways: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Return the machines that do not fit, each once, under the reason that lies deepest; the largest group first.

    Of each group up to `most` machines are named, None names all; what else stands against one is said beside it.
    `ways` says which other packs would help.
    """
    groups: dict[str, list[Misfit]] = defaultdict(list)
    for misfit in misfits:
        groups[min((_kind(reason) for reason in misfit.reasons), key=_depth)].append(misfit)
    found = sorted(groups.items(), key=lambda group: (-len(group[1]), _depth(group[0])))
    said = _("Kemasan lain: %(ways)s.") % {"ways": "; ".join(ways)} if ways else ""
    return [_group(kind, members, wanted, most, said) for kind, members in found]


def ways_words(counts: Mapping[str, int], loose: Mapping[str, int], weight: int | None, form: str) -> list[dict[str, Any]]:
    """Return for each pack format how many machines would do it: botol: 3 mesin; vakum 500 g: belum ada.

    `loose` counts them whatever the weight, for packs that none would do: it is named where it is what stands in the way.
    """
    found = []
    for code, count in counts.items():
        word = wording.format_words([code])
        if weight and loose.get(code):
            word = f"{word} {formats.number(weight)} {weight_unit(form)}"
        told = ngettext("%(n)s mesin", "%(n)s mesin", count) % {"n": formats.number(count)} if count else _("belum ada")
        found.append({"code": code, "word": f"{word}: {told}", "count": count})
    return found


def _kind(reason: Reason) -> str:
    if reason.code != "does_not_fit_machine":
        return reason.code
    return HELPS if reason is ONLY_HELPS else SIZE if "net_weight" in reason.values else CANNOT


def _depth(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _group(kind: str, members: list[Misfit], wanted: Wanted, most: int | None, ways: str) -> dict[str, Any]:
    language, shown = get_language() or "id", members[:most]
    main = [next(reason for reason in one.reasons if _kind(reason) == kind) for one in members]
    sentences = {reason.sentence(language) for reason in main}
    words = _words(kind, main, wanted) or (sentences.pop() if len(sentences) == 1 else ALIKE.get(kind, sentences.pop()))
    return {
        "words": words,
        "way_out": ways if kind == CANNOT else _way_out(kind, main, wanted, language),
        "drawing": members[0].machine.type.drawing,
        "badge": kind if kind in (BROKEN, "maintenance") else "",
        "count": len(members),
        "machines": [
            {"name": place.name, "slug": place.slug, "where": str(place.facility.district), "beside": _beside(kind, place, reasons)}
            for place, reasons in shown
        ],
        "left": len(members) - len(shown),
    }  # fmt: skip


def _words(kind: str, reasons: Sequence[Reason], wanted: Wanted) -> str:
    """What a whole group has in common, where its machines' own sentences would say it machine by machine."""
    if kind == CANNOT:
        told = {"form": wording.form_words([wanted.form]).lower(), "pack": wording.format_words([wanted.format]).lower()}
        return _("Tidak mengemas %(form)s dalam %(pack)s.") % told
    if kind == SIZE and wanted.net_weight:
        told = {"weight": formats.number(wanted.net_weight), "unit": weight_unit(wanted.form)}
        return _("Kemasannya bisa, isi %(weight)s %(unit)s tidak.") % told
    return ""


def _way_out(kind: str, reasons: Sequence[Reason], wanted: Wanted, language: str) -> str:
    if kind == SIZE and wanted.net_weight:
        return _nearest_size(reasons, wanted)
    own = {reason.way_out(language) for reason in reasons}
    return str(WAYS_OUT.get(kind, "")) if len(own) > 1 or not any(own) else own.pop()


def _nearest_size(reasons: Iterable[Reason], wanted: Wanted) -> str:
    """Isi sampai 250 g: 3 mesin; of what the machines would take, the nearest to what was asked."""
    weight, unit = wanted.net_weight or 0, weight_unit(wanted.form)
    low, high = ([v for r in reasons if isinstance(v := r.values.get(name), int) and v] for name in SIZED_FROM)
    below, above = [v for v in high if v < weight], [v for v in low if v > weight]
    found = []
    if below:
        told = {"weight": formats.number(max(below)), "unit": unit, "n": (n := below.count(max(below)))}
        found.append(ngettext("Isi sampai %(weight)s %(unit)s: %(n)s mesin.", "Isi sampai %(weight)s %(unit)s: %(n)s mesin.", n) % told)
    if above:
        told = {"weight": formats.number(min(above)), "unit": unit, "n": (n := above.count(min(above)))}
        found.append(ngettext("Isi mulai %(weight)s %(unit)s: %(n)s mesin.", "Isi mulai %(weight)s %(unit)s: %(n)s mesin.", n) % told)
    return " ".join(found)


def _beside(kind: str, place: Place, reasons: Iterable[Reason]) -> str:
    """What else stands against one machine: the line, that it is broken, until when."""
    kinds = {_kind(reason): reason for reason in reasons}
    said = []
    if LINE in kinds and kind != LINE:
        said.append(_("lini nonhalal") if place.line == "non_halal" else _("lini halal"))
    if BROKEN in kinds:
        until = place.broken_until if kinds[BROKEN].values.get("expected_until") else None
        when = formats.short_date(until, place.facility.zone) if until else ""
        said += [_("rusak, siap %(when)s") % {"when": when} if when else _("rusak")] if kind != BROKEN or when else []
    return ", ".join(said)
