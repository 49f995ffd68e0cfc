"""Booking a machine: pick a time, say what is packed, check, send. Every page keeps all that was said before."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.signed_in import signed_in
from bookings.home.receipt_views import slip
from bookings.models import Booking, Producer
from bookings.ordering.choosing_views import time_page
from bookings.ordering.forms import Chosen, DetailsForm, ProducerForm, TimeForm, is_complete
from bookings.ordering.orders import Order, ask
from bookings.ordering.own_time import own_booking
from bookings.ordering.page_parts import class_told, far_words, machine_of, near_as_links, worked_out
from bookings.packs import estimate
from bookings.packs.ledger import claim
from bookings.packs.near_misses import NearMiss, near_misses, ruled_out
from bookings.packs.order_address import kept, kept_pairs, next_order, visits_in
from bookings.packs.views import asker_in
from bookings.rules.decision import Question, Request, verdict
from bookings.rules.question import question_about, request_for
from bookings.trail.access import own_producer_ids
from bookings.trail.acting import acts_for_another, own_producers, producers_of, products_of
from bookings.trail.answering import is_promised
from bookings.trail.queries import answered_by
from facilities import vocabulary
from facilities.catalogue import wording
from facilities.catalogue.bringing import Brought, bring_list
from facilities.catalogue.queries import tariff_on
from facilities.catalogue.wording import sentences
from facilities.errors import BadInput, Reason, Refusal
from facilities.models import Machine

LONGEST_KEY = 64


@require_safe
def pick_time(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer the nearest times, then days and hours; every grey time says why."""
    now = timezone.now()
    machine = machine_of(slug, now)
    with timezone.override(machine.facility.zone):
        cleaning_class = class_told(request, request.GET)
        context = time_page(machine, request.GET, now=now, cleaning_class=cleaning_class, viewer=request.user)
        context |= {"step": 2, "steps": 5, "next_href": _after_time(slug, request.GET), "whom": _whom(request)}
        return render(request, "ordering/pick_time.html", context)


@never_cache
@login_required
@require_safe
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for whom and what."""
    return _Page(request, slug, request.GET).details()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the whole order once more; POST sends it."""
    data = request.POST if request.method == "POST" else request.GET
    if not request.user.is_authenticated:
        return redirect_to_login(f"{reverse('order_check', args=[slug])}?{kept(data)}")
    page = _Page(request, slug, data)
    return page.send() if request.method == "POST" else page.check()


