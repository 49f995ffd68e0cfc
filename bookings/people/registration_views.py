"""Joining: `/daftar/`."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.redirects import safe_next
from accounts.services import PhoneTaken
from bookings.packs.ledger import claim
from bookings.packs.views import asker_in
from bookings.people.registration_forms import RegistrationForm
from bookings.people.services import register_producer
from bookings.trail.acting import producers_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make a producer with its first person, signed in at once."""
    target = safe_next(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = RegistrationForm(request.POST or None)
    if form.is_valid():
        wanted = {field: value for field, value in form.cleaned_data.items() if field != "consent"}
        try:
            user = register_producer(**wanted, now=timezone.now(), language=(get_language() or "id")[:2])
        except PhoneTaken:
            form.add_error("phone", _("Nomor ini sudah dipakai. Masuk, atau minta bantuan petugas."))
        else:
            login(request, user, backend=BACKEND)
            if asker := asker_in(request):
                claim(asker=asker, producer=producers_of(user)[0])
            messages.success(request, _("Akun Anda siap. Pilih mesin untuk pesanan pertama."))
            return redirect(target)
    status = 422 if form.is_bound else 200
    return render(request, "people/register.html", {"form": form, "next": target}, status=status)
