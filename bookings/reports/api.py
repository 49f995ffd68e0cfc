"""Indicators for programs: as JSON with definitions, as CSV, as a workbook."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from ninja import Query, Router

from accounts.api_answers import own_answers, page_of
from accounts.api_auth import may
from bookings.reports import exports, needs, needs_tables, schemas
from bookings.reports.exports import Table
from bookings.reports.queries import is_there, reportable_houses, sums_by
from bookings.reports.queries import needs as ledger
from bookings.reports.queries.pace import packs_that_count
from facilities.errors import BadInput
from facilities.models import District

router = Router(tags=["reports"])

MOST_DAYS = timedelta(days=3660)
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/reports/usage", auth=may("reports:read"), response=own_answers(schemas.UsagePage, 404), summary="Usage")
def read_usage(request: HttpRequest, asked: Query[schemas.UsageIn]) -> Any:
    """Indicators of the houses whose reports you may read, grouped by anything. Missing is null with a reason, never zero."""
    first, last = _months(asked)
    houses = reportable_houses(request.user)
    known = [
        house for house in houses if asked.facility in ("", house.slug) and asked.district in ("", house.district_id)
    ]
    if not known or not is_there(known, machine=asked.machine, type=asked.type):
        raise Http404
    rows = sums_by(known, first=first, last=last, group_by=asked.dimensions, machine=asked.machine, type=asked.type)
    if (kind := _kind(request, asked.format)) != "json":
        return _file(kind, [exports.usage_table(rows, asked.dimensions)], "pemakaian", request.path, first, last)
    return {
        **page_of(rows, asked, partial(schemas.usages_out, first=first, today=timezone.localdate())),
        "first": first,
        "last": last,
        "group_by": asked.dimensions,
        "definitions": schemas.definitions_out(get_language() or "id"),
    }


@router.get(
    "/reports/needs", auth=may("reports:read"), response=own_answers(schemas.NeedsPage, 404), summary="Unmet needs"
)
def read_needs(request: HttpRequest, asked: Query[schemas.NeedsIn]) -> Any:
    """What was looked for before a machine was chosen, and what of it stayed unserved, by group.

    Who may not read the rows is told fives: one to four is null, the rest is rounded.
    """
    first, last = _months(asked)
    scope = ledger.need_scope(request.user)
    districts = {one.code: one for one in District.objects.all()}
    if scope is None or asked.district not in ("", ledger.NOWHERE, *districts):
        raise Http404
    wanted = ledger.NeedFilter(first.replace(day=1), last, asked.pack_format, asked.form, asked.district)
    now, exactly, packs = timezone.now(), scope.is_exact, packs_that_count()
    groups = ledger.need_sums(scope, wanted, group_by=asked.dimensions, now=now, packs=packs)
    reasons = ledger.reasons_of_needs(scope, wanted, now=now)
    if (kind := _kind(request, asked.format)) != "json":
        table = needs_tables.needs_table(groups, asked.dimensions, exactly=exactly, districts=districts)
        return _file(kind, [table], "kebutuhan", request.path, first, last)
    (total,) = ledger.need_sums(scope, wanted, group_by=[], now=now, packs=packs)

    def show(some: list[ledger.NeedGroup]) -> list[schemas.NeedsOut]:
        return [schemas.needs_out(one, needs.labels_of(one.keys, districts), exactly=exactly) for one in some]

    return {
        **page_of(groups, asked, show),
        "first": first,
        "last": last,
        "group_by": asked.dimensions,
        "is_exact": exactly,
        "total": needs_tables.figures_told(total.sums, exactly=exactly),
        "reasons": [schemas.need_reason_out(*one) for one in reasons],
        "definitions": schemas.need_definitions_out(get_language() or "id"),
    }


def _kind(request: HttpRequest, asked: str) -> str:
    return asked or ("csv" if "text/csv" in request.headers.get("Accept", "") else "json")


def _months(asked: schemas.UsageIn | schemas.NeedsIn) -> tuple[date, date]:
    today = timezone.localdate()
    last = asked.to or (min(max(today, asked.from_), asked.from_ + MOST_DAYS) if asked.from_ else today)
    first = asked.from_ or last.replace(day=1)
    if last < first:
        raise BadInput("to", "ends_before_it_starts", "Akhir harus sesudah awal.", "The end must be after the start.")
    if last - first > MOST_DAYS:
        raise BadInput("to", "far_too_long", "Paling panjang sepuluh tahun.", "At most ten years.")
    _whole_months(first, asked.to or today, today)
    return first, last


def _whole_months(first: date, last: date, today: date) -> None:
    """Refuse days within a month: sums are kept by month, and a month's figure is not that of some of its days."""
    if first.day != 1:
        raise BadInput(
            "from",
            "not_a_whole_month",
            "Angka dihitung per bulan. Mulai dari tanggal 1.",
            "Figures are counted by month. Begin on the first day of one.",
        )
    if last != today and (last + timedelta(days=1)).day != 1:
        raise BadInput(
            "to",
            "not_a_whole_month",
            "Angka dihitung per bulan. Akhiri pada hari terakhir bulan, atau hari ini.",
            "Figures are counted by month. End on the last day of one, or today.",
        )


def _file(
    kind: str, tables: list[Table], name: str, path: str, first: date, last: date
) -> HttpResponse | StreamingHttpResponse:
    if kind == "csv":
        response: Any = StreamingHttpResponse(exports.as_csv(tables[0]), content_type=CSV)
    else:
        about = {
            gettext("Dari"): f"{first:%Y-%m}",
            gettext("Sampai"): f"{last:%Y-%m}",
            gettext("Sumber"): f"Rumah Produksi, {path}",
            gettext("Dibuat"): f"{timezone.localtime():%Y-%m-%d %H:%M}",
        }
        response = HttpResponse(exports.as_xlsx(tables, about=about), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}-{first:%Y-%m}-{last:%Y-%m}.{kind}"'
    return response
