"""Pages and problem documents for what goes wrong around a view.

Refusals of the business are not here: services raise them and the edges render them.
"""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

logger = logging.getLogger("rumah.errors")

API = "/api/"
RETRY_SECONDS = 5

# Last resort, when even templates fail. Plain, because it must not depend on anything.
BARE = (
    "<!doctype html><html lang=id><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Rumah Produksi</title><h1>Halaman belum bisa dibuka</h1>"
    "<p>Data Anda aman. Coba lagi beberapa menit lagi.</p><p><a href='/'>Ke beranda</a></p>"
)


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API)


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """Return an RFC 9457 problem document; `errors` and `reasons` come as keywords."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return JsonResponse({**body, "errors": [], **more}, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _answer(request, 400, "bad_request", "The request cannot be read.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "forbidden", "You may not do this.")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without its token: an old tab, blocked cookies, or another site."""
    return _answer(request, 403, "csrf_failed", "The CSRF token is missing or wrong.", page="csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "not_found", "There is nothing at this address.")


def too_large(request: HttpRequest) -> HttpResponse:
    return _answer(request, 413, "too_large", "The request is too large.")


def unreadable(request: HttpRequest, field: str) -> HttpResponse:
    """Answer input with NUL characters or broken UTF-8, naming where it was."""
    errors = [{"field": field, "code": "unreadable", "message": "This is not readable text."}]
    status = 422 if is_api(request) else 400
    return _answer(
        request, status, "unreadable", "The request holds characters nobody can read.", page="400", errors=errors
    )


def server_error(request: HttpRequest) -> HttpResponse:
    cause = sys.exc_info()[1]
    if isinstance(cause, (OperationalError, InterfaceError)):
        return unavailable(request, cause)
    return _answer(request, 500, "server_error", "Our mistake. It has been noted under the request id.", bare=True)


def unavailable(request: HttpRequest, cause: Exception) -> HttpResponse:
    """Answer 503 when the database is away or busy beyond its time limit."""
    logger.warning("The database did not answer: %s", type(cause).__name__)
    response = _answer(request, 503, "unavailable", "The database cannot answer now. Try again.", bare=True)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _answer(
    request: HttpRequest, status: int, code: str, detail: str, *, page: str = "", bare: bool = False, **more: Any
) -> HttpResponse:
    if is_api(request):
        return problem(status, code, detail, **more)
    context = {"status": status, "request_id": getattr(request, "id", "")}
    try:
        # A page about a broken database must not ask the database who is signed in.
        page_html = render_to_string(f"errors/{page or status}.html", context, None if bare else request)
    except Exception:
        if not bare:
            logger.exception("The page for %s could not be rendered", status)
        page_html = BARE
    return HttpResponse(page_html, status=status)
