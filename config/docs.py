"""The API's own reference page, drawn by the server from the OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.services import SCOPES
from config.api import described

METHODS = ("get", "post", "put", "patch", "delete")
TAGS = {
    "catalogue": ("Katalog", "Catalogue"),
    "bookings": ("Pesanan", "Bookings"),
    "runs": ("Pemakaian", "Runs"),
    "upkeep": ("Perawatan dan kerusakan", "Maintenance and breakdowns"),
    "people": ("Pelaku usaha dan produk", "Producers and products"),
    "calendar": ("Kalender", "Calendar feeds"),
    "reports": ("Laporan", "Reports"),
}


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """List every operation with its parameters, body and answers."""
    document = described()
    operations = _operations(document)
    groups = [
        {"id": id_, "en": en, "tag": tag, "operations": [op for op in operations if op["tag"] == tag]}
        for tag, (id_, en) in TAGS.items()
    ]
    return render(request, "pages/api_docs.html", {"about": _plain(document["info"]["description"]), "groups": groups, "scopes": SCOPES})


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _operation(document, method, address, about[method])
        for address, about in document["paths"].items()
        for method in METHODS
        if method in about
    ]


def _operation(document: dict[str, Any], method: str, address: str, about: dict[str, Any]) -> dict[str, Any]:
    body = about.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answers = about["responses"]
    good = next((answers[status] for status in ("200", "201", "204") if status in answers), {})
    made = good.get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "tag": about["tags"][0],
        "method": method.upper(),
        "parts": address.strip("/").split("/"),
        "anchor": about["operationId"].replace("_", "-"),
        "summary": about.get("summary", ""),
        "description": _plain(about.get("description", "")),
        "signed_in": bool(about.get("security")),
        "parameters": [{**part, "type": _type(part["schema"])} for part in about.get("parameters", [])],
        "fields": _fields(document, body),
        "made": _fields(document, made),
        "statuses": sorted(answers),
    }


def _plain(text: str) -> str:
    """Return text without the marks that only programs draw as code."""
    return text.replace("`", "")


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the top-level fields of a shape, with their types as words; of a choice of shapes, each field once."""
    found: dict[str, dict[str, Any]] = {}
    for option in schema.get("oneOf") or schema.get("anyOf") or [schema]:
        known = _resolved(document, option)
        required = known.get("required", [])
        for name, part in known.get("properties", {}).items():
            about = {"name": name, "type": _type(part), "required": name in required}
            found.setdefault(name, {**about, "description": part.get("description", "")})
    return list(found.values())


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _type(part: dict[str, Any]) -> str:
    """Return a type in a few words: `integer`, `date-time or null`, `list of RunOut`, `halal | non_halal`."""
    if "anyOf" in part:
        return " or ".join(dict.fromkeys(_type(option) for option in part["anyOf"]))
    if "$ref" in part:
        return str(part["$ref"]).rsplit("/", 1)[-1]
    if "enum" in part:
        return " | ".join(str(choice) for choice in part["enum"] if choice != "")
    if part.get("type") == "array":
        return f"list of {_type(part.get('items', {}))}"
    return str(part.get("const") or part.get("format") or part.get("type", "any"))
