"""The JSON door at /api/v1: one API object, how it reads bodies, and how it says no.

The apps' routers are joined here. Refusals are 409 with all reasons; there is no
other mapping from errors to statuses than the one in this file.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from config.errors import problem, too_large
from facilities.errors import BadInput, NotAllowed, Refusal, Stale


class Unreadable(Exception):
    """A text in the body holds characters that no database keeps."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


class StrictJson(Parser):
    """JSON as RFC 8259 means it: no NaN, no key twice, no NUL and no half characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, object_pairs_hook=_object, parse_constant=_no_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key appears twice")
    for key, value in pairs:
        for text in (key, *(value if isinstance(value, list) else (value,))):
            if isinstance(text, str) and ("\0" in text or any("\ud800" <= c <= "\udfff" for c in text)):
                raise Unreadable(key.encode("ascii", "replace").decode().replace("\0", ""))
    return made


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


api = NinjaAPI(
    title="Rumah Produksi",
    version="1",
    description=(
        "Machines, hours and bookings of shared packaging houses. Instants are ISO 8601 with offset, money is whole "
        "rupiah, durations are whole minutes. Errors are problem documents (RFC 9457)."
    ),
    docs_url=None,  # our own page: the usual one loads scripts from elsewhere
    openapi_url="/openapi.json",
    parser=StrictJson(),
    urls_namespace="api",
)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    language = get_language() or "id"
    reasons = [
        {"code": reason.code, "detail": reason.sentence(language), "values": _plain(reason.values)}
        for reason in refusal.reasons
    ]
    alternatives = [_alternative(option) for option in refusal.alternatives]
    detail = " ".join(reason["detail"] for reason in reasons)
    return problem(409, refusal.code, detail, reasons=reasons, alternatives=alternatives)


def _plain(values: Any) -> Any:
    return json.loads(json.dumps(dict(values), default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v)))


def _alternative(option: Any) -> dict[str, str]:
    read = option.get if isinstance(option, dict) else lambda name: getattr(option, name)
    machine = read("machine")
    return {
        "machine": getattr(machine, "slug", machine),
        "starts_at": _instant(read("starts_at")),
        "ends_at": _instant(read("ends_at")),
    }


def _instant(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()


@api.exception_handler(BadInput)
def _bad_input(request: HttpRequest, wrong: BadInput) -> HttpResponse:
    sentence = wrong.sentence(get_language() or "id")
    return problem(422, wrong.code, sentence, errors=[{"field": wrong.field, "code": wrong.code, "message": sentence}])


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    errors = [
        {"field": _field(error["loc"]), "code": error["type"], "message": error["msg"]} for error in invalid.errors
    ]
    named = ", ".join(dict.fromkeys(error["field"] for error in errors))
    return problem(422, "invalid", f"Not accepted: {named}.", errors=errors)


def _field(location: Any) -> str:
    """Return the field's name: without where it came from, and without our parameter's name."""
    parts = [str(part) for part in location]
    if parts[:1] == ["body"] and len(parts) > 2:
        parts = parts[1:]
    return ".".join(parts[1:]) or "body"


@api.exception_handler(Stale)
def _stale(request: HttpRequest, stale: Stale) -> HttpResponse:
    return problem(412, "stale", "This has changed since you read it. Read it again.")


@api.exception_handler(NotAllowed)
@api.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, no: Exception) -> HttpResponse:
    return problem(403, "forbidden", "You may not do this.")


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, missing: Http404) -> HttpResponse:
    return problem(404, "not_found", "There is no such thing, or it is not yours to see.")


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, unknown: AuthenticationError) -> HttpResponse:
    response = problem(401, "not_signed_in", "Sign in, or send a valid token.")
    response["WWW-Authenticate"] = 'Bearer realm="rumah"'
    return response


CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    415: "unsupported",
    429: "too_many",
}


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, RequestDataTooBig):
        return too_large(request)
    if isinstance(cause, Unreadable):
        wrong = {"field": cause.field, "code": "unreadable", "message": "This is not readable text."}
        return problem(422, "unreadable", "The body holds characters nobody can read.", errors=[wrong])
    return problem(error.status_code, CODES.get(error.status_code, "refused"), str(error))