class _Page:
    """One request in the middle of an order: what was said so far, and the page that fits it."""

    def __init__(self, request: HttpRequest, slug: str, data: QueryDict) -> None:
        self.request, self.data = request, data
        self.now = timezone.now()
        self.user = signed_in(request)
        self.machine = machine_of(slug, self.now)
        timezone.activate(self.machine.facility.zone)
        self._asked_once: Question | None = None
        self.time = TimeForm(data, zone=self.machine.facility.zone)
        self.chosen: Chosen | None = self.time.chosen() if self.time.is_valid() else None

    def details(self) -> HttpResponse:
        """The questions, filled in with what is known."""
        stop = self._before_details()
        if stop is not None:
            return stop
        return self._details_page(self._form(None), status=200)

    def check(self) -> HttpResponse:
        """The order with its price, or what stands against it."""
        stop = self._before_check()
        if stop is not None:
            return stop
        reasons = verdict(self._question()).refusals
        return self._refused(reasons) if reasons else self._check_page([], [])

    def send(self) -> HttpResponse:
        """Book, or say every reason why not and keep everything."""
        stop = self._before_check()
        if stop is not None:
            return stop
        key = self.data.get("kunci", "")[:LONGEST_KEY] or secrets.token_urlsafe(16)
        if asker := asker_in(self.request):
            claim(asker=asker, producer=self.producer)
        try:
            reference = ask(
                order=self._order(),
                actor=self.user,
                key=key,
                now=self.now,
                on_behalf=acts_for_another(self.user, self.producer),
            )
        except Refusal as refusal:
            return self._refused(refusal.reasons)
        except BadInput:
            # The form was changed and sent again under its old key: a new page has a new one.
            own = self._own()
            warning = _("Pesanan ini berubah sejak dikirim. Periksa, lalu kirim lagi.")
            return self._own_page(own) if own else self._check_page([], [], warning=warning)
        return HttpResponseRedirect(self._receipt(reference), status=303)

    def _refused(self, reasons: Sequence[Reason]) -> HttpResponse:
        """Every reason why not; or, where the asker has this very time already, their booking."""
        own = self._own()
        return self._own_page(own) if own else self._check_page(list(reasons), self._near(reasons))

    def _own(self) -> Booking | None:
        start, end = self.chosen.start, self.chosen.end  # type: ignore[union-attr]
        return own_booking(self.machine, start, end, producer=self.producer, actor=self.user)

    def _own_page(self, own: Booking) -> HttpResponse:
        """The booking that holds this time; the same order sent once more leads straight to its receipt."""
        is_sent, is_same = self.request.method == "POST", self._is_same(own)
        if is_sent and is_same:
            messages.info(self.request, _("Ini pesanan Anda, %(reference)s.") % {"reference": own.reference})
            return HttpResponseRedirect(self._receipt(own.reference), status=303)
        context = {**self._common(), "booking": own, "receipt": slip(own, self.now), "differs": is_sent,
                   "several": self.several}  # fmt: skip
        return render(self.request, "ordering/own.html", context, status=409 if is_sent else 200)

    def _is_same(self, own: Booking) -> bool:
        """Whether the booking says already all that this order says."""
        order = self._order()
        name = order.product.name if order.product else " ".join(order.product_name.split())
        told = (order.starts_at, order.ends_at, order.producer.pk, order.pack_format, order.quantity, order.note)
        kept_so = (own.starts_at, own.ends_at, own.producer_id, own.pack_format, own.quantity, own.note)
        return told == kept_so and name.casefold() == own.product_name.casefold()

    def _receipt(self, reference: str) -> str:
        """Where the receipt is; of a plan it offers the next visit."""
        path = reverse("booking", args=[reference])
        following = next_order(self.data, self.machine.facility.zone, after=self.chosen.end)  # type: ignore[union-attr]
        return f"{path}?{urlencode({'lanjut': following})}" if following else path

    def _before_details(self) -> HttpResponse | None:
        """A page that must come first, or nothing."""
        if self.chosen is None:
            return self._time_page()
        producers = producers_of(self.user)
        if not producers:
            return render(self.request, "ordering/no_producer.html", {"machine": self.machine}, status=403)
        self.several = len(producers) > 1
        asked = self.data.get("producer", "")
        found = [p for p in producers if p.slug == asked] if asked or self.several else producers
        if not found:
            return self._producer_page(producers, asked)
        self.producer: Producer = found[0]
        return None

    def _before_check(self) -> HttpResponse | None:
        stop = self._before_details()
        if stop is not None:
            return stop
        self.form = self._form(self.data)
        return None if self.form.is_valid() else self._details_page(self.form, status=422)

    def _form(self, data: QueryDict | None) -> DetailsForm:
        products = products_of(self.producer)
        return DetailsForm(data, machine=self.machine, products=products, told=self.data, producer=self.producer)

    def _time_page(self) -> HttpResponse:
        slug = self.machine.slug
        if not self.data.get("jam"):
            return redirect(f"{reverse('pick_time', args=[slug])}?{kept(self.data)}")
        cleaning_class = class_told(self.request, self.data)
        context = time_page(self.machine, self.data, now=self.now, cleaning_class=cleaning_class, viewer=self.user)
        context |= {"step": 2, "steps": 5, "next_href": _after_time(slug, self.data), "time_form": self.time}
        return render(self.request, "ordering/pick_time.html", context, status=422)

    def _producer_page(self, producers: list[Producer], asked: str) -> HttpResponse:
        form = ProducerForm(self.data if asked else None, producers=producers)
        hidden = kept_pairs(self.data, "producer")
        context = {**self._common(), "form": form, "producers": producers, "hidden": hidden, "step": 3, "steps": 5}
        return render(self.request, "ordering/pick_producer.html", context, status=422 if asked else 200)

    def _details_page(self, form: DetailsForm, *, status: int) -> HttpResponse:
        context = {
            **self._common(),
            "form": form,
            "producer": self.producer,
            "several": self.several,
            "hidden": kept_pairs(self.data, *form.fields),
            "other_packs": _other_packs(form),
            "paces": _paces(self.machine, form, self.chosen.minutes),  # type: ignore[union-attr]
            "step": 3,
            "steps": 5,
        }
        return render(self.request, "ordering/details.html", context, status=status)

    def _check_page(self, reasons: list[Reason], near: list[NearMiss], *, warning: str = "") -> HttpResponse:
        tariff = tariff_on(self.machine, timezone.localdate(self.chosen.start))  # type: ignore[union-attr]
        read = self.form.cleaned_data
        product = self.form.chosen_product()
        said = verdict(self._question())
        total = worked_out(self.machine, tariff, self.chosen, self.form)  # type: ignore[arg-type]
        context = {
            **self._common(),
            "producer": self.producer,
            "several": self.several,
            "product_name": product.name if product else read["product_name"],
            "pack": wording.format_words([read["format"]]),
            "quantity": read["quantity"],
            "bring": self._bring(),
            "work": wording.work_words(self.machine.type_id),
            "level": wording.level_word(self.machine.operator_level),
            "note": read["note"],
            "sum": total,
            "longer": self._longer(total.needed),
            "tariff": tariff,
            "tariff_words": wording.price(tariff.unit, tariff.amount) if tariff else "",
            "reasons": sentences(reasons),
            "near": near_as_links(near, self.machine, self.data, quantity=read["quantity"]),
            "warning": warning,
            "far": far_words(self.producer.district, self.machine.facility),
            "asks": sentences(said.asks),
            "warnings": sentences(said.warnings),
            "waits": bool(said.asks),
            "answer": self._answer() if said.asks else None,
            "later": visits_in(
                self.data.get("lanjut", ""), self.machine.facility.zone, after=self.chosen.end  # type: ignore[union-attr]
            ),
            "rules": wording.rules(self.machine.facility)[3:5],
            "hidden": kept_pairs(self.data),
            "key": secrets.token_urlsafe(16),
            "step": 4,
            "steps": 5,
        }
        status = 409 if reasons or warning else 200
        return render(self.request, "ordering/check.html", context, status=status)

    def _bring(self) -> list[Brought]:
        product, read = self.form.chosen_product(), self.form.cleaned_data
        return bring_list(
            type_code=self.machine.type_id, form=product.form if product else read["form"], pack_format=read["format"],
            quantity=read["quantity"], product=product.name if product else read["product_name"],
            house=self.machine.facility.what_to_bring,
        )  # fmt: skip

    def _answer(self) -> datetime | None:
        """Until when the house answers, where it opens before the job."""
        start = self.chosen.start  # type: ignore[union-attr]
        until = answered_by(self.machine.facility, start, now=self.now)
        return until if is_promised(until, start) else None

    def _near(self, reasons: Sequence[Reason]) -> list[NearMiss]:
        """What almost fits: looked up when nothing is locked any more."""
        quantity = self.form.cleaned_data["quantity"]
        return near_misses(self.machine, self._asked(), now=self.now, codes=ruled_out(reasons), quantity=quantity)

    def _longer(self, needed: int | None) -> str:
        """The query for enough time, where one booking may be that long."""
        return kept(self.data, lama=needed, jam=None) if needed and needed <= self.machine.limits.longest else ""

    def _common(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "house": self.machine.facility,
            "chosen": self.chosen,
            "kept": kept(self.data),
            "kept_but_producer": kept(self.data, producer=None, product=None),
        }

    def _asked(self) -> Request:
        product, read = self.form.chosen_product(), self.form.cleaned_data
        return request_for(
            self.machine,
            self.chosen.start,  # type: ignore[union-attr]
            self.chosen.end,  # type: ignore[union-attr]
            product=product,
            form=read["form"],
            line=read["line"],
            pack_format=read["format"],
            cleaning_class=read["kelas"],
            net_weight=read["berat"],
        )

    def _question(self) -> Question:
        if self._asked_once is None:
            self._asked_once = question_about(
                self.machine, self._asked(), now=self.now, producer=self.producer, thorough=True
            )
        return self._asked_once

    def _order(self) -> Order:
        read = self.form.cleaned_data
        return Order(
            machine_id=self.machine.pk,
            starts_at=self.chosen.start,  # type: ignore[union-attr]
            ends_at=self.chosen.end,  # type: ignore[union-attr]
            producer=self.producer,
            product=self.form.chosen_product(),
            product_name=read["product_name"],
            form=read["form"],
            line=read["line"],
            cleaning_class=read["kelas"],
            net_weight=read["berat"],
            pack_format=read["format"],
            quantity=read["quantity"],
            note=read["note"],
        )


