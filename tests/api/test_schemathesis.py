"""Everything the OpenAPI document allows, and much that it does not, as several people: no surprise.

`SCHEMATHESIS_EXAMPLES` raises the number of examples per operation for long runs.
"""

from __future__ import annotations

import os
import threading
import uuid
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from accounts import api_auth
from accounts.services import SCOPES, issue_token
from tests.api.calling import API
from tests.api.world import World, make_world

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "25"))

# Instants are written in whole minutes of years a machine may know: the document says so in words,
# because JSON Schema has no word for it.
_instants = st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))
schemathesis.openapi.format("date-time", _instants.map(lambda at: at.replace(second=0, microsecond=0).isoformat()))
schemathesis.openapi.format("date", st.dates(datetime(2020, 1, 1).date(), datetime(2099, 12, 31).date()).map(str))


def config(token: str | None) -> SchemathesisConfig:
    """All phases and all checks. 412 is an answer about state, as 409 is, which no shape foretells."""
    stateful = ["2xx", "3xx", "401", "403", "404", "409", "412", "429", "5xx"]
    return SchemathesisConfig.from_dict(
        {
            "seed": 20261123,
            "generation": {"max-examples": EXAMPLES, "allow-x00": True, "deterministic": True, "no-shrink": True},
            "checks": {"positive_data_acceptance": {"expected-statuses": stateful}},
            **({"headers": {"Authorization": f"Bearer {token}"}} if token else {}),
        }
    )


_worlds: list[World] = []


@schemathesis.hook("before_call")
def settle(context: Any, case: Any, kwargs: Any) -> None:
    """Point three of four well-formed requests at things that exist, and let their times follow each other."""
    world = _worlds[-1]
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for name, given in list((case.path_parameters or {}).items()):
        known = world.known(case.path, name)
        if known and (turn := sum(map(ord, str(given)))) % 4:
            case.path_parameters[name] = known[turn % len(known)]
    body = case.body if isinstance(case.body, dict) else {}
    for values in (case.query or {}, body, body.get("run") or {}):
        if isinstance(values, dict):
            settle_times(values)
    if "/holidays/" in case.path:
        settle_holiday(case.path_parameters, body)
    if "/reports/" in case.path:
        settle_months(case.query or {})
    if case.path.endswith("/cancel") and "reason_code" in body:
        body["reason_code"] = "other"  # the only one that producers and houses both give
    if case.path.endswith("/maintenance") and {"starts_at", "ends_at"} <= body.keys():
        ahead = (timezone.now() + timedelta(days=30 + len(str(body)) % 30)).replace(second=0, microsecond=0)
        body |= {"starts_at": ahead.isoformat(), "ends_at": (ahead + timedelta(hours=3)).isoformat()}
    if case.path.endswith("/bookings") and case.method == "POST":
        body["producer"] = body.get("producer") or world.first("producer")
        if "Idempotency-Key" in case.headers:  # a key is for one body: 422 otherwise, and rightly
            case.headers["Idempotency-Key"] = uuid.uuid4().hex
    if isinstance(body.get("machine"), str) and len(body["machine"]) % 4:
        body["machine"] = world.first("slug")


def settle_holiday(address: dict[str, Any], body: dict[str, Any]) -> None:
    """Let a holiday be ahead and one day long: what is past stays as it was."""
    if address["day"] <= timezone.localdate().isoformat():
        address["day"] = (timezone.localdate() + timedelta(days=100 + sum(map(ord, address["day"])))).isoformat()
    for name in ("first_on", "last_on"):
        if body.get(name):
            body[name] = address["day"]


def settle_months(values: dict[str, Any]) -> None:
    """Let a report's days be those of whole months: which day is the last of one, no shape says."""
    for name in ("from", "to"):
        if isinstance(values.get(name), str) and len(values[name]) == 10:
            day = date.fromisoformat(values[name])
            values[name] = day.replace(day=1 if name == "from" else monthrange(day.year, day.month)[1]).isoformat()


