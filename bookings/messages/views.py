"""Pesan masuk: what the house told this person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.signed_in import signed_in
from accounts.writing.numbers import plain
from bookings.messages.queries import inbox as messages_of
from bookings.messages.queries import unread_messages
from bookings.messages.services import mark_read as remember_read

PER_PAGE = 20


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List messages, the newest first; the unread ones say so."""
    user = signed_in(request)
    page = Paginator(messages_of(user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": unread_messages(user).count()}
    return render(request, "messages/inbox.html", context)


@login_required
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one message read, or all, and come back."""
    asked = request.POST.get("pesan", "")
    number = plain(asked)
    if asked and number is None:
        raise Http404
    remember_read(user=signed_in(request), now=timezone.now(), message_id=number)
    return HttpResponseRedirect(reverse("inbox"), status=303)
