"""Use by where producers are from: the page, and the same as files. Sums only; their rows stay with the houses.

A district's own office reads what its producers do in every house; nobody reads those of other districts there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from bookings.reports import exports, queries, selection
from bookings.reports.exports import Table
from bookings.reports.headings import dimension_names, title_of
from bookings.reports.report import MONTHS_SHOWN, back
from bookings.reports.selection import GROUPS
from bookings.reports.views.downloads import about_figures, months_of, named, scope_words, sheet_word, usage
from bookings.reports.views.reading import Reading, read_with
from facilities.access import duties_of
from facilities.models import District, Facility

FIGURES = ("run", "booked", "services", "producers", "good", "no_show_share", "completeness")
GROUPS_SHOWN = ("kabupaten-pelaku", "rumah", "kabupaten-rumah", "jenis", "bulan", "pelaku")


class OriginReading(Reading):
    """One reader's request about producers of a district (`asal`), or of all: which may be asked for, and in which houses."""

    @cached_property
    def origins(self) -> Mapping[str, District]:
        """The districts whose producers may be asked for, by code."""
        everybody, own = District.objects.all(), duties_of(self.request.user).districts
        return {one.code: one for one in everybody if self.may_read_all or one.code in own}

    @cached_property
    def origin(self) -> str:
        """The code that was asked for; nothing is everybody, who reads no houses is shown the own district."""
        asked = self.request.GET.get("asal", "")
        if not asked and not self.may_read_all:
            return min(self.origins)
        if asked and asked not in self.origins:
            raise Http404
        return asked

    @cached_property
    def may_read_all(self) -> bool:
        """Whether they read houses, and so everybody who comes there."""
        return self.sees_all or bool(duties_of(self.request.user).manages)

    def readable(self) -> list[Facility]:
        """Return every house for the producers of the own district, else those whose reports may be read."""
        return queries.readable_houses(self.request.user, producer_district=self.origin)

    def everything(self) -> str:
        """Return what all the houses are called together: for the own district's producers, all there are."""
        own = self.origin in duties_of(self.request.user).districts
        return gettext("Kalimantan Barat") if own else super().everything()

    def group(self) -> str:
        """Return the word of the grouping."""
        return selection.read_group(self.request.GET.get("menurut", "rumah" if self.origin else "kabupaten-pelaku"))

    def words(self) -> str:
        """Return whose use it is."""
        return str(self.origins[self.origin]) if self.origin else gettext("semua kabupaten/kota")

    def query(self, **more: str) -> str:
        """Return the address query that asks the same again."""
        values = {"bulan": f"{self.asked.month:%Y-%m}", "asal": self.origin, "wilayah": self.asked.area.value, **more}
        return urlencode({name: value for name, value in values.items() if value})


origin_reader = read_with(OriginReading)


@origin_reader
def page(reading: OriginReading) -> HttpResponse:
    """`/laporan/asal/`: which houses a district's producers use, and how much."""
    group, shown = reading.group(), reading.asked
    asked: dict[str, Any] = {"last": shown.month, "producer_district": reading.origin, "of_producers": True}
    first = back(shown.month, MONTHS_SHOWN - 1) if group == "bulan" else shown.month
    total = queries.total_of(shown.houses, group_by=[], first=shown.month, **asked)
    houses = queries.sums_by(shown.houses, group_by=["facility"], first=shown.month, **asked)
    context = {
        **reading.choices(shown),
        "reading": reading,
        "group": group,
        "groups": [(word, reading.query(menurut=word), dimension_names()[GROUPS[word]]) for word in GROUPS_SHOWN],
        "names": dimension_names()[GROUPS[group]],
        "rows": houses if group == "rumah" else queries.sums_by(shown.houses, group_by=[GROUPS[group]], first=first, **asked),
        "total": total if total and total.sums.is_counted else None,
        "houses_used": len({row.keys["facility"] for row in houses if row.sums.services}),
        "figures": FIGURES,
        "query": reading.query(),
        "file_query": reading.query(menurut=group),
    }
    return render(reading.request, "reports/origin.html", context)


@origin_reader
def as_csv(reading: OriginReading) -> StreamingHttpResponse:
    """`/laporan/asal/unduh.csv`: the table of the page, streamed."""
    response = StreamingHttpResponse(exports.as_csv(_table(reading)), content_type=exports.CSV)
    return named(response, *_name(reading), ending="csv")


@origin_reader
def as_xlsx(reading: OriginReading) -> HttpResponse:
    """`/laporan/asal/unduh.xlsx`: the table of the page, definitions, and whose figures these are."""
    about = {
        gettext("Laporan"): gettext("Pemakaian menurut asal pelaku usaha"),
        **about_figures(reading, **{gettext("Asal pelaku usaha"): reading.words()}),
    }
    return named(HttpResponse(exports.as_xlsx([_table(reading)], about=about), content_type=exports.XLSX), *_name(reading), ending="xlsx")


def _table(reading: OriginReading) -> Table:
    words = selection.read_groups(reading.request.GET.get("menurut", "") or reading.group())
    groups = [GROUPS[word] for word in words]
    return usage(reading, groups, title_of(groups), *months_of(reading), origin=reading.origin, of_producers=True)


def _name(reading: OriginReading) -> list[str]:
    """Return what a file is named by: from where the producers are, in which houses, of which months, which sheet."""
    houses = "" if reading.origin and not reading.asked.area.value else scope_words(reading)
    sheet = sheet_word(reading.request.GET.get("menurut", "") or reading.group())
    return ["asal", reading.words() if reading.origin else "", houses, exports.period(*months_of(reading)), sheet]
