"""Reports as files: CSV for programs, XLSX for people. Plain tables in, bytes out; asks no database.

Whatever people typed stays text: a cell that a spreadsheet would run as a formula is
written as a string in XLSX, and marked with an apostrophe in CSV, where types do not exist.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from django.utils.translation import get_language, gettext, override, pgettext

from accounts import formats
from bookings.reports.indicators import INDICATORS, figure, is_missing
from bookings.reports.queries import DetailRow, UsageRow

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something older."""
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Missing:
    """A figure nobody reported: the words, never a zero."""

    def __str__(self) -> str:
        return gettext("belum lapor")


MISSING = Missing()
Cell = str | int | float | date | datetime | Missing | None


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, count, hours (from minutes), share (0 to 1), month, date, moment, or minutes."""

    title: str
    kind: str = "text"
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of raw values under typed columns."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


USAGE = (
    "run", "available", "utilisation", "booked", "occupancy", "wasted", "unreported", "services", "producers", "approved", "no_shows",
    "no_show_share", "late_cancels", "late_cancel_share", "downtime", "good", "rejected", "reject_share",
    "completed", "signed", "completeness",
)  # fmt: skip
NOT_OF_PRODUCERS = {"available", "utilisation", "occupancy", "downtime", "producers"}


def usage_table(rows: Sequence[UsageRow], group_by: Sequence[str], *, title: str = "") -> Table:
    """Return sums by group as a table: names first, then every figure and the counts it was made of."""
    names, plain = _names(), _plain_counts()
    keys = [key for key in USAGE if not ("producer" in group_by and key in NOT_OF_PRODUCERS)]
    columns = [Column(names[name], "month" if name == "month" else "text", 28) for name in group_by]
    columns.append(Column(gettext("Mesin"), "count", 8))
    for key in keys:
        indicator = INDICATORS.get(key)
        columns.append(
            Column(indicator.name(_language()), indicator.unit) if indicator else Column(plain[key], "count")
        )
    return Table(title or gettext("Laporan"), columns, [_usage_cells(row, group_by, keys) for row in rows])


def _usage_cells(row: UsageRow, group_by: Sequence[str], keys: Sequence[str]) -> list[Cell]:
    head: list[Cell] = [_group_cell(row, name) for name in group_by]
    figures = [MISSING if is_missing(key, row.sums) else figure(key, row.sums, row.producers) for key in keys]
    return [*head, row.machines, *figures]


def _group_cell(row: UsageRow, name: str) -> Cell:
    return date.fromisoformat(f"{row.keys[name]}-01") if name == "month" else row.labels[name]


def _names() -> dict[str, str]:
    return {
        "month": gettext("Bulan"),
        "machine": gettext("Mesin dan rumah"),
        "type": gettext("Jenis mesin"),
        "facility": gettext("Rumah produksi"),
        "district": gettext("Kabupaten/kota"),
        "producer": gettext("Pelaku usaha"),
    }


def _plain_counts() -> dict[str, str]:
    return {
        "approved": gettext("Pesanan disetujui"),
        "no_shows": gettext("Jumlah tidak hadir"),
        "late_cancels": gettext("Jumlah batal terlambat"),
        "completed": gettext("Pesanan selesai"),
        "signed": gettext("Pesanan tercatat"),
    }


def detail_table(rows: Iterable[DetailRow], *, title: str) -> Table:
    """Return bookings or runs as a table, each at the time of its own house, with the hours that count in the months."""
    columns = [
        Column(gettext("Nomor"), "text", 14),
        Column(gettext("Rumah produksi"), "text", 28),
        Column(gettext("Mesin"), "text", 24),
        Column(gettext("Pelaku usaha"), "text", 28),
        Column(gettext("Mulai"), "moment", 17),
        Column(pgettext("time", "Selesai"), "moment", 17),
        Column(gettext("Zona waktu"), "text", 10),
        Column(gettext("Keadaan"), "text", 14),
        Column(gettext("Jam terpakai"), "hours"),
        Column(gettext("Jam dipesan"), "hours"),
        Column(gettext("Kemasan baik"), "count"),
        Column(gettext("Kemasan gagal"), "count"),
        Column(gettext("Menit menunggu jawaban"), "minutes"),
    ]
    return Table(title, columns, (_detail_cells(row) for row in rows))


def _detail_cells(row: DetailRow) -> list[Cell]:
    from accounts.templatetags.ui import status_word

    start, end = (instant.astimezone(row.zone).replace(tzinfo=None) for instant in (row.starts_at, row.ends_at))
    zone = formats.zone_name(row.zone, row.starts_at)
    status = ", ".join(filter(None, [status_word(row.status), row.is_past_entry and gettext("catatan susulan")]))
    head = [row.reference, row.facility, row.machine, row.producer, start, end, zone, status]
    return [*head, row.run, row.booked, row.good, row.rejected, row.waited]


def as_csv(table: Table) -> Iterator[str]:
    """Return a table as CSV, row by row: UTF-8 with its mark, commas, dots for decimals, ISO dates (RFC 4180).

    A stream is read after the request and its language are over: the language is that of the call.
    """
    return _csv_rows(table, _language())


def _csv_rows(table: Table, language: str) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def taken() -> str:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    buffer.write(BOM)
    with override(language):
        writer.writerow(_with_unit(column) for column in table.columns)
    yield taken()
    rows = iter(table.rows)
    while True:
        with override(language):
            row = next(rows, None)
            if row is None:
                return
            writer.writerow(_csv(value, column.kind) for value, column in zip(row, table.columns, strict=True))
        yield taken()


def _csv(value: Cell, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m}" if kind == "month" else value.isoformat()
    if isinstance(value, (int, float)):
        return f"{value / 60:.2f}" if kind == "hours" else f"{value:.4f}" if kind == "share" else f"{value}"
    return safe(str(value))


def safe(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe before what would begin a formula or a new line."""
    return f"'{text}" if text.startswith(RISKY) or text.lstrip().startswith(RISKY) else text


