"""Addresses that belong to the site as a whole: its state, its service worker, words to robots."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import health
from config.context import Site


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Say in words what works now, for people who wonder whether it is their phone."""
    found = health.checks()
    parts = [
        (_("Halaman dan pesanan"), found["database"] == "ok" and found["migrations"] == "ok"),
        (_("Pengingat dan surel"), found["worker"] == "ok"),
    ]
    whole = all(well for _name, well in parts)
    context = {"parts": parts, "whole": whole, "at": timezone.now(), "zone": settings.DISPLAY_ZONE}
    return render(request, "pages/status.html", context, status=200 if whole else 503)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the root: it may only look after paths below its own."""
    response = HttpResponse((settings.ROOT / "static/js/sw.mjs").read_bytes(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let the catalogue be found; demo data never."""
    hidden = "/" if Site(request).is_demo else "/akun/\nDisallow: /pesan/\nDisallow: /api/"
    return HttpResponse(f"User-agent: *\nDisallow: {hidden}\n", content_type="text/plain")
