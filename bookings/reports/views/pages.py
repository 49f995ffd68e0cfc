"""The report of an area, of a house, of a machine."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from bookings.reports import findings, queries, selection
from bookings.reports.queries import UsageRow
from bookings.reports.report import Ranked, Report, compose, ranking_of
from bookings.reports.selection import GROUPS, Selection
from bookings.reports.views.reading import Reading, reader
from facilities.models import Machine

PRODUCERS_SHOWN, TYPES_SHOWN = 50, 8
FIGURES = (
    "run", "available", "utilisation", "booked", "occupancy", "wasted", "unreported", "services", "producers",
    "no_show_share", "late_cancel_share", "downtime", "good", "rejected", "reject_share", "completeness",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: where its name leads, and the query of the rows behind its figures."""

    row: UsageRow
    url: str
    rows: str


@reader
def area(reading: Reading) -> HttpResponse:
    """`/laporan/`: the province, a district, or (where there is only one) a house."""
    shown = reading.asked
    if len(shown.houses) == 1 and (shown.area.value.startswith(selection.HOUSE) or len(reading.houses) == 1):
        return _house(reading, reading.of_house(shown.houses[0].slug))
    if not shown.houses:
        return render(reading.request, "reports/nothing.html")
    group = selection.read_group(reading.request.GET.get("menurut", "rumah"))
    report = compose(shown.houses, month=shown.month, now=reading.now, first=reading.first)
    context = {
        **reading.choices(shown),
        "report": report,
        "group": group,
        "groups": list(_group_titles().items()),
        "names": _group_titles()[group],
        "sum_row": report.total if group != "bulan" else None,
        "lines": _lines(_table(report, shown, group), shown, group),
        "bars": _bars(report.ranked, shown),
        "types": _types(reading, report),
        "most_producers": PRODUCERS_SHOWN,
    }
    return render(reading.request, "reports/area.html", context)


@reader
def house(reading: Reading, slug: str) -> HttpResponse:
    """`/laporan/rumah/<slug>/`."""
    return _house(reading, reading.of_house(slug))


def _house(reading: Reading, shown: Selection) -> HttpResponse:
    report = compose(shown.houses, month=shown.month, now=reading.now, first=reading.first, by="machine")
    context = {
        **reading.choices(shown),
        "report": report,
        "house": shown.houses[0],
        "lines": _lines(list(report.rows), shown, "mesin"),
        "sum_row": report.total,
        "bars": _bars(report.ranked, shown),
    }
    return render(reading.request, "reports/house.html", context)


@reader
def machine(reading: Reading, slug: str) -> HttpResponse:
    """`/laporan/mesin/<slug>/`."""
    found = Machine.objects.select_related("facility__district", "type").filter(
        slug=slug, facility__in=[house.pk for house in reading.houses]
    )
    one = found.first()
    if one is None:
        raise Http404
    shown = reading.of_house(one.facility.slug)
    report = compose(shown.houses, month=shown.month, now=reading.now, first=reading.first, by="machine", machine=slug)
    rows = queries.detail_rows(
        shown.houses, "pemakaian", first=shown.month, last=shown.month, now=reading.now, machine=slug
    )
    context = {
        **reading.choices(shown),
        "report": report,
        "machine": one,
        "house": one.facility,
        "runs": rows[:10],
        "figures": [(key, queries.ROWS_OF.get(key, ("", ""))[0]) for key in FIGURES],
        "rows_query": shown.query_of(shown.area.value, mesin=slug),
    }
    return render(reading.request, "reports/machine.html", context)


def _types(reading: Reading, report: Report) -> dict[str, object]:
    """Return the busiest machine types with their bars and their finding."""
    rows = queries.sums_by(reading.asked.houses, first=report.month, last=report.month, group_by=["type"])
    ranked = ranking_of(rows, average=report.total.sums.utilisation, ahead=1)
    return {
        "bars": [{"row": one.row, "bar": one.bar, "url": ""} for one in ranked[:TYPES_SHOWN]],
        "finding": findings.most_used([one.row for one in ranked], tense=report.tense),
    }


def _group_titles() -> dict[str, str]:
    return {
        "rumah": gettext("Rumah"),
        "kabupaten-rumah": gettext("Kabupaten/kota rumah"),
        "kabupaten-pelaku": gettext("Kabupaten/kota pelaku usaha"),
        "jenis": gettext("Jenis mesin"),
        "mesin": gettext("Mesin"),
        "bulan": gettext("Bulan"),
        "pelaku": gettext("Pelaku usaha"),
    }


def _table(report: Report, shown: Selection, group: str) -> list[UsageRow]:
    """Return the rows of the table: houses and months are known already, anything else is asked for."""
    if group == "rumah":
        return list(report.rows)
    if group == "bulan":
        return [row for _, row in reversed(report.trend)]
    rows = queries.sums_by(shown.houses, first=shown.month, last=shown.month, group_by=[GROUPS[group]])
    if group == "pelaku":
        return sorted(rows, key=lambda row: (-row.sums.services, row.label))[:PRODUCERS_SHOWN]
    return rows


def _lines(rows: list[UsageRow], shown: Selection, group: str) -> list[Line]:
    return [Line(row, _url(row, shown, group), _rows_query(row, shown, group)) for row in rows]


def _bars(ranked: list[Ranked], shown: Selection) -> list[dict[str, object]]:
    return [
        {
            "row": one.row,
            "bar": one.bar,
            "url": _url(one.row, shown, "rumah" if "facility" in one.row.keys else "mesin"),
        }
        for one in ranked
    ]


def _url(row: UsageRow, shown: Selection, group: str) -> str:
    """Return where a row's name leads: its own report."""
    month, key = f"{shown.month:%Y-%m}", row.key
    if group == "rumah":
        return f"{reverse('report_house', args=[key])}?{urlencode({'bulan': month})}"
    if group == "mesin":
        return f"{reverse('report_machine', args=[key])}?{urlencode({'bulan': month})}"
    if group == "kabupaten-rumah":
        return f"{reverse('report')}?{shown.query_of(key)}"
    if group == "bulan":
        return f"{reverse('report')}?{urlencode({'bulan': key, 'wilayah': shown.area.value})}"
    return ""


def _rows_query(row: UsageRow, shown: Selection, group: str) -> str:
    """Return the query that lists the rows behind a row's figures, where they can be listed."""
    if group == "rumah":
        return shown.query_of(f"{selection.HOUSE}{row.key}")
    if group == "mesin":
        return shown.query_of(shown.area.value, mesin=row.key)
    if group == "kabupaten-rumah":
        return shown.query_of(row.key)
    if group == "bulan":
        return urlencode({"bulan": row.key, "wilayah": shown.area.value})
    return ""
