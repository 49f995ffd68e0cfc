"""The rows behind a figure, page by page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from accounts.writing.numbers import plain
from bookings.reports import queries, selection
from bookings.reports.views.reading import Reading, reader
from facilities.errors import BadInput

PER_PAGE = 50


def titles() -> dict[str, str]:
    """Return what each list is called."""
    return {
        "pemakaian": gettext("Pemakaian yang tercatat"),
        "dipesan": gettext("Pesanan yang memegang jam"),
        "jam-belum-lapor": gettext("Jam dipesan yang belum lapor"),
        "disetujui": gettext("Pesanan yang disetujui"),
        "tidak-datang": gettext("Pesanan yang tidak hadir"),
        "batal-terlambat": gettext("Pesanan yang batal terlambat"),
        "menunggu": gettext("Permintaan kepada petugas"),
        "tanpa-jawaban": gettext("Permintaan yang tidak dijawab"),
        "selesai": gettext("Pesanan yang selesai"),
        "tercatat": gettext("Pesanan selesai yang sudah dicatat"),
        "belum-lapor": gettext("Pesanan selesai yang belum dicatat petugas"),
    }


@reader
def rows(reading: Reading) -> HttpResponse:
    """`/laporan/rincian/?isi=…`: a figure's bookings or runs."""
    shown, query = reading.asked, reading.request.GET
    kind = selection.read_kind(query.get("isi", "pemakaian"))
    machine = reading.machine_slug()
    found = queries.detail_rows(
        shown.houses, kind, first=shown.month, last=shown.month, now=reading.now, machine=machine
    )
    page = Paginator(found, PER_PAGE).get_page(page_number(query.get("page", "1")))
    context = {
        **reading.choices(shown),
        "kind": kind,
        "of_hours": kind in queries.BY_THE_HOUR,
        "title": titles()[kind],
        "page": page,
        "total": found.total(),
        "machine_slug": machine,
    }
    return render(reading.request, "reports/rows.html", context)


def page_number(text: str) -> int:
    """Return the number of a page; `BadInput` for one that cannot be."""
    if number := plain(text, 999_999_999):
        return number
    raise BadInput("page", "not_a_page", "Halaman ini tidak ada.", "There is no such page.")
