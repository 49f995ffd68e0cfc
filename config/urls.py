"""Every address of the site; the pages' own are in their apps."""

from django.urls import include, path

from config import docs, errors, health, pages
from config.api import api

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", health.process),
    path("readyz", health.readiness),
    path("status/", pages.status, name="status"),
    path("sw.js", pages.service_worker, name="service_worker"),
    path("robots.txt", pages.robots),
    path("api/v1/docs", docs.reference, name="api_docs"),
    path("api/v1/", api.urls),
    path("", include("accounts.urls")),
    path("", include("facilities.catalogue.urls")),
    path("", include("bookings.urls")),
    path("", include("bookings.reports.urls")),
]
