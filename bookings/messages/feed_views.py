"""Kalender HP: secret addresses for one's own calendar, made and taken back on a page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signed_in import signed_in
from bookings.messages import feed_queries
from bookings.messages.feed_forms import FeedForm
from bookings.messages.feed_services import close_feed, open_feed
from bookings.messages.schemas import feed_path
from facilities.errors import Refusal


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """List one's addresses; make one. A new address stands in the answer to making it, and nowhere else."""
    user, status = signed_in(request), 200
    form = FeedForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        one = form.cleaned_data["shows"]
        try:
            feed, token = open_feed(user=user, now=timezone.now(), **{one._meta.model_name: one})
        except Refusal as refusal:
            form.add_error(None, refusal.reasons[0].sentence(request.LANGUAGE_CODE))
            status = 409
        else:
            address = request.build_absolute_uri(feed_path(token))
            subscribe = f"webcal:{address.split(':', 1)[1]}"
            context = {"feed": feed, "address": address, "subscribe": subscribe}
            return render(request, "messages/feed_made.html", context)
    elif form.is_bound:
        status = 422
    context = {"form": form, "rows": feed_queries.with_standing(user), "at_once": len(form.shown) == 1}
    return render(request, "messages/feeds.html", context, status=status)


@login_required
@require_POST
def take_back(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Let one of one's own addresses show nothing from now on."""
    feed = feed_queries.open_feeds(signed_in(request)).filter(pk=feed_id).first()
    if feed is None:
        raise Http404
    close_feed(feed=feed, now=timezone.now())
    messages.success(request, _("Alamat dicabut. Hapus juga kalendernya di HP Anda."))
    return redirect("feeds")
