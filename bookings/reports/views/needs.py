"""What was asked for and not served: the page, its rows, and its files."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from accounts import formats
from bookings.reports import exports, needs, needs_tables, selection
from bookings.reports.exports import Table
from bookings.reports.needs import NEED_GROUPS, OLDER_WORDS, NeedsAsked
from bookings.reports.queries import needs as ledger
from bookings.reports.queries.needs import NEED_KINDS, NOWHERE, NeedFilter
from bookings.reports.queries.pace import packs_that_count
from bookings.reports.queries.recorded import needs_unrecorded
from bookings.reports.report import MONTHS_SHOWN, back
from bookings.reports.views.downloads import ROWS_OF_A_SHEET, TOO_MANY, moment_words, named
from bookings.reports.views.reading import read_with
from bookings.reports.views.rows import PER_PAGE, page_number
from facilities.errors import BadInput
from facilities.models import District
from facilities.vocabulary import FORMATS, FORMS

CODE = re.compile(r"[a-z_]{1,40}")


class NeedsReading:
    """One reader's request about needs: whose they may read, what they asked, and what time it is."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now: datetime = timezone.now()
        scope = ledger.need_scope(request.user)
        if scope is None:
            raise Http404
        self.scope = scope
        self.today = self.now.astimezone(ZoneInfo(settings.DISPLAY_ZONE)).date()
        self.first, self.last = ledger.months_of_needs(scope)
        self.districts: dict[str, District] = {one.code: one for one in District.objects.all()}
        self.asked = NeedsAsked(self._wanted())

    def _wanted(self) -> NeedFilter:
        """Return what was asked; without a month the last one in which anything was asked for."""
        query, this = self.request.GET, self.today.replace(day=1)
        month = selection.read_month(query.get("bulan", ""), "bulan") or min(self.last or this, this)
        reason = query.get("alasan", "")
        if reason and not CODE.fullmatch(reason):
            raise BadInput("alasan", "not_a_code", "Alasan ini tidak ada.", "There is no such reason.")
        return NeedFilter(
            first=month,
            last=month,
            pack_format=self._known("kemasan", FORMATS),
            form=self._known("produk", FORMS),
            district=self._known("asal" if "asal" in query else "wilayah", {**self.districts, NOWHERE: None}),
            reason=reason,
        )

    def _known(self, name: str, known: Any) -> str:
        value = self.request.GET.get(name, "")
        if value and value not in known:
            raise Http404
        return value

    @cached_property
    def packs(self) -> Combinable:
        """What a need adds to a sum of packs; asked for once."""
        return packs_that_count()

    @property
    def since(self) -> date:
        """The first of the twelve months that a table by month shows."""
        return back(self.asked.wanted.last, MONTHS_SHOWN - 1)

    def group(self) -> str:
        """Return the word of the table's grouping."""
        return read_groups(self.request.GET.get("menurut", "kemasan"))[0]

    def choices(self) -> dict[str, Any]:
        """Return what the line of filters needs."""
        reachable = self.scope.counted
        districts = [one for code, one in self.districts.items() if reachable is None or code in reachable]
        return {
            "asked": self.asked,
            "wanted": self.asked.wanted,
            "months": selection.months_to_choose(self.first, self.today),
            "format_options": needs.format_options(),
            "form_options": needs.form_options(),
            "district_options": districts if len(districts) > 1 else [],
            "place": self.place(),
            "is_exact": self.scope.is_exact,
        }

    def place(self) -> str:
        """Return the words for whose needs are counted."""
        chosen = self.asked.wanted.district
        if chosen:
            return needs.label_of("producer_district", chosen, self.districts)
        if self.scope.counted is None:
            return gettext("Kalimantan Barat")
        return ", ".join(sorted(str(self.districts[code]) for code in self.scope.counted))


needs_reader = read_with(NeedsReading)


def read_groups(text: str) -> list[str]:
    """Return the words of `kemasan,produk`; `BadInput` for one that does not exist."""
    words = list(dict.fromkeys(OLDER_WORDS.get(word, word) for word in text.split(",")))
    if set(words) <= set(NEED_GROUPS):
        return words
    raise BadInput("menurut", "unknown_group", "Pengelompokan ini tidak ada.", "There is no such grouping.")


def read_kind(text: str) -> str:
    """Return which needs to list; `BadInput` for a list that does not exist."""
    if text in NEED_KINDS:
        return text
    raise BadInput("isi", "unknown_list", "Daftar ini tidak ada.", "There is no such list.")


@needs_reader
def area(reading: NeedsReading) -> HttpResponse:
    """`/laporan/kebutuhan/`: what was looked for in a month, and what of it stayed unserved."""
    group = reading.group()
    report = needs.compose_needs(
        reading.scope, reading.asked, group=group, now=reading.now, districts=reading.districts
    )
    month = reading.asked.wanted.last
    if needs_unrecorded(first=back(month, 1), last=back(month, 1), today=reading.today):
        report = replace(report, before=None)
    context = {
        **reading.choices(),
        "report": report,
        "is_recorded": not needs_unrecorded(first=month, last=month, today=reading.today),
        "group": group,
        "groups": list(_group_titles().items()),
        "names": _group_titles()[group],
        "now": reading.now,
    }
    return render(reading.request, "reports/needs.html", context)


