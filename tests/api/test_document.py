"""The OpenAPI document and the page drawn from it say what the API does."""

from __future__ import annotations

import re

import pytest

from config.api import described
from config.docs import TAGS
from tests.api.calling import API, Caller

pytestmark = pytest.mark.django_db

PROMISED = """GET /districts · GET /facilities · GET /facilities/{slug} · GET /machine-types · GET /machines
GET /machines/{slug} · GET /machines/{slug}/availability · POST /bookings · GET /bookings · GET /bookings/{reference}
POST /bookings/{reference}/approve · POST /bookings/{reference}/decline · POST /bookings/{reference}/cancel
POST /bookings/{reference}/move · POST /bookings/{reference}/check-in · POST /bookings/{reference}/complete
GET /bookings/{reference}/runs · POST /bookings/{reference}/runs · POST /runs/{run_id}/corrections
POST /machines/{slug}/maintenance · POST /machines/{slug}/breakdowns · POST /breakdowns/{breakdown_id}/close
GET /reports/usage · GET /calendar/{token}.ics · GET /search · POST /needs · GET /facilities/{slug}/changeovers"""


def operations() -> list[tuple[str, str, dict]]:
    return [(m, path, op) for path, ops in described()["paths"].items() for m, op in ops.items()]


def test_everything_promised_is_there():
    there = {f"{method.upper()} {path.removeprefix(API)}" for method, path, _ in operations()}
    assert set(re.split(r" · |\n", PROMISED)) <= there


def test_every_error_is_declared_as_a_problem_document():
    for _, path, operation in operations():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_every_write_declares_what_can_go_wrong():
    for method, path, operation in operations():
        if method != "get":
            assert {"400", "401", "403", "404", "409", "413", "415", "422", "429"} <= set(operation["responses"]), path
            assert operation["security"]


def test_no_body_lets_anything_extra_in():
    schemas = described()["components"]["schemas"]
    open_ones = [name for name in schemas if name.endswith(("In", "Correction")) and schemas[name].get("additionalProperties") is not False]
    assert open_ones == []


def test_every_operation_is_described_on_the_page_without_scripts_from_elsewhere():
    page = Caller().client.get(f"{API}/docs").content.decode().replace("<wbr>", "")
    for _, path, operation in operations():
        assert path in page and operation["operationId"].replace("_", "-") in page
        assert operation["tags"][0] in TAGS and operation["description"]
    assert not re.search(r"<script(?![^>]*src=\"/static/)|https?://(?!localhost)", page)