def _whom(request: HttpRequest) -> Producer | None:
    """For whom an address orders, where who looks acts for them; one of several must be named on every page."""
    asked = request.GET.get("producer", "")
    if not asked or not isinstance(request.user, User) or len(own_producer_ids(request.user)) < 2:
        return None
    return own_producers(request.user).filter(slug=asked).first()


def _after_time(slug: str, data: QueryDict) -> str:
    """Where a chosen time leads: to the details, or past them where everything was said already."""
    return reverse("order_check" if is_complete(data) else "order_details", args=[slug])


def _paces(machine: Machine, form: DetailsForm, minutes: int) -> list[dict[str, Any]]:
    """For each pack the machine makes: the word, and how many fit into the chosen time."""
    best: dict[str, int] = {}
    for capability in machine.capabilities.all():
        best[capability.format] = max(best.get(capability.format, 0), capability.best_rate)
    return [
        {"word": word.lower(), "packs": estimate.packs_possible(minutes, rate=best[code])}
        for code, word in form.packs
        if code in best
    ]


def _other_packs(form: DetailsForm) -> list[dict[str, str]]:
    """The packs this machine does not make, each with where to look for one that does."""
    made = {code for code, _word in form.packs}
    return [
        {"word": word, "href": f"{reverse('machines')}?format={code}"}
        for code, word in vocabulary.format_choices(wording.language())
        if code not in made
    ]

