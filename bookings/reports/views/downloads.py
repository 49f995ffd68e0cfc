"""The same figures as files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext

from accounts import formats
from bookings.reports import exports, queries, selection
from bookings.reports.exports import Table
from bookings.reports.headings import title_of
from bookings.reports.queries.codes import codes_of
from bookings.reports.report import MONTHS_SHOWN, back
from bookings.reports.selection import GROUPS, Selection
from bookings.reports.views.reading import Reading, reader
from bookings.reports.views.rows import titles
from facilities.errors import BadInput

ROWS_OF_A_SHEET = 50_000
"""A workbook is built in memory; longer lists are streamed as CSV."""
TOO_MANY = (
    "Baris terlalu banyak untuk Excel. Pilih bulan lebih sedikit, atau unduh CSV.",
    "Too many rows for Excel. Choose fewer months, or download CSV.",
)


@reader
def as_csv(reading: Reading) -> HttpResponse | StreamingHttpResponse:
    """`/laporan/unduh.csv`: one table, streamed."""
    table = _tables(reading)[0]
    response = StreamingHttpResponse(exports.as_csv(table), content_type=exports.CSV)
    return named(response, *_name(reading, "per-rumah"), ending="csv")


@reader
def as_xlsx(reading: Reading) -> HttpResponse:
    """`/laporan/unduh.xlsx`: a sheet per table, then definitions, then filters, source and date."""
    body = exports.as_xlsx(_tables(reading, most=ROWS_OF_A_SHEET), about=_about(reading))
    return named(HttpResponse(body, content_type=exports.XLSX), *_name(reading, "ringkasan"), ending="xlsx")


def months_of(reading: Reading) -> tuple[date, date]:
    """Return the months a file is of; by month and without a first one, the twelve that the page shows."""
    query = reading.request.GET
    first, last = selection.read_months(query, reading.asked.month)
    if query.get("menurut") == "bulan" and "isi" not in query and "dari" not in query:
        first = back(last, MONTHS_SHOWN - 1)
    return first, last


def _tables(reading: Reading, *, most: int | None = None) -> list[Table]:
    """Return the table that was asked for; without a wish, houses, and in a workbook machines and the last twelve months."""
    shown, query = reading.asked, reading.request.GET
    first, last = months_of(reading)
    if "isi" in query:
        kind, machine = selection.read_kind(query["isi"]), reading.machine_slug()
        found = queries.detail_rows(shown.houses, kind, first=first, last=last, now=reading.now, machine=machine)
        if most is not None and len(found) > most:
            raise BadInput("sampai", "too_many_rows", *TOO_MANY)
        return [exports.detail_table(found, title=titles()[kind])]
    if "menurut" in query or most is None:
        groups = [GROUPS[word] for word in selection.read_groups(query.get("menurut", "rumah"))]
        return [usage(reading, groups, title_of(groups), first, last)]
    since = min(first, back(last, MONTHS_SHOWN - 1))
    return [
        usage(reading, ["facility"], gettext("Per rumah"), first, last),
        usage(reading, ["machine"], gettext("Per mesin"), first, last),
        usage(reading, ["month"], gettext("Per bulan"), since, last),
    ]


def usage(
    reading: Reading, groups: list[str], title: str, first: date, last: date, *, origin: str = "", of_producers: bool = False
) -> Table:
    """Return the sums of the houses that were asked for as a table with codes and total.

    `of_producers`: only what is producers' own; `origin` leaves those of one district.
    """
    houses = reading.asked.houses
    asked: dict[str, Any] = {"first": first, "last": last, "machine": reading.machine_slug(), "producer_district": origin}
    asked["of_producers"] = of_producers
    rows = queries.sums_by(houses, group_by=groups, **asked)
    total = queries.total_of(houses, group_by=groups, **asked)
    return exports.usage_table(rows, groups, title=title, total=total, codes=codes_of(houses, groups))


def _name(reading: Reading, summary: str) -> list[str]:
    """Return what a file is named by: whose figures, of which months, which sheet."""
    query = reading.request.GET
    sheet = query.get("isi") or sheet_word(query.get("menurut", "")) or summary
    return ["laporan", scope_words(reading), reading.machine_slug(), exports.period(*months_of(reading)), sheet]


def sheet_word(groups: str) -> str:
    """Return `per-rumah-bulan` from `rumah,bulan`."""
    return f"per-{'-'.join(selection.read_groups(groups))}" if groups else ""


def scope_words(reading: Reading) -> str:
    """Return the area of a file in words: the province, a district, a house, or those that somebody reads."""
    area = reading.asked.area
    if area.value.startswith(selection.HOUSE):
        return area.houses[0].slug
    if area.value or reading.sees_all:
        return area.label
    return "-".join(house.slug for house in area.houses) if len(area.houses) <= exports.HOUSES_NAMED else f"{len(area.houses)}-rumah"


def _about(reading: Reading) -> dict[str, str]:
    return {
        gettext("Laporan"): gettext("Pemakaian mesin rumah produksi"),
        **about_figures(reading),
    }


def about_figures(reading: Reading, **more: str) -> dict[str, str]:
    """Return what a workbook says of its figures: months, area, filters, source, and when they were counted."""
    shown, query = reading.asked, reading.request.GET
    first, last = months_of(reading)
    months = formats.month_name(first) if first == last else f"{formats.month_name(first)} – {formats.month_name(last)}"
    counted = queries.counted_at(shown.houses, last)
    return {
        gettext("Bulan"): months,
        gettext("Wilayah"): shown.area.label,
        **more,
        gettext("Mesin"): query.get("mesin", "")[:60] or gettext("semua"),
        gettext("Sumber"): gettext("Catatan pemakaian yang ditandatangani, pesanan, jam buka, dan perawatan di aplikasi ini."),
        gettext("Dihitung"): moment_words(counted) if counted else gettext("belum dihitung"),
        gettext("Diunduh"): moment_words(reading.now),
        gettext("Catatan"): gettext("Bulan berjalan dihitung sampai akhir hari ini. Yang tidak ada tertulis belum lapor, bukan nol.")
        + (" " + gettext("Data contoh, bukan yang sebenarnya.") if _is_example(shown) else ""),
    }  # fmt: skip


def _is_example(shown: Selection) -> bool:
    return any(house.is_example for house in shown.houses)


def moment_words(instant) -> str:  # type: ignore[no-untyped-def]
    """Return an instant with its zone, for the sheet that tells where figures are from."""
    return f"{formats.long_date(instant)}, {formats.clock(instant)} {formats.zone_name(None, instant)}"


def named(response, *parts: str, ending: str):  # type: ignore[no-untyped-def]
    """Return an answer as a file that is named by what it holds."""
    response["Content-Disposition"] = f'attachment; filename="{exports.file_name(*parts, ending=ending)}"'
    return response
