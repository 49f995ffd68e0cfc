"""Ask for packs: one form, then every machine that can do it with its first times, and why the others cannot.

A POST writes the need down and leads to the results; those are an address of their own that can
be shared, and looking at it writes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from bookings.packs.card_views import choice_words, near_cards, option_cards
from bookings.packs.forms import WITH_WHOM, KemasForm, told_by
from bookings.packs.hurdles import Hurdle, hurdles
from bookings.packs.ledger import ask_for, asker_of, has_asked_enough
from bookings.packs.misfit_views import misfit_groups, ways_words
from bookings.packs.offers import Option
from bookings.packs.ranking import CHEAPEST, EARLIEST, NEAREST, with_choice
from bookings.packs.search import Found, causes, machines_by_format, search
from bookings.packs.wanted import Wanted
from bookings.rules.weights import weight_unit
from bookings.trail.acting import producers_of, products_to_pack
from facilities import vocabulary
from facilities.access import duties_of
from facilities.catalogue import wording
from facilities.catalogue.queries import districts

ASKER = "kemas_asker"
"""In the session: a random token. It survives signing in, and is stored only as a hash."""

FOR_WHOM = "kemas_untuk"
"""In the session: for whom somebody who acts for several asked last. Never in the address, which is shared."""
ORDERS = {"tercepat": EARLIEST, "terdekat": NEAREST, "termurah": CHEAPEST}
CARDS = 6
"""Options shown in full; the others fold."""
MORE = 20
"""Folded options on a page that shall stay light; all of them are one tap away."""
MOST_IN_A_GROUP = 12
MOST_WAYS = 6
NEW_DEVICES = 60
"""Of one address and hour, whose needs are written down: a village behind one mast, not a script that forgets its cookies."""


@require_http_methods(["GET", "HEAD", "POST"])
def kemas(request: HttpRequest) -> HttpResponse:
    """Ask what is to be packed; with an answer in the address, show what fits."""
    page = _Page(request)
    if request.method == "POST":
        response = page.choose() if "lanjut" in request.POST else page.ask()
    elif "siapa" in request.GET and len(page.producers) > 1:
        response = page.whom_page()
    elif "quantity" not in request.GET or "ubah" in request.GET:
        response = page.questions()
    else:
        response = page.results()
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"
    return response


class _Page:
    """One request: who asks, the form, and the clock."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.now = request, timezone.now()
        self.user = request.user if isinstance(request.user, User) else None
        self.producers = producers_of(self.user) if self.user else []
        self.products = products_to_pack(self.user) if self.producers else []
        self.zone = ZoneInfo(settings.DISPLAY_ZONE)
        is_sent = request.method == "POST"
        self.data = told_by(request.POST if is_sent else request.GET, self.products, is_sent=is_sent)

    def questions(self) -> HttpResponse:
        """The empty form, or filled in with what the address says; first for whom, where somebody acts for several."""
        form = self._form(None)
        return self.whom_page() if _lacks_whom(form) else self._form_page(form, status=200)

    def choose(self) -> HttpResponse:
        """Remember for whom, and go on where the question came up. The address stays free of it: it is shared."""
        slug = self.request.POST.get("untuk", "")
        if slug not in {producer.slug for producer in self.producers}:
            return self.whom_page(status=422, told=QueryDict(self.request.POST["lanjut"]))
        self.request.session[FOR_WHOM] = slug
        onward = _carried(QueryDict(self.request.POST["lanjut"]))
        return HttpResponseRedirect(f"{self.request.path}{'?' if onward else ''}{onward}", status=303)

    def whom_page(self, *, status: int = 200, told: QueryDict | None = None, **more: str) -> HttpResponse:
        """Ask for whom, before anything else: a member is chosen, never guessed."""
        context = {
            "producers": self.producers,
            "onward": _carried(self.data if told is None else told, **more),
            "is_refused": status == 422,
            "whom": self.request.session.get(FOR_WHOM, ""),
        }
        return render(self.request, "packs/for_whom.html", context, status=status)

    def ask(self) -> HttpResponse:
        """Search once, write the need down, and lead to the results."""
        form = self._form(self.data)
        if _lacks_whom(form):
            return self.whom_page(status=422, ubah="1")
        if not form.is_valid():
            return self._form_page(form, status=422)
        found = search(form.wanted(self.now, self.zone), now=self.now)
        if "untuk" in form.fields:
            self.request.session[FOR_WHOM] = form.cleaned_data["untuk"]
        if self._write_down(form, found) and not found.options:
            messages.info(self.request, _("Kebutuhan Anda kami catat, agar dinas tahu apa yang kurang."))
        return HttpResponseRedirect(f"{self.request.path}?{form.query()}", status=303)

    def results(self) -> HttpResponse:
        """What fits, in the order asked for; what does not, and why."""
        form = self._form(self._with_whom(self.data))
        if _lacks_whom(form):
            return self.whom_page()
        if not form.is_valid():
            return self._form_page(form, status=422)
        usual, order = _usual_order(form), self.data.get("urut", "")
        order = order if order in ORDERS else usual
        found = search(form.wanted(self.now, self.zone), now=self.now, order=ORDERS[order])
        return render(self.request, "packs/results.html", self._results(form, found, order))

    def _results(self, form: KemasForm, found: Found, order: str) -> dict[str, Any]:
        everything = "semua" in self.data
        usual = _usual_order(form)
        kept = form.query(urut=None if order == usual else order)
        product, pack, wanted = form.described(), form.cleaned_data["format"], form.wanted(self.now, self.zone)
        ways = self._ways(wanted, product.formats) if found.misfits else []
        options = found.options if order == "termurah" else with_choice(found.options)
        shown = options if everything else options[: CARDS + MORE]
        cards = option_cards(form, shown, order=order, hurdles=self._hurdles(form, shown))
        return {
            "product": product,
            "quantity": form.cleaned_data["quantity"],
            "pack": wording.format_words([pack]),
            "net_weight": form.net_weight(),
            "weight_unit": weight_unit(product.form),
            "district": form.district(),
            "days": form.days(self.now, self.zone),
            "edit": form.query(ubah=1),
            **_whom(form, self.data),
            "orders": [
                {"word": word, "query": form.query(urut=None if code == usual else code), "is_on": code == order}
                for code, word in _order_words(has_place=form.district() is not None)
            ],
            "total": len(found.options),
            "cards": cards[:CARDS],
            "choice": choice_words(cards, now=self.now) if order != "termurah" else "",
            "more": cards[CARDS:],
            "more_total": len(found.options) - CARDS,
            "left": len(found.options) - len(shown),
            "near": near_cards(form, found.near),
            "misfits": len(found.misfits),
            "groups": misfit_groups(found.misfits, wanted, most=None if everything else MOST_IN_A_GROUP,
                                    ways=[str(way["word"]) for way in ways]),
            "all_query": "" if everything else f"{kept}&semua=1",
            "other_packs": [{**way, "query": form.query(format=way["code"])} for way in ways],
            "step": 2,
            "steps": 5,
        }

    def _ways(self, wanted: Wanted, usual: Sequence[str]) -> list[dict[str, Any]]:
        """How many machines would pack it into its other usual packs, or into any where nobody knows those; most first."""
        packs = [code for code in usual or vocabulary.FORMATS if code != wanted.format]
        counts = machines_by_format(wanted, packs, now=self.now)
        none = [code for code in packs if not counts[code]] if wanted.net_weight else []
        loose = machines_by_format(replace(wanted, net_weight=None), none, now=self.now)
        ways = ways_words(counts, loose, wanted.net_weight, wanted.form)
        ways.sort(key=lambda way: -int(way["count"]))
        return ways if usual else [way for way in ways if way["count"]][:MOST_WAYS]

    def _hurdles(self, form: KemasForm, shown: Sequence[Option]) -> Mapping[int, Sequence[Hurdle]]:
        """What stands between whoever asks and the options on the page, where it is known who asks."""
        producer = form.producer()
        return hurdles(producer, form.wanted(self.now, self.zone), shown, now=self.now) if producer else {}

    def _form(self, data: QueryDict | None) -> KemasForm:
        told = {name: self.data[name] for name in KemasForm.base_fields if self.data.get(name)}
        if "quantity" in told:  # what an address leaves out was left out on purpose
            told = {"produk": "", "dari": "", **told}
        return KemasForm(
            data,
            districts=list(districts()),
            producers=self.producers,
            products=self.products,
            initial={"untuk": self.request.session.get(FOR_WHOM, ""), **told},
        )

    def _with_whom(self, data: QueryDict) -> QueryDict:
        """The address with for whom it was asked, which only this session knows."""
        known = {producer.slug for producer in self.producers}
        if self.request.session.get(FOR_WHOM) not in known:
            return data
        told = data.copy()
        told["untuk"] = self.request.session[FOR_WHOM]
        return told

    def _form_page(self, form: KemasForm, *, status: int) -> HttpResponse:
        by_hand = bool(form["product_name"].value() or form["product_name"].errors or form["form"].errors)
        context = {
            "form": form,
            "by_hand": by_hand,
            **_whom(form, self.data),
            "has_days": any(form[name].value() or form[name].errors for name in ("mulai", "sampai")),
            "step": 1,
            "steps": 5,
        }
        return render(self.request, "packs/kemas.html", context, status=status)

    def _write_down(self, form: KemasForm, found: Found) -> bool:
        """Keep the need, once; what staff try out is nobody's need."""
        duties = duties_of(self.request.user)
        if not self.producers and (duties.is_staff or duties.sees_all or duties.districts):
            return False
        producer = form.producer()
        if producer is None and ASKER not in self.request.session and self._are_too_many():
            return False
        asker = "" if producer and ASKER not in self.request.session else self._asker()
        if has_asked_enough(producer=producer, asker=asker, now=self.now):
            return False
        ask_for(
            asked=form.asked(),
            found=len(found.options),
            reasons=causes(found, form.wanted(self.now, self.zone)),
            now=self.now,
            producer=producer,
            asker=asker,
        )
        return True

    def _are_too_many(self) -> bool:
        """Whether one address brought so many new devices within the hour that they are hardly people. Per process."""
        key = f"kemas.devices.{asker_of(get_client_ip_address(self.request))}"
        cache.add(key, 0, timeout=3600)
        try:
            return cache.incr(key) > NEW_DEVICES
        except ValueError:  # the hour ended between the two
            return False

    def _asker(self) -> str:
        token = self.request.session.setdefault(ASKER, secrets.token_urlsafe(24))
        return asker_of(token)


