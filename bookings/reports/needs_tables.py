"""Needs as tables for CSV and XLSX: the figures a reader may know, and the rows they may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import get_language, gettext

from accounts import formats
from bookings.reports import needs
from bookings.reports.exports import Cell, Column, Table, total_word
from bookings.reports.indicators import INDICATORS, LEAST_TOLD, ONLY_EXACTLY, NeedSums, need_told
from bookings.reports.queries.needs import DISTRICTS, NeedGroup, NeedRow
from facilities import vocabulary
from facilities.catalogue import wording
from facilities.models import District

NEED_FIGURES = (
    "needs", "unmet_needs", "needs_nothing_fits", "needs_without_booking", "needs_served", "needs_open", "unmet_packs",
    "unmet_unknown", "unknown_packs",
)  # fmt: skip


def figures_told(sums: NeedSums, *, exactly: bool) -> dict[str, int | None]:
    """Return every figure as a reader may know it. None: fewer than five producers, or only told exactly."""
    return {key: need_told(key, sums, exactly=exactly) for key in NEED_FIGURES}


def needs_table(
    groups: Sequence[NeedGroup],
    group_by: Sequence[str],
    *,
    exactly: bool,
    districts: Mapping[str, District],
    title: str = "",
    total: NeedGroup | None = None,
) -> Table:
    """Return counts by group: names first, a district's codes, then every figure. Counts too small to tell read `<5`.

    `total` is the same counted without groups: producers are told apart once, and small figures as such.
    """
    names, keys = _names(), [key for key in NEED_FIGURES if exactly or key not in ONLY_EXACTLY]
    columns = []
    for name in group_by:
        columns.append(Column(names[name], "month" if name == "month" else "text", 26))
        columns += [Column(word, width=16) for word in (district_code_names() if name in DISTRICTS else ())]
    columns += [Column(INDICATORS[key].name(get_language() or "id"), "count", 16) for key in keys]
    rows = [[*_labels(one, group_by, districts), *_counts(one.sums, keys, exactly=exactly)] for one in groups]
    last: list[Cell] | None = None
    if total is not None:
        last = [total_word(), *[None] * (len(columns) - len(keys) - 1), *_counts(total.sums, keys, exactly=exactly)]
    return Table(title or gettext("Kebutuhan"), columns, rows, last)


def _labels(group: NeedGroup, group_by: Sequence[str], districts: Mapping[str, District]) -> list[Cell]:
    cells: list[Cell] = []
    for name in group_by:
        key = group.keys[name]
        cells.append(date.fromisoformat(f"{key}-01") if name == "month" else needs.label_of(name, key, districts))
        if name in DISTRICTS:
            cells += district_numbers(districts.get(key))
    return cells


def district_code_names() -> tuple[str, str]:
    """Return the titles of a district's two numbers."""
    return gettext("Kode Kemendagri asal"), gettext("Kode BPS asal")


def district_numbers(district: District | None) -> tuple[str, str]:
    """Return a district's Kemendagri and BPS codes; blanks for none."""
    return (district.code, district.bps_code) if district else ("", "")


def _counts(sums: NeedSums, keys: Sequence[str], *, exactly: bool) -> list[Cell]:
    figures = figures_told(sums, exactly=exactly)
    return [f"<{LEAST_TOLD}" if figures[key] is None else figures[key] for key in keys]


def reasons_table(reasons: Sequence[tuple[str, int | None]]) -> Table:
    """Return why nothing fitted, most first."""
    columns = [
        Column(gettext("Alasan"), width=34),
        Column(gettext("Kode"), width=26),
        Column(gettext("Kebutuhan"), "count"),
    ]
    rows: list[list[Cell]] = [
        [needs.reason_words(code), code, f"<{LEAST_TOLD}" if count is None else count]
        for code, count in reasons
    ]
    return Table(gettext("Alasan"), columns, rows)


def need_rows_table(rows: Iterable[NeedRow], *, title: str, names: bool) -> Table:
    """Return needs one by one, without producers' names unless `names`: then of those the reader knows."""
    columns = [
        Column(gettext("Pertama diminta"), "date", 17),
        Column(gettext("Terakhir diminta"), "date", 17),
        Column(gettext("Produk"), width=22),
        Column(gettext("Kelas pembersihan"), width=20),
        Column(gettext("Bentuk kemasan"), width=20),
        Column(gettext("Isi (g atau ml)"), "count"),
        Column(gettext("Jumlah kemasan"), "count"),
        Column(gettext("Kabupaten/kota asal"), width=22),
        *(Column(word, width=12) for word in district_code_names()),
        Column(gettext("Kali dicari"), "count"),
        Column(gettext("Mesin cocok"), "count"),
        Column(gettext("Alasan"), width=48),
        Column(gettext("Keadaan"), width=18),
        Column(gettext("Terlayani pada"), "date", 17),
    ]
    columns += [Column(gettext("Pelaku usaha"), width=28)] if names else []
    return Table(title, columns, (_need_cells(row, names=names) for row in rows))


def _need_cells(row: NeedRow, *, names: bool) -> list[Cell]:
    need, language = row.need, wording.language()
    return [
        need.asked_on,
        formats.day_of(need.last_asked_at),
        needs.label_of("form", need.form, {}),
        vocabulary.class_word(need.cleaning_class, language),
        needs.label_of("pack_format", need.pack_format, {}),
        need.net_weight,
        need.quantity,
        str(row.district) if row.district else gettext("Tidak disebut"),
        *district_numbers(row.district),
        need.times,
        need.found,
        ", ".join(needs.reason_words(code) for code in need.reasons if isinstance(code, str)),
        needs.state_words()[row.state],
        formats.day_of(need.served_at) if need.served_at else None,
        *([row.producer] if names else []),
    ]


def _names() -> dict[str, str]:
    return {
        "month": gettext("Bulan"),
        "pack_format": gettext("Bentuk kemasan"),
        "form": gettext("Produk"),
        **dict.fromkeys(DISTRICTS, gettext("Kabupaten/kota asal")),
    }
