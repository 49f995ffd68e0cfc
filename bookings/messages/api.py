"""Calendar feeds: a secret address that a phone's calendar reads."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from ninja import Path, Query, Router, Status

from accounts.api_answers import answers, own_answers, page_of, write_answers
from accounts.api_auth import WRITES, may
from accounts.schemas import Id, Page, PageIn, slug_type
from bookings.messages import feed_queries, ical
from bookings.messages import schemas as shapes
from bookings.messages.feed_services import close_feed, open_feed, remember_reading
from bookings.trail.acting import own_producers
from bookings.trail.api_finding import machine_of
from facilities.models import Facility

router = Router(tags=["calendar"])

Token = slug_type(43)
WRITE = may("bookings:write")


@router.get("/calendar/{token}.ics", response=answers(None, 404), summary="Read a calendar feed")
def read_feed(request: HttpRequest, token: Path[Token]) -> Any:  # type: ignore[valid-type]
    """The last week and the coming eight weeks as iCalendar. The address is the key."""
    now = timezone.now()
    feed = feed_queries.feed_by_token(token)
    events = feed_queries.feed_events(feed, now=now) if feed else None
    if feed is None or events is None:
        raise Http404
    remember_reading(feed=feed, now=now)
    text = ical.calendar(feed_queries.feed_name(feed), events, now=feed.made_at)  # the same times, the same text
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@router.get(
    "/calendar-feeds", auth=may("bookings:read"), response=own_answers(Page[shapes.FeedOut]), summary="Your feeds"
)
def list_feeds(request: HttpRequest, asked: Query[PageIn]) -> Any:
    """Your calendar addresses that still work, without their secrets: each was shown once."""
    found = feed_queries.open_feeds(request.user)
    return page_of(found, asked, lambda rows: [shapes.feed_out(row) for row in rows])


@router.post(
    "/calendar-feeds",
    auth=WRITE,
    throttle=WRITES,
    response=write_answers(shapes.FeedOut, status=201),
    summary="Make a feed",
)
def create_feed(request: HttpRequest, asked: shapes.FeedIn) -> Any:
    """Make a secret address for one producer of yours, a machine, or a house."""
    feed, token = open_feed(user=request.user, now=timezone.now(), **{asked.shows: _shown(request, asked)})
    return Status(201, shapes.feed_out(feed, token))


def _shown(request: HttpRequest, asked: shapes.FeedIn) -> Any:
    if asked.shows == "machine":
        return machine_of(asked.slug)
    rows: Any = own_producers(request.user) if asked.shows == "producer" else Facility.objects.all()
    found = rows.filter(slug=asked.slug).first()
    if found is None:
        raise Http404("slug")
    return found


@router.delete(
    "/calendar-feeds/{feed_id}",
    auth=WRITE,
    throttle=WRITES,
    response=write_answers(None, status=204),
    summary="Take a feed back",
)
def delete_feed(request: HttpRequest, feed_id: Path[Id]) -> Any:
    """The address shows nothing from now on."""
    feed = feed_queries.open_feeds(request.user).filter(pk=feed_id).first()
    if feed is None:
        raise Http404
    close_feed(feed=feed, now=timezone.now())
    return Status(204, None)
