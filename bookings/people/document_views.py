"""Documents: a producer writes down numbers, staff check them, and record what a producer's people were taught."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.signed_in import signed_in
from bookings.desk.views import at_counter, blame, for_managers
from bookings.models import Document, Producer, Qualification
from bookings.people import document_services
from bookings.people.documents import documents_of, has_booked_at, lessons_of, old_documents_of
from bookings.people.forms import DocumentForm, LessonForm, NumberForm
from bookings.trail.access import own_producer_ids, producers_visible_to
from bookings.trail.acting import producers_of
from facilities.access import may_manage
from facilities.errors import BadInput, WrongState
from facilities.models import Facility


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest) -> HttpResponse:
    """List a producer's own documents, and write another one down."""
    mine = producers_of(signed_in(request))
    one = _own(mine, request.GET.get("usaha", ""))
    form = DocumentForm(request.POST if request.method == "POST" else None)
    if one is not None and form.is_valid() and _added(request, one, form):
        messages.success(request, _("Dokumen tercatat. Petugas memeriksanya saat Anda datang."))
        return redirect(f"/dokumen/?usaha={one.slug}")
    today = timezone.localdate()
    context = {
        "one": one,
        "producers": mine,
        "form": form,
        "rows": documents_of(one, today=today) if one else [],
        "old": old_documents_of(one) if one else [],
    }
    return render(request, "people/documents.html", context, status=422 if form.is_bound else 200)


def _own(mine: list[Producer], slug: str) -> Producer | None:
    """Return the producer asked for, else the first of one's own; None for somebody who has none."""
    if slug and slug not in {one.slug for one in mine}:
        raise Http404
    return next((one for one in mine if not slug or one.slug == slug), None)


def _added(request: HttpRequest, one: Producer, form: DocumentForm) -> bool:
    try:
        document_services.add_document(
            producer=one, actor=signed_in(request), now=timezone.now(), today=timezone.localdate(), **form.cleaned_data
        )
    except BadInput as bad:
        blame(form, bad)
        return False
    return True


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, number: int) -> HttpResponse:
    """Renew one of one's own documents."""
    found = _own_document(request, number)
    form = NumberForm(
        request.POST if request.method == "POST" else None, kind=found.kind, initial={"number": found.number}
    )
    if form.is_valid():
        try:
            document_services.renew_document(document=found, actor=signed_in(request), now=timezone.now(),
                                  today=timezone.localdate(), **form.cleaned_data)  # fmt: skip
        except BadInput as bad:
            blame(form, bad)
        except WrongState:
            raise Http404 from None
        else:
            messages.success(request, _("Diperbarui. Petugas memeriksanya saat Anda datang."))
            return redirect(f"/dokumen/?usaha={found.producer.slug}")
    status = 422 if form.is_bound else 200
    return render(request, "people/document_renew.html", {"document": found, "form": form}, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take one of one's own documents off the list."""
    found = _own_document(request, number)
    _quietly(request, document_services.withdraw_document, document=found, done=_("Dokumen ditarik."))
    return redirect(f"/dokumen/?usaha={found.producer.slug}")


def _own_document(request: HttpRequest, number: int) -> Document:
    rows = Document.objects.filter(producer__in=own_producer_ids(signed_in(request)), withdrawn_at__isnull=True)
    found = rows.select_related("producer").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _quietly(request: HttpRequest, service: Any, *, done: str, **asked: Any) -> None:
    """Do a one-tap step and say so; that somebody did it already is no news."""
    try:
        service(actor=signed_in(request), now=timezone.now(), **asked)
    except WrongState as error:
        messages.warning(request, error.reasons[0].sentence(request.LANGUAGE_CODE))
    else:
        messages.success(request, done)


@at_counter
@require_safe
def file(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Show staff what a producer has on file, and what counts at this house."""
    return _page(request, house, _visible(request, slug))


def _visible(request: HttpRequest, slug: str) -> Producer:
    rows = producers_visible_to(signed_in(request)).select_related("district", "cooperative")
    one = rows.filter(slug=slug).first()
    if one is None:
        raise Http404
    return one


def _page(request: HttpRequest, house: Facility, one: Producer, *, status: int = 200, **extra: Any) -> HttpResponse:
    today = timezone.localdate()
    whole = has_booked_at(one, house)
    context = {
        "house": house,
        "one": one,
        "today": today,
        "whole": whole,
        "manages": may_manage(signed_in(request), house),
        "rows": documents_of(one, today=today, whole=whole),
        "lessons": lessons_of(one, house, today=today),
        "form": DocumentForm(prefix="dok"),
        "lesson": LessonForm(house=house, today=today, prefix="ajar"),
        **extra,
    }
    return render(request, "people/producer_file.html", context, status=status)


@for_managers
@require_POST
def add_for(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Write down a document for somebody who shows it at the counter."""
    one, form = _visible(request, slug), DocumentForm(request.POST, prefix="dok")
    if form.is_valid() and _added(request, one, form):
        messages.success(request, _("Dokumen tercatat."))
        return redirect("producer_file", slug=slug)
    return _page(request, house, one, status=422, form=form)


@for_managers
@require_POST
def check(request: HttpRequest, house: Facility, slug: str, number: int) -> HttpResponse:
    """Say that the document was seen, or that this was a mistake."""
    one = _visible(request, slug)
    found = Document.objects.filter(producer=one, pk=number, withdrawn_at__isnull=True).first()
    if found is None:
        raise Http404
    seen = request.POST.get("sudah") != "tidak"
    done = _("Tercatat sudah diperiksa.") if seen else _("Tanda periksa dicabut.")
    _quietly(request, document_services.check_document, document=found, checked=seen, done=done)
    return redirect("producer_file", slug=slug)


@for_managers
@require_POST
def teach(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Record an induction, or a lesson on a type of machine."""
    one, today = _visible(request, slug), timezone.localdate()
    form: Form = LessonForm(request.POST, house=house, today=today, prefix="ajar")
    if form.is_valid():
        try:
            document_services.give_qualification(producer=one, facility=house, actor=signed_in(request), now=timezone.now(),
                                      today=today, **form.cleaned_data)  # fmt: skip
        except BadInput as bad:
            blame(form, bad)
        else:
            messages.success(request, _("Pelatihan tercatat."))
            return redirect("producer_file", slug=slug)
    return _page(request, house, one, status=422, lesson=form)


@for_managers
@require_POST
def unteach(request: HttpRequest, house: Facility, slug: str, number: int) -> HttpResponse:
    """Say that a lesson of this house counts no more."""
    one = _visible(request, slug)
    found = Qualification.objects.filter(producer=one, facility=house, pk=number, withdrawn_at__isnull=True).first()
    if found is None:
        raise Http404
    _quietly(request, document_services.withdraw_qualification, qualification=found, done=_("Dicabut. Riwayatnya tetap."))
    return redirect("producer_file", slug=slug)


@for_managers
@require_POST
def verify(request: HttpRequest, house: Facility, slug: str) -> HttpResponse:
    """Say that the house knows this producer, or take that back."""
    one = _visible(request, slug)
    known = request.POST.get("dikenal") != "tidak"
    done = _("Tercatat terverifikasi.") if known else _("Verifikasi dicabut.")
    _quietly(request, document_services.verify_producer, producer=one, verified=known, done=done)
    return redirect("producer_file", slug=slug)
