"""Indicators for programs: as JSON with definitions, as CSV, as a workbook."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from ninja import Query, Router

from accounts.api_answers import own_answers, page_of
from accounts.api_auth import may
from bookings.reports import exports, schemas
from bookings.reports.queries import UsageRow, reportable_houses, sums_by
from facilities.errors import BadInput

router = Router(tags=["reports"])

MOST_DAYS = timedelta(days=3660)
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/reports/usage", auth=may("reports:read"), response=own_answers(schemas.UsagePage, 404), summary="Usage")
def read_usage(request: HttpRequest, asked: Query[schemas.UsageIn]) -> Any:
    """Indicators of the houses whose reports you may read, grouped by anything. Missing is null, never zero."""
    first, last = _months(asked)
    houses = reportable_houses(request.user)
    known = [
        house for house in houses if asked.facility in ("", house.slug) and asked.district in ("", house.district_id)
    ]
    if not known:
        raise Http404
    rows = sums_by(known, first=first, last=last, group_by=asked.dimensions, machine=asked.machine, type=asked.type)
    wanted = asked.format or ("csv" if "text/csv" in request.headers.get("Accept", "") else "json")
    if wanted != "json":
        return _file(wanted, rows, asked, first, last)
    return {
        **page_of(rows, asked, schemas.usages_out),
        "first": first,
        "last": last,
        "group_by": asked.dimensions,
        "definitions": schemas.definitions_out(get_language() or "id"),
    }


def _months(asked: schemas.UsageIn) -> tuple[date, date]:
    today = timezone.localdate()
    last = asked.to or (min(max(today, asked.from_), asked.from_ + MOST_DAYS) if asked.from_ else today)
    first = asked.from_ or last.replace(day=1)
    if last < first:
        raise BadInput("to", "ends_before_it_starts", "Akhir harus sesudah awal.", "The end must be after the start.")
    if last - first > MOST_DAYS:
        raise BadInput("to", "far_too_long", "Paling panjang sepuluh tahun.", "At most ten years.")
    return first, last


def _file(
    kind: str, rows: list[UsageRow], asked: schemas.UsageIn, first: date, last: date
) -> HttpResponse | StreamingHttpResponse:
    table = exports.usage_table(rows, asked.dimensions)
    if kind == "csv":
        response: Any = StreamingHttpResponse(exports.as_csv(table), content_type=CSV)
    else:
        about = {
            gettext("Dari"): f"{first:%Y-%m}",
            gettext("Sampai"): f"{last:%Y-%m}",
            gettext("Sumber"): "Rumah Produksi, /api/v1/reports/usage",
            gettext("Dibuat"): f"{timezone.localtime():%Y-%m-%d %H:%M}",
        }
        response = HttpResponse(exports.as_xlsx([table], about=about), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="pemakaian-{first:%Y-%m}-{last:%Y-%m}.{kind}"'
    return response