def _lacks_whom(form: KemasForm) -> bool:
    return form.acts_for_several and form.whom is None


def _whom(form: KemasForm, data: QueryDict) -> dict[str, Any]:
    """Who stands on the page, and where another is chosen; nothing for who acts for one."""
    return {"whom": form.whom, "other_whom": _carried(data, siapa="1")} if form.acts_for_several else {}


def _carried(data: QueryDict, **more: str) -> str:
    """Return the query of what was said so far, but for whom."""
    kept = QueryDict(mutable=True)
    for name, value in {**{name: data.get(name) for name in WITH_WHOM}, **more}.items():
        if value:
            kept[name] = value
    return kept.urlencode()


def _usual_order(form: KemasForm) -> str:
    """What comes first unless somebody chooses: what is near, where it is known from where."""
    return "tercepat" if form.district() is None else "terdekat"


def _order_words(*, has_place: bool) -> list[tuple[str, str]]:
    """The orders to choose from: nobody knows what is near who did not say from where."""
    near = [("terdekat", _("Terdekat"))] if has_place else []
    return [*near, ("tercepat", _("Tercepat")), ("termurah", _("Termurah"))]


def asker_in(request: HttpRequest) -> str:
    """Return under what name the ledger of needs knows this device, or nothing when it never asked."""
    token = request.session.get(ASKER)
    return asker_of(token) if token else ""
