"""What happens around every request: its id, its headers, its language, and input nobody can read."""

import re
import uuid
from collections.abc import Callable
from urllib.parse import unquote_to_bytes
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from config import errors
from config.logs import request_id

Answer = Callable[[HttpRequest], HttpResponse]

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# No inline script, style or handler anywhere, so no nonce is needed.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'none'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class RequestId:
    """Give each request an id, or keep a sane one from the proxy, and tell it back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.id = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id
        return response


class SecurityHeaders:
    """Put the strict headers on everything, and keep personal pages out of shared caches."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if _is_personal(request, response):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        bool(response.cookies)
        or "Cookie" in response.get("Vary", "")
        and settings.SESSION_COOKIE_NAME in request.COOKIES
    )


class Trouble:
    """Turn a database that cannot answer now into 503, and the API's bare noes into problem documents."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if errors.is_api(request) and response.status_code == 405:
            allowed = response.get("Allow", "")
            response = errors.problem(405, "method_not_allowed", f"Allowed here: {allowed}.")
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, (OperationalError, InterfaceError)):
            return errors.unavailable(request, problem)
        return None


class Language:
    """Speak Indonesian unless asked otherwise, and show the province's time where no facility is named.

    Many phones here are set to English by their makers, so pages follow the switch
    (a cookie), not the browser. Scripts have no switch: the API follows Accept-Language.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.zone = ZoneInfo(settings.DISPLAY_ZONE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language(request)
        with translation.override(language), timezone.override(self.zone):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",) if errors.is_api(request) else ("Cookie",))
        return response


def _language(request: HttpRequest) -> str:
    offered = dict(settings.LANGUAGES)
    if errors.is_api(request) and "Accept-Language" in request.headers:
        return translation.get_language_from_request(request)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in offered else settings.LANGUAGE_CODE


class ReadableInput:
    """Refuse what no form means: too much of it, NUL characters, bytes that are not UTF-8.

    Databases choke on both, each in its own way; here they are named before any view.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > _most(request):
            return errors.too_large(request)
        field = unreadable_field(request)
        if field is not None:
            return errors.unreadable(request, field)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isdecimal() and len(stated) < 16 else 0


def _most(request: HttpRequest) -> int:
    with_files = request.content_type == "multipart/form-data"
    return settings.REQUEST_MAX_SIZE if with_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def unreadable_field(request: HttpRequest) -> str | None:
    """Return the name of the first part of the request that cannot be read, or None."""
    if "\0" in request.path:
        return "path"
    if not _is_readable(request.META.get("QUERY_STRING", "").encode("latin-1", "replace")):
        return _field_with_nul(request.GET) or "query"
    if request.method != "POST" or errors.is_api(request):
        return None
    if request.content_type == "application/x-www-form-urlencoded" and not _is_readable(request.body):
        return _field_with_nul(request.POST) or "body"
    return _field_with_nul(request.POST)


def _is_readable(encoded: bytes) -> bool:
    raw = unquote_to_bytes(encoded)
    try:
        return "\0" not in raw.decode()
    except UnicodeDecodeError:
        return False


def _field_with_nul(values) -> str | None:
    for name, texts in values.lists():
        if any("\0" in text or "\ufffd" in text for text in [name, *texts]):
            return name.replace("\0", "")[:60]
    return None


def client_address(request: HttpRequest) -> str:
    """Return the address that asked, counted from the right through the proxies we run.

    With none of our own in front, X-Forwarded-For is whatever the client wrote.
    """
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            return hops[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR") or "0.0.0.0"