@needs_reader
def rows(reading: NeedsReading) -> HttpResponse:
    """`/laporan/kebutuhan/rincian/?isi=…`: the needs behind a figure, without names."""
    query = reading.request.GET
    kind = read_kind(query.get("isi", "belum-terlayani"))
    found = ledger.need_rows(reading.scope, reading.asked.wanted, kind, now=reading.now)
    page = Paginator(found, PER_PAGE).get_page(page_number(query.get("page", "1")))
    reason = reading.asked.wanted.reason
    context = {
        **reading.choices(),
        "page": page,
        "kind": kind,
        "title": needs.kind_titles()[kind],
        "names": reading.scope.names,
        "reason": needs.reason_words(reason) if reason else "",
    }
    return render(reading.request, "reports/needs_rows.html", context)


@needs_reader
def as_csv(reading: NeedsReading) -> StreamingHttpResponse:
    """`/laporan/kebutuhan/unduh.csv`: one table, streamed."""
    response = StreamingHttpResponse(exports.as_csv(_tables(reading)[0]), content_type=exports.CSV)
    return named(response, *_name(reading, "per-kemasan"), ending="csv")


@needs_reader
def as_xlsx(reading: NeedsReading) -> HttpResponse:
    """`/laporan/kebutuhan/unduh.xlsx`: a sheet per table, then definitions, then filters, source and date."""
    body = exports.as_xlsx(_tables(reading, most=ROWS_OF_A_SHEET), about=_about(reading))
    return named(HttpResponse(body, content_type=exports.XLSX), *_name(reading, "ringkasan"), ending="xlsx")


def _name(reading: NeedsReading, summary: str) -> list[str]:
    """Return what a file is named by: whose needs, which ones, of which months, which sheet."""
    query, wanted = reading.request.GET, reading.asked.wanted
    sheet = query.get("isi") or ("per-" + "-".join(read_groups(query["menurut"])) if "menurut" in query else summary)
    since = reading.since if sheet == "per-bulan" else wanted.first
    packs = [one.replace("_", "-") for one in (wanted.form, wanted.pack_format, wanted.reason)]
    return ["kebutuhan", reading.place(), *packs, exports.period(since, wanted.last), sheet]


def _tables(reading: NeedsReading, *, most: int | None = None) -> list[Table]:
    """Return the table that was asked for; without a wish, one per grouping and the reasons."""
    scope, wanted, query = reading.scope, reading.asked.wanted, reading.request.GET
    if "isi" in query:
        kind = read_kind(query["isi"])
        found = ledger.need_rows(scope, wanted, kind, now=reading.now)
        if most is not None and len(found) > most:
            raise BadInput("bulan", "too_many_rows", *TOO_MANY)
        return [needs_tables.need_rows_table(found, title=needs.kind_titles()[kind], names=scope.names)]
    if "menurut" in query or most is None:
        return [_grouped(reading, read_groups(query.get("menurut", "kemasan")))]
    reasons = ledger.reasons_of_needs(scope, wanted, now=reading.now)
    return [*(_grouped(reading, [word]) for word in NEED_GROUPS), needs_tables.reasons_table(reasons)]


def _grouped(reading: NeedsReading, words: list[str]) -> Table:
    """Return a table of counts with its total; by month, of the twelve that the page shows."""
    groups, scope, wanted = [NEED_GROUPS[word] for word in words], reading.scope, reading.asked.wanted
    wanted = replace(wanted, first=reading.since) if words == ["bulan"] else wanted
    found = ledger.need_sums(scope, wanted, group_by=groups, now=reading.now, packs=reading.packs)
    (total,) = ledger.need_sums(scope, wanted, group_by=[], now=reading.now, packs=reading.packs)
    title = gettext("Per %(name)s") % {"name": " + ".join(_group_titles()[word].lower() for word in words)}
    return needs_tables.needs_table(
        found, groups, exactly=scope.is_exact, districts=reading.districts, title=title.replace("/", " "), total=total
    )


def _about(reading: NeedsReading) -> dict[str, str]:
    wanted, everything = reading.asked.wanted, gettext("semua")
    form, pack = (needs.label_of(name, getattr(wanted, name), {}) for name in ("form", "pack_format"))
    return {
        gettext("Laporan"): gettext("Kebutuhan dan yang belum terlayani"),
        gettext("Bulan"): formats.month_name(wanted.last),
        gettext("Asal pencari"): reading.place(),
        gettext("Produk"): form if wanted.form else everything,
        gettext("Bentuk kemasan"): pack if wanted.pack_format else everything,
        gettext("Sumber"): gettext("Pencarian kemasan di aplikasi ini, beserta pesanan yang melayaninya."),
        gettext("Dihitung"): moment_words(reading.now),
        gettext("Catatan"): disclosure(is_exact=reading.scope.is_exact),
    }


def disclosure(*, is_exact: bool) -> str:
    """Return how small figures are treated for this reader."""
    if is_exact:
        return gettext("Angka tepat. Baris tanpa nama pelaku usaha.")
    return gettext("Angka dari kurang dari 5 pelaku usaha ditulis <5, yang lain dibulatkan ke kelipatan 5, agar tidak menunjuk orang.")


def _group_titles() -> dict[str, str]:
    return {
        "kemasan": gettext("Bentuk kemasan"),
        "produk": gettext("Produk"),
        "asal": gettext("Kabupaten/kota asal"),
        "bulan": gettext("Bulan"),
    }

