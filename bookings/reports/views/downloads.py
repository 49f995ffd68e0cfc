"""The same figures as files."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext

from accounts import formats
from bookings.reports import exports, queries, selection
from bookings.reports.exports import Table
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
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reader
def as_csv(reading: Reading) -> HttpResponse | StreamingHttpResponse:
    """`/laporan/unduh.csv`: one table, streamed."""
    table = _tables(reading)[0]
    response = StreamingHttpResponse(exports.as_csv(table), content_type="text/csv; charset=utf-8")
    return _named(response, reading.asked, "csv")


@reader
def as_xlsx(reading: Reading) -> HttpResponse:
    """`/laporan/unduh.xlsx`: a sheet per table, then definitions, then filters, source and date."""
    body = exports.as_xlsx(_tables(reading, most=ROWS_OF_A_SHEET), about=_about(reading))
    return _named(HttpResponse(body, content_type=XLSX), reading.asked, "xlsx")


def _tables(reading: Reading, *, most: int | None = None) -> list[Table]:
    """Return the table that was asked for; without a wish, houses, machines and the last twelve months."""
    shown, query = reading.asked, reading.request.GET
    first, last = selection.read_months(query, shown.month)
    machine = reading.machine_slug()
    if "isi" in query:
        kind = selection.read_kind(query["isi"])
        found = queries.detail_rows(shown.houses, kind, first=first, last=last, now=reading.now, machine=machine)
        if most is not None and len(found) > most:
            raise BadInput("sampai", "too_many_rows", *TOO_MANY)
        return [exports.detail_table(found, title=titles()[kind])]
    if "menurut" in query:
        groups = [GROUPS[selection.read_group(name)] for name in dict.fromkeys(query["menurut"].split(","))]
        rows = queries.sums_by(shown.houses, first=first, last=last, group_by=groups, machine=machine)
        return [exports.usage_table(rows, groups)]
    since = min(first, back(last, MONTHS_SHOWN - 1))
    return [
        _usage(reading, ["facility"], gettext("Per rumah"), first, last, machine),
        _usage(reading, ["machine"], gettext("Per mesin"), first, last, machine),
        _usage(reading, ["month"], gettext("Per bulan"), since, last, machine),
    ]


def _usage(reading: Reading, groups: list[str], title: str, first, last, machine: str) -> Table:  # type: ignore[no-untyped-def]
    rows = queries.sums_by(reading.asked.houses, first=first, last=last, group_by=groups, machine=machine)
    return exports.usage_table(rows, groups, title=title)


def _about(reading: Reading) -> dict[str, str]:
    shown, query = reading.asked, reading.request.GET
    first, last = selection.read_months(query, shown.month)
    months = formats.month_name(first) if first == last else f"{formats.month_name(first)} – {formats.month_name(last)}"
    counted = queries.counted_at(shown.houses, last)
    return {
        gettext("Laporan"): gettext("Pemakaian mesin rumah produksi"),
        gettext("Bulan"): months,
        gettext("Wilayah"): shown.area.label,
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


def _named(response, shown: Selection, ending: str):  # type: ignore[no-untyped-def]
    place = shown.area.value.replace(":", "-") or "kalbar"
    response["Content-Disposition"] = f'attachment; filename="laporan-{shown.month:%Y-%m}-{place}.{ending}"'
    return response