def settle_times(values: dict[str, Any]) -> None:
    """Put an end after its start, not too far, and what happened into the past: rules between two fields."""
    for first, last in (("from", "to"), ("starts_at", "ends_at"), ("earliest", "latest")):
        if isinstance(values.get(first), str) and isinstance(values.get(last), str):
            start = datetime.fromisoformat(values[first])
            later = start + timedelta(days=len(values[first]) % 7 + 1) - timedelta(hours=1)
            whole = later.date() if len(values[last]) == 10 else later
            values[last] = whole.isoformat()
    now = timezone.now().replace(microsecond=0)
    if "started_at" in values:
        values |= {"started_at": (now - timedelta(hours=40)).isoformat(), "stopped_at": now.isoformat()}
        values["downtimes"] = short(values.get("downtimes") or [])
    if values.get("field") in ("started_at", "stopped_at"):
        values["value"] = (now - timedelta(hours=values["field"] == "started_at")).isoformat()
    if values.get("field") == "downtimes" and isinstance(values.get("value"), list):
        values["value"] = short(values["value"])
    if "expected_until" in values:
        values["expected_until"] = (now + timedelta(hours=5)).replace(second=0).isoformat()


def short(stops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first of some stops, short enough for the run in which the machine stood still."""
    return [{**row, "minutes": min(row["minutes"], 30)} for row in stops[:1]]


def served(app: Any, lines: set[BaseDatabaseWrapper]) -> Any:
    """Serve as a client without gzip is served, and to the end: the test client neither unpacks nor closes.

    Every thread keeps one connection, as a busy server's does; all are put into `lines`, for what is not closed keeps
    the test database from being dropped.
    """

    def serve(environ: dict[str, Any], start: Any) -> list[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        answer = app(environ, start)
        try:
            return [b"".join(answer)]
        finally:
            answer.close()
            if threading.current_thread() is not threading.main_thread():
                lines.add(connections["default"])

    return serve


OF_A_NETWORK = {"max_redirects", "verify", "cert", "proxies"}


def forgiving(send: Any) -> Any:
    """Let the auth probe carry settings of a network client, which in-process mean nothing."""

    def sent(case: Any, **settings: Any) -> Any:
        return send(case, **{name: value for name, value in settings.items() if name not in OF_A_NETWORK})

    return sent


@pytest.fixture
def world(transactional_db, monkeypatch) -> World:
    monkeypatch.setattr(api_auth, "WRITES_PER_MINUTE", 10**9)
    monkeypatch.setattr(WSGI_TRANSPORT, "send", forgiving(WSGI_TRANSPORT.send))
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", None)
    _worlds.append(make_world())
    return _worlds[-1]


def failures_of(schema: Any) -> tuple[list[str], int]:
    """Run every phase and return what was found, and how many requests were sent."""
    found, sent = [], 0
    for event in from_schema(schema).execute():
        recorder = getattr(event, "recorder", None)
        for case_id, checks in (recorder.checks if recorder else {}).items():
            sent += 1
            for check in checks:
                if check.failure_info is not None:
                    case = recorder.cases[case_id].value
                    found.append(f"{check.name} {case.method} {case.formatted_path}: {check.failure_info.failure} {case.body!r:.300} {case.query} {case.headers}")
        if hasattr(event, "info") or hasattr(event, "exception"):
            found.append(f"{event}: {getattr(event, 'info', '') or getattr(event, 'exception', '')}")
    return found, sent


@pytest.mark.slow
@pytest.mark.parametrize("name", ["anybody", "siti", "cahya", "fitri"])
def test_nothing_surprising_is_found(world, name):
    user = world.people.get(name)
    token = issue_token(user=user, scopes=SCOPES, days=1, now=timezone.now()) if user else None
    lines: set[BaseDatabaseWrapper] = set()
    app = served(get_wsgi_application(), lines)
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app, config=config(token))
    found, sent = failures_of(schema)
    for line in lines:
        line.inc_thread_sharing()  # its own thread is over
        line.close()
    print(f"{name}: {sent} requests")
    assert found == [], "\n".join(sorted(set(found))[:30])
    assert sent > EXAMPLES * 10
