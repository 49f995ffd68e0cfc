"""Every address × every role × own and foreign: one table says who may, and nobody else changes a row (fault cases 38, 41, 42).

The addresses are read from the URLconf, pages included: an address that the table
does not know fails here, until somebody decides who may use it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.services import SCOPES, issue_token
from config.api import api
from tests.api.calling import coming
from tests.api.matrix import API, ROLES, TABLE
from tests.api.world import World, make_world

WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")
METHODS = ("GET", "POST", "PUT", "DELETE")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for all; every request is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world()
        made.callers = {role: caller(made, role) for role in ROLES}
        yield made
        transaction.set_rollback(True)


def caller(world: World, role: str) -> tuple[str, dict[str, str]]:
    """Return a session's key and the header of a token, both used before: first uses write."""
    if role == "anonymous":
        return "", {}
    user, client = world.people[role], Client(raise_request_exception=False)
    client.force_login(user)
    token = issue_token(user=user, scopes=SCOPES, days=1, now=timezone.now())
    headers = {"Authorization": f"Bearer {token}"}
    client.get(f"/{API}me", headers=headers)
    return client.cookies[settings.SESSION_COOKIE_NAME].value, headers


def addresses(patterns: Any = None, before: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route


def test_every_address_is_in_the_table():
    known = {route.split(" ", 1)[1] for route in TABLE}
    assert sorted(set(addresses()) - known) == [], "decide in tests/api/matrix.py who may use these"
    assert sorted(known - set(addresses())) == [], "these are gone"


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_no_method_works_that_is_not_in_the_table(world, method):
    unknown = [address for address in dict.fromkeys(addresses()) if f"{method} {address}" not in TABLE]
    answers = {address: tried(world, f"{method} {address}", "admin", 0) for address in unknown}
    assert {address for address, letter in answers.items() if letter not in "mx"} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("route", TABLE)
def test_each_role_gets_what_the_table_says(world, route):
    expected = TABLE[route]
    found = tuple("".join(tried(world, route, role, place) for role in ROLES) for place in range(len(expected)))
    assert dict(zip(ROLES, zip(*found, strict=True), strict=True)) == dict(
        zip(ROLES, zip(*expected, strict=True), strict=True)
    )


def tried(world: World, route: str, role: str, place: int) -> str:
    """Send one request, roll it back, and return the letter of its answer.

    Who reads, and who is turned away, must not have written anything.
    """
    method, address = route.split(" ", 1)
    session, headers = world.callers[role]
    client = Client(raise_request_exception=False)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    house = "?rumah=pontianak" if role == "admin" and API not in address else ""  # who works in several says which
    sent: dict[str, Any] = {"path": f"/{filled(world, address, place)}{house}", "headers": headers if API in address else {}}
    if API in address and method != "GET":
        sent |= {"data": json.dumps(body(world, address, place)), "content_type": "application/json"}
    elif address.startswith("papan/pindah/"):
        sent["data"] = {"mesin": world.ids["slug"][place], "mulai": f"{coming(12):%Y-%m-%dT%H:%M}"}
        sent["data"] |= {"rumah": "pontianak"} if house else {}
    written: list[str] = []
    with connection.execute_wrapper(recording(written)), transaction.atomic():
        letter = letter_of(getattr(client, method.lower())(**sent))
        transaction.set_rollback(True)
    if method == "GET" or letter != "o":
        assert written == [], (route, role, place)
    return letter


def recording(written: list[str]) -> Any:
    def record(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITING):
            written.append(sql)
        return execute(sql, params, many, context)

    return record


def letter_of(answer: Any) -> str:
    """n: sign in first, f: forbidden, x: not there, m: no such method, o: let through, whatever came of it."""
    assert answer.status_code in (*range(200, 500), 503)  # 503: the status page says that no worker runs here
    if answer.status_code == 302 and answer["Location"].startswith("/masuk/"):
        return "n"
    return {401: "n", 403: "f", 404: "x", 405: "m"}.get(answer.status_code, "o")


def filled(world: World, address: str, place: int) -> str:
    """Return an address with the object of a place: 0 is Siti's and of pontianak, 1 is Budi's and of sintang."""
    for part in [piece.split(">")[0] for piece in address.split("<")[1:]]:
        address = address.replace(f"<{part}>", str(named(world, address, part.split(":")[-1])[place]))
    return address


NUMBERED = {
    "perawatan/kerusakan/": "breakdown_id", "perawatan/": "maintenance_id", "giliran/berhalangan/": "absence_id", "giliran/": "operator_id",
    "dokumen/": "document_id", "berkas/pelatihan/": "lesson_id", "libur/": "holiday_id",
}  # fmt: skip
"""What a number in an address counts, by a part of it, the narrower first."""


def named(world: World, address: str, name: str) -> list[Any]:
    if name == "reference" and address.split("/")[-1] in ("complete", "runs", "start"):
        return world.ids["here"]
    if name == "slug" and (address.startswith(("rumah/", "laporan/rumah")) or "facilities" in address):
        return world.ids["facility"]
    if name == "slug" and address.startswith("produsen/"):
        return world.ids["producer"]
    if name == "number":
        return world.ids.get(next((kept for part, kept in NUMBERED.items() if part in address), ""), [0, 0])
    return world.ids.get(name, ["tidak-ada", "tidak-ada"])


def body(world: World, address: str, place: int) -> dict[str, Any]:
    """Return a body that is understood, so that what is judged is who sends it."""
    times = {"starts_at": coming(12).isoformat(), "ends_at": coming(13).isoformat()}
    bodies = {
        "bookings": {**times, "machine": world.ids["slug"][place], "producer": world.ids["producer"][place]},
        "cancel": {"reason_code": "other"} if "bookings" in address else {},
        "decline": {"reason_code": "other"},
        "move": times,
        "runs": {"started_at": coming(0, day=-30).isoformat(), "stopped_at": coming(1, day=-30).isoformat(), "good": 1, "rejected": 0},
        "corrections": {"field": "good", "value": 1, "reason": "salah"},
        "maintenance": {**times, "title": "Oli"},
        "breakdowns": {"expected_until": coming(13).isoformat(), "reason": "Motor"},
        "products": {"name": "Baru", "form": "keripik", "line": "halal", "producer": world.ids["producer"][place]},
        "needs": {"format": "standing_pouch", "quantity": 300, "producer": world.ids["producer"][place]},
        "<day>": {"reason": "Hari raya", "kind": "public", "source": "SKB"},
        "calendar-feeds": {"shows": "producer", "slug": world.ids["producer"][place]},
    }  # fmt: skip
    return bodies.get(address.rsplit("/", 1)[-1], {})


@pytest.mark.django_db
def test_a_token_without_the_scope_is_403_everywhere_and_writes_nothing(world):
    """Each operation, called by the admin with a token of every other scope."""
    wrong = []
    for method, address, scopes in secured():
        token = issue_token(user=world.people["admin"], scopes=sorted(set(SCOPES) - scopes), days=1, now=timezone.now())
        world.callers["narrow"] = ("", {"Authorization": f"Bearer {token}"})
        Client().get(f"/{API}me", headers=world.callers["narrow"][1])
        if (letter := tried(world, f"{method} {address}", "narrow", 0)) != "f":
            wrong.append((method, address, letter))
    assert wrong == []


def secured() -> list[tuple[str, str, set[str]]]:
    """Return method, address and scopes of every operation that asks for one."""
    found = []
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                scopes = {scope for way in operation.auth_callbacks for scope in getattr(way, "scopes", ())}
                address = API + path.strip("/").replace("{", "<").replace("}", ">")
                found += [(operation.methods[0], address, scopes)] if scopes else []
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in TABLE if not route.startswith("GET")])
def test_another_site_writes_nothing(world, route):
    """A form or script of another site brings the session along, but never the CSRF token (fault case 48)."""
    method, address = route.split(" ", 1)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = world.callers["admin"][0]
    data = json.dumps(body(world, address, 0)) if API in address else {}
    kind = {"content_type": "application/json"} if API in address else {}
    written: list[str] = []
    with connection.execute_wrapper(recording(written)):
        answer = getattr(client, method.lower())("/" + filled(world, address, 0), data, **kind)
    assert answer.status_code == 403 and written == []
