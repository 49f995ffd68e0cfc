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
from bookings.reports.queries import is_there, readable_houses, sums_by, total_of
from bookings.reports.queries import needs as ledger
from bookings.reports.queries.codes import codes_of
from bookings.reports.queries.pace import packs_that_count
from bookings.reports.queries.recorded import needs_unrecorded
from facilities.errors import BadInput
from facilities.models import District

router = Router(tags=["reports"])

MOST_DAYS = timedelta(days=3660)


@router.get("/reports/usage", auth=may("reports:read"), response=own_answers(schemas.UsagePage, 404), summary="Usage")
def read_usage(request: HttpRequest, asked: Query[schemas.UsageIn]) -> Any:
    """Indicators of the houses whose reports you may read, grouped by anything. Missing is null with a reason, never zero.

    `house_district` is where a house is, `producer_district` where producers are from. A district's office that asks for
    its own `producer_district` is answered of every house.
    """
    first, last = _months(asked)
    houses = readable_houses(request.user, producer_district=asked.producer_district)
    of_house = {asked.district, asked.house_district} - {""}
    known = [house for house in houses if asked.facility in ("", house.slug) and of_house <= {house.district_id}]
    if not known or not _is_district(asked.producer_district) or not is_there(known, machine=asked.machine, type=asked.type):
        raise Http404
    filters = {"machine": asked.machine, "type": asked.type, "producer_district": asked.producer_district}
    rows = sums_by(known, first=first, last=last, group_by=asked.dimensions, **filters)
    if (kind := _kind(request, asked.format)) != "json":
        total = total_of(known, first=first, last=last, group_by=asked.dimensions, **filters)
        codes = codes_of(known, asked.dimensions)
        table = exports.usage_table(rows, asked.dimensions, total=total, codes=codes)
        scope = [asked.facility, *of_house, asked.type, asked.machine, asked.producer_district]
        scope = scope if any(scope) else [house.slug for house in known] if len(known) <= exports.HOUSES_NAMED else ["semua-rumah"]
        return _file(kind, table, ["pemakaian", *scope], request.path, first, last, asked.dimensions)
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

    Figures are of known producers; what others look for is counted apart. Who may not read the rows is told fives:
    what fewer than five producers are behind is null, the rest is rounded.
    """
    first, last = _months(asked)
    scope = ledger.need_scope(request.user)
    districts = {one.code: one for one in District.objects.all()}
    district = asked.producer_district or asked.district
    if scope is None or district not in ("", ledger.NOWHERE, *districts):
        raise Http404
    wanted = ledger.NeedFilter(first.replace(day=1), last, asked.pack_format, asked.form, district)
    now, exactly, packs = timezone.now(), scope.is_exact, packs_that_count()
    groups = ledger.need_sums(scope, wanted, group_by=asked.dimensions, now=now, packs=packs)
    (total,) = ledger.need_sums(scope, wanted, group_by=[], now=now, packs=packs)
    reasons = ledger.reasons_of_needs(scope, wanted, now=now)
    if (kind := _kind(request, asked.format)) != "json":
        place = district.replace(ledger.NOWHERE, "tanpa-wilayah") or "-".join(sorted(scope.counted or ["semua"]))
        table = needs_tables.needs_table(groups, asked.dimensions, exactly=exactly, districts=districts, total=total)
        return _file(kind, table, ["kebutuhan", place, asked.form, asked.pack_format], request.path, first, last, asked.dimensions)

    def show(some: list[ledger.NeedGroup]) -> list[schemas.NeedsOut]:
        return [schemas.needs_out(one, needs.labels_of(one.keys, districts), exactly=exactly) for one in some]

    told = needs_tables.figures_told(total.sums, exactly=exactly)
    missing = needs_unrecorded(first=first, last=last, today=timezone.localdate())
    return {
        **page_of(groups, asked, show),
        "first": first,
        "last": last,
        "group_by": asked.dimensions,
        "is_exact": exactly,
        "total": dict.fromkeys(told) if missing else told,
        "missing": missing,
        "reasons": [schemas.need_reason_out(*one) for one in reasons],
        "definitions": schemas.need_definitions_out(get_language() or "id"),
    }


def _is_district(code: str) -> bool:
    return not code or District.objects.filter(code=code).exists()


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
    kind: str, table: Table, scope: list[str], path: str, first: date, last: date, group_by: list[str]
) -> HttpResponse | StreamingHttpResponse:
    if kind == "csv":
        response: Any = StreamingHttpResponse(exports.as_csv(table), content_type=exports.CSV)
    else:
        about = {
            gettext("Dari"): f"{first:%Y-%m}",
            gettext("Sampai"): f"{last:%Y-%m}",
            gettext("Sumber"): f"Rumah Produksi, {path}",
            gettext("Dibuat"): f"{timezone.localtime():%Y-%m-%d %H:%M}",
        }
        response = HttpResponse(exports.as_xlsx([table], about=about), content_type=exports.XLSX)
    scope = [part.replace(".", "-").replace("_", "-") for part in scope]
    by = "-".join(group_by).replace("_", "-")
    name = exports.file_name(*scope, exports.period(first, last), f"per-{by}", ending=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
