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
from typing import Any

import xlsxwriter
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, override, pgettext

from accounts import formats
from bookings.reports import headings
from bookings.reports.indicators import INDICATORS, NOTHING_TO_SAY, OF_MACHINES
from bookings.reports.queries import DetailRow, UsageRow
from bookings.reports.queries.codes import Codes

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""What a browser or a program is told of a file."""
HOUSES_NAMED = 3
"""Houses that the name of a file still spells out."""
BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something older."""
NONE: Codes = {}
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Missing:
    """A figure nobody reported: the words, never a zero."""

    def __str__(self) -> str:
        return gettext("belum lapor")


MISSING = Missing()
Cell = str | int | float | date | datetime | Missing | None


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, count, hours (from minutes), share (0 to 1), month, date, moment, or minutes.

    `adds`: whether the total of a list is the sum of this column.
    """

    title: str
    kind: str = "text"
    width: int = 14
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of raw values under typed columns.

    Several rows end in one more, their total: `total` where it was summed by itself, as unique counts and
    shares must be, else the sums of the columns that add.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    total: Sequence[Cell] | None = None


class Added:
    """The rows of a table as they pass by; afterwards, their total."""

    def __init__(self, table: Table) -> None:
        self._table, self._count = table, 0
        self._adding = [place for place, one in enumerate(table.columns) if one.adds]
        self._sums: dict[int, int | float] = {}

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self._table.rows:
            self._count += 1
            for place in self._adding:
                if isinstance(value := row[place], (int, float)):
                    self._sums[place] = self._sums.get(place, 0) + value
            yield row

    def with_total(self) -> Iterator[Sequence[Cell]]:
        """Yield the rows, then the total where there is one."""
        yield from self
        if (total := self.total()) is not None:
            yield total

    def total(self) -> Sequence[Cell] | None:
        """Return the row that ends the table; None for fewer than two rows, or where nothing was there to add."""
        if self._count < 2:
            return None
        if self._table.total is not None or not self._sums:
            return self._table.total
        return [total_word(), *(self._sums.get(place) for place in range(1, len(self._table.columns)))]


def total_word() -> str:
    """Return what the first cell of a total says."""
    return pgettext("sum", "Jumlah")


def file_name(*parts: str, ending: str) -> str:
    """Return the name of a file, made of what it holds: scope, months, sheet."""
    return f"{'-'.join(slugify(part) for part in parts if part)}.{ending}"


def period(first: date, last: date) -> str:
    """Return months as a file is named by: `2026-11`, or `2025-12-sd-2026-11`."""
    months = f"{first:%Y-%m}", f"{last:%Y-%m}"
    return months[0] if months[0] == months[1] else "-sd-".join(months)


USAGE = (
    "run", "available", "utilisation", "booked", "occupancy", "wasted", "unreported", "services", "producers", "approved", "no_shows",
    "no_show_share", "late_cancels", "late_cancel_share", "downtime", "good", "rejected", "reject_share",
    "completed", "signed", "completeness",
)  # fmt: skip


def usage_table(
    rows: Sequence[UsageRow], group_by: Sequence[str], *, title: str = "", total: UsageRow | None = None, codes: Codes = NONE
) -> Table:
    """Return sums by group as a table: names and their codes first, then every figure and the counts it was made of.

    `total` is the same summed without groups: a producer who used three houses is one.
    """
    names, plain = headings.dimension_names(), _plain_counts()
    left_out = OF_MACHINES if any(row.is_of_producers for row in rows) else frozenset()
    left_out |= {"producers"} if "producer" in group_by else frozenset()
    keys = [key for key in USAGE if key not in left_out]
    columns = []
    for name in group_by:
        columns.append(Column(names[name], "month" if name == "month" else "text", 28))
        columns += [Column(word, width=16) for word in (headings.code_names()[name] if name in codes else ())]
    columns.append(Column(gettext("Jumlah mesin"), "count", 8))
    for key in keys:
        indicator = INDICATORS.get(key)
        columns.append(
            Column(indicator.name(_language()), indicator.unit) if indicator else Column(plain[key], "count")
        )
    cells = [[*_group_cells(row, group_by, codes), *_figures(row, keys)] for row in rows]
    last = None
    if total is not None:
        blank = [None] * (sum(column.kind in ("text", "month") for column in columns) - 1)
        last = [total_word(), *blank, *_figures(total, keys)]
    return Table(title or headings.title_of(group_by), columns, cells, last)


def _figures(row: UsageRow, keys: Sequence[str]) -> list[Cell]:
    machines = row.machines if row.sums.is_counted else MISSING
    told = {key: row.why_missing(key) for key in keys}
    return [machines, *(row.figure(key) if told[key] is None or told[key] in NOTHING_TO_SAY else MISSING for key in keys)]


def _group_cells(row: UsageRow, group_by: Sequence[str], codes: Codes) -> list[Cell]:
    cells: list[Cell] = []
    for name in group_by:
        key = row.keys[name]
        cells.append(date.fromisoformat(f"{key}-01") if name == "month" else row.labels[name])
        if name in codes:
            cells += codes[name].get(key, [""] * len(headings.code_names()[name]))
    return cells


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
        *(Column(word, width=16) for word in headings.code_names()["facility"]),
        Column(gettext("Mesin"), "text", 24),
        *(Column(word, width=16) for word in headings.machine_code_names()),
        Column(gettext("Pelaku usaha"), "text", 28),
        *(Column(word, width=16) for word in headings.code_names()["producer"]),
        Column(gettext("Mulai"), "moment", 17),
        Column(pgettext("time", "Selesai"), "moment", 17),
        Column(gettext("Zona waktu"), "text", 10),
        Column(gettext("Keadaan"), "text", 14),
        Column(gettext("Jam terpakai"), "hours", adds=True),
        Column(gettext("Jam dipesan"), "hours", adds=True),
        Column(gettext("Kemasan baik"), "count", adds=True),
        Column(gettext("Kemasan gagal"), "count", adds=True),
        Column(gettext("Menit menunggu jawaban"), "minutes"),
    ]
    return Table(title, columns, (_detail_cells(row) for row in rows))


def _detail_cells(row: DetailRow) -> list[Cell]:
    from accounts.templatetags.ui import status_word

    start, end = (instant.astimezone(row.zone).replace(tzinfo=None) for instant in (row.starts_at, row.ends_at))
    zone = formats.zone_name(row.zone, row.starts_at)
    status = ", ".join(filter(None, [status_word(row.status), row.is_past_entry and gettext("catatan susulan")]))
    places = [row.facility, *row.house_codes, row.machine, *row.machine_codes, row.producer, *row.producer_codes]
    return [row.reference, *places, start, end, zone, status, row.run, row.booked, row.good, row.rejected, row.waited]


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
        writer.writerow(_with_unit(column, share="0–1") for column in table.columns)
    yield taken()
    rows = Added(table).with_total()
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


def _with_unit(column: Column, *, share: str) -> str:
    """Return a column's title with the unit its cells are in; `share` is how those are shown."""
    unit = {"hours": gettext("jam"), "share": share, "minutes": gettext("menit")}.get(column.kind)
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


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    """Return formats by kind of column; under `total`, those of the row that ends a table."""
    styles = _formats(book, {"valign": "top"})
    styles["head"] = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2, "bg_color": "#E4F0EA"}
    )
    styles["total"] = _formats(book, {"valign": "top", "bold": True, "top": 1})
    return styles