def _with_unit(column: Column) -> str:
    unit = {"hours": gettext("jam"), "share": "0–1", "minutes": gettext("menit")}.get(column.kind)
    return f"{column.title} ({unit})" if unit and unit not in column.title.lower() else column.title


def as_xlsx(tables: Sequence[Table], *, about: Mapping[str, str]) -> bytes:
    """Return tables as one workbook, a sheet each, then the definitions, then `about`: filters, source, date.

    Headers are frozen and filterable; numbers and dates are real ones in Indonesian formats.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    styles = _styles(book)
    for table in tables:
        _sheet(book, table, styles)
    _sheet(book, _definitions(), styles)
    rows = [[name, value] for name, value in about.items()]
    _sheet(
        book,
        Table(gettext("Tentang"), [Column(gettext("Hal"), width=24), Column(gettext("Isi"), width=80)], rows),
        styles,
    )
    book.close()
    return buffer.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, object]:
    month, day = "[$-421]mmmm yyyy", "[$-421]d mmmm yyyy"
    if _language() == "en":
        month, day = "mmmm yyyy", "d mmmm yyyy"
    shown = {
        "count": "#,##0", "minutes": "#,##0", "hours": "#,##0.0", "share": "0.0%",
        "month": month, "date": day, "moment": f"{day} hh.mm",
    }  # fmt: skip
    styles = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in shown.items()}
    styles["text"] = book.add_format({"text_wrap": True, "valign": "top"})
    styles["missing"] = book.add_format({"italic": True, "align": "right", "valign": "top", "font_color": "#4A5763"})
    styles["head"] = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2, "bg_color": "#E4F0EA"}
    )
    return styles


def _sheet(book: xlsxwriter.Workbook, table: Table, styles: Mapping[str, object]) -> None:
    sheet = book.add_worksheet(table.title[:31])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, _with_unit(column), styles["head"])
    last = 0
    for last, row in enumerate(table.rows, start=1):
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, last, place, value, column.kind, styles)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _write(sheet, row: int, place: int, value: Cell, kind: str, styles: Mapping[str, object]) -> None:  # type: ignore[no-untyped-def]
    if value is None:
        sheet.write_blank(row, place, None, styles["text"])
    elif isinstance(value, Missing):
        sheet.write_string(row, place, str(value), styles["missing"])
    elif isinstance(value, (date, datetime)):
        sheet.write_datetime(row, place, value, styles[kind])
    elif isinstance(value, (int, float)):
        sheet.write_number(row, place, value / 60 if kind == "hours" else value, styles[kind])
    else:
        sheet.write_string(row, place, value, styles["text"])


def _definitions() -> Table:
    units = {
        "hours": gettext("jam"), "share": gettext("persen"), "count": gettext("jumlah"),
        "minutes": gettext("menit"), "days": gettext("hari"),
    }  # fmt: skip
    rows = [[one.name(_language()), units[one.unit], one.definition(_language())] for one in INDICATORS.values()]
    columns = [
        Column(gettext("Ukuran"), width=24),
        Column(gettext("Satuan"), width=10),
        Column(gettext("Definisi"), width=90),
    ]
    return Table(gettext("Definisi"), columns, rows)


def _language() -> str:
    return get_language() or "id"
