"""What every operation of the API answers with: pages, ETags, and the statuses it declares."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Status
from pydantic import BaseModel

from .schemas import PageIn, Problem

Row = TypeVar("Row")

STALE = -1
"""A version that nothing has."""


def answers(made: Any, *also: int, status: int = 200) -> dict[int, Any]:
    """Return the declared answers of a public read: what is made, bad parameters, and a database that is away."""
    return {status: made} | {code: None if code == 304 else Problem for code in sorted({*also, 422, 503})}


def own_answers(made: Any, *also: int) -> dict[int, Any]:
    """Return the declared answers of a read that needs somebody signed in."""
    return answers(made, 401, 403, *also)


def write_answers(made: Any, *also: int, status: int = 200) -> dict[int, Any]:
    """Return the declared answers of a write."""
    return answers(made, 400, 401, 403, 404, 409, 413, 415, 429, *also, status=status)


def page_of(found: QuerySet[Any] | Sequence[Any], asked: PageIn, show: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    """Return one page of what was found; `show` turns its rows into shapes, all at once."""
    first = (asked.page - 1) * asked.page_size
    count = found.count() if isinstance(found, QuerySet) else len(found)
    rows = list(found[first : first + asked.page_size]) if first < count else []
    return {"items": show(rows), "count": count, "page": asked.page, "page_size": asked.page_size}


def tagged(request: HttpRequest, response: HttpResponse, made: BaseModel, *, version: int) -> BaseModel | Status[None]:
    """Give a single object its ETag; answer 304 to a reader who has it already.

    The tag holds the version, which `If-Match` compares, and a digest of all that is shown.
    """
    digest = hashlib.sha256(made.model_dump_json().encode()).hexdigest()[:16]
    response["ETag"] = f'"{version}-{digest}"'
    response["Cache-Control"] = "private, no-cache"
    known = _tags(request.headers.get("If-None-Match", ""))
    if request.method in ("GET", "HEAD") and (f"{version}-{digest}" in known or "*" in known):
        return Status(304, None)
    return made


def version_seen(request: HttpRequest, current: int) -> int | None:
    """Return the version the writer saw by `If-Match`: None without one, `STALE` when it is not the current one."""
    if "If-Match" not in request.headers:
        return None
    tags = _tags(request.headers["If-Match"])
    if "*" in tags or any(tag.split("-")[0] == str(current) for tag in tags):
        return current
    return STALE


def _tags(header: str) -> set[str]:
    """Return the tags of a header without quotes. Weak ones count: compressing makes ours weak on the way."""
    return {tag.strip().removeprefix("W/").strip('"') for tag in header[:1000].split(",")} - {""}
