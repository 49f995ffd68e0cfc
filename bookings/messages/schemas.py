"""A calendar feed in the API: what it shall show, and its secret address."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from accounts.schemas import In, slug_type
from bookings.models import CalendarFeed

Slug = slug_type(60)


class FeedIn(In):
    shows: Literal["producer", "machine", "facility"]
    slug: Slug  # type: ignore[valid-type]


class FeedOut(Schema):
    id: int
    path: str | None = Field(
        description="secret: whoever knows it reads the calendar; only in the answer to POST, where it is shown once"
    )
    shows: str
    slug: str
    made_at: datetime
    last_read_at: datetime | None = Field(description="when a calendar last asked, to the hour; null: never")


def feed_path(token: str) -> str:
    """Return the address below the site's root at which a secret is read."""
    return f"/api/v1/calendar/{token}.ics"


def feed_out(feed: CalendarFeed, token: str | None = None) -> FeedOut:
    shown = feed.producer or feed.machine or feed.facility
    assert shown is not None, "the database keeps that a feed shows exactly one thing"
    kind = shown._meta.model_name or ""
    return FeedOut(
        id=feed.pk,
        path=feed_path(token) if token else None,
        shows=kind,
        slug=shown.slug,
        made_at=feed.made_at,
        last_read_at=feed.last_read_at,
    )