def _formats(book: xlsxwriter.Workbook, look: Mapping[str, object]) -> dict[str, Any]:
    month, day = "[$-421]mmmm yyyy", "[$-421]d mmmm yyyy"
    if _language() == "en":
        month, day = "mmmm yyyy", "d mmmm yyyy"
    shown = {
        "count": "#,##0", "minutes": "#,##0", "hours": "#,##0.0", "share": "0.0%",
        "month": month, "date": day, "moment": f"{day} hh.mm",
    }  # fmt: skip
    styles = {kind: book.add_format({"num_format": form, **look}) for kind, form in shown.items()}
    styles["text"] = book.add_format({"text_wrap": True, **look})
    styles["missing"] = book.add_format({"italic": True, "align": "right", "font_color": "#4A5763", **look})
    return styles


def _sheet(book: xlsxwriter.Workbook, table: Table, styles: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(table.title[:31])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, _with_unit(column, share="%"), styles["head"])
    last, added = 0, Added(table)
    for last, row in enumerate(added, start=1):
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, last, place, value, column.kind, styles)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    for place, (value, column) in enumerate(zip(added.total() or (), table.columns, strict=False)):
        _write(sheet, last + 1, place, value, column.kind, styles["total"])


def _write(sheet, row: int, place: int, value: Cell, kind: str, styles: Mapping[str, Any]) -> None:  # type: ignore[no-untyped-def]
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
