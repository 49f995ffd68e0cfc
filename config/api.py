"""The JSON door at /api/v1: one API object, how it reads requests, and the document that describes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser

from bookings.api import router as bookings_router
from bookings.reports.api import router as reports_router
from config import api_errors
from config.api_errors import Unreadable
from facilities.catalogue.api import router as facilities_router

SAFE = ("GET", "HEAD")


class StrictJson(Parser):
    """JSON as RFC 8259 means it: no NaN, no key twice, no NUL and no half characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, object_pairs_hook=_object, parse_constant=_no_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Unreadable(_first_twice(pairs))
    for key, value in pairs:
        for text in (key, *(value if isinstance(value, list) else (value,))):
            if isinstance(text, str) and ("\0" in text or any("\ud800" <= c <= "\udfff" for c in text)):
                raise Unreadable(_readable(key))
    return made


def _first_twice(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    return next((_readable(key) for key, _ in pairs if key in seen or seen.add(key)), "body")


def _readable(key: str) -> str:
    return key.encode("ascii", "replace").decode().replace("\0", "")[:60] or "body"


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class Api(NinjaAPI):
    """Ours answers HEAD wherever it answers GET, and describes its errors as what they are."""

    def _get_bound_routers(self) -> Any:
        fresh = self._bound_routers_cache is None
        bound = super()._get_bound_routers()
        for router in bound if fresh else ():
            for view in router.path_operations.values():
                for operation in view.operations:
                    if operation.methods == ["GET"]:
                        operation.methods = ["GET", "HEAD"]
        return bound

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(
    title="Rumah Produksi",
    version="1",
    description=(
        "Mesin, jam, dan pesanan di rumah produksi bersama. · Machines, hours and bookings of shared packaging "
        "houses.\n\nInstants are ISO 8601 with offset, money is whole rupiah, durations are whole minutes. Single "
        "objects carry an `ETag`; writes honour `If-Match` and answer 412 when it is stale. Errors are problem "
        "documents (RFC 9457) in Indonesian or English, as `Accept-Language` asks. Every answer has an "
        "`X-Request-Id`."
    ),
    docs_url=None,  # our own page: the usual one loads scripts from elsewhere
    openapi_url=None,
    parser=StrictJson(),
    urls_namespace="api",
)
api_errors.install(api)


def guarded(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse before anything else what no operation reads: other media types, unknown or repeated parameters."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in getattr(model, "__ninja_flatten_map__", {})
    }

    @wraps(run)
    def guard(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        if request.method not in SAFE and request.content_type != "application/json" and request.body:
            return api.on_exception(request, HttpError(415, "Send JSON: Content-Type: application/json."))
        wrong = [
            {"type": "unknown_parameter" if name not in known else "repeated_parameter", "loc": ("query", name)}
            for name, given in request.GET.lists()
            if name not in known or len(given) > 1
        ]
        if wrong:
            return api.on_exception(request, ValidationError(wrong))
        response = run(request, *args, **values)
        if operation.auth_callbacks:
            response.headers.setdefault("Cache-Control", "private, no-store")
            patch_vary_headers(response, ("Authorization", "Cookie"))
        return response

    return guard


api.add_decorator(guarded, mode="view")
api.add_router("", facilities_router)
api.add_router("", bookings_router)
api.add_router("", reports_router)


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of all this, for programs."""
    return JsonResponse(described())


PROBLEM = "application/problem+json"
OTHER_TYPES = {
    "/api/v1/calendar/{token}.ics": ["text/calendar"],
    "/api/v1/reports/usage": ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    "/api/v1/reports/needs": ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
}


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """Return the OpenAPI document: what ninja knows, with our media types, and without the implied HEAD."""
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    for address, operations in document["paths"].items():
        operations.pop("head", None)
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                _say_media_types(address, status, answer)
    return document


def _say_media_types(address: str, status: str, answer: dict[str, Any]) -> None:
    shown = answer.get("content", {}).pop("application/json", None)
    if int(status) >= 400:
        answer["content"] = {PROBLEM: shown}
    elif shown is not None:
        answer["content"]["application/json"] = shown
    if status == "200":
        for media_type in OTHER_TYPES.get(address, []):
            answer.setdefault("content", {})[media_type] = {"schema": {"type": "string"}}
