"""The API's own reference page, drawn by the server from the OpenAPI document."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.api import api

METHODS = ("get", "post", "put", "patch", "delete")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """List every operation with its parameters, body and answers."""
    document = api.get_openapi_schema()
    return render(request, "pages/api_docs.html", {"info": document["info"], "operations": _operations(document)})


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _operation(document, method, address, described[method])
        for address, described in document["paths"].items()
        for method in METHODS
        if method in described
    ]


def _operation(document: dict[str, Any], method: str, address: str, described: dict[str, Any]) -> dict[str, Any]:
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "method": method.upper(),
        "path": address,
        "anchor": f"{method}{address}".replace("/", "-").replace("{", "").replace("}", ""),
        "summary": described.get("summary", ""),
        "description": described.get("description", ""),
        "signed_in": bool(described.get("security")),
        "parameters": described.get("parameters", []),
        "fields": _fields(document, body),
        "statuses": sorted(str(status) for status in described.get("responses", {})),
    }


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the top-level fields of a body, with their types as words."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    required = schema.get("required", [])
    return [
        {"name": name, "type": _type(part), "required": name in required, "description": part.get("description", "")}
        for name, part in schema.get("properties", {}).items()
    ]


def _type(part: dict[str, Any]) -> str:
    if "anyOf" in part:
        return " | ".join(_type(option) for option in part["anyOf"])
    if "$ref" in part:
        return part["$ref"].rsplit("/", 1)[-1]
    return part.get("format") or part.get("type", "any")
