"""Every address of the site; the pages' own are in their apps."""

from importlib.util import find_spec

from django.conf.urls.i18n import set_language
from django.urls import include, path

from config import errors, health

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", health.process),
    path("readyz", health.readiness),
    path("bahasa/", set_language, name="set_language"),
]
for app in ("accounts", "facilities", "bookings", "bookings.reports"):
    if find_spec(f"{app}.urls"):
        urlpatterns.append(path("", include(f"{app}.urls")))
