"""Whatever is thrown at the API: 4xx with the field named, nothing written, never a 500 (fault cases 26 to 31)."""

from __future__ import annotations

import json
import time

import pytest

from bookings.models import Booking
from tests import build
from tests.api.calling import API, Caller, asking, coming, fields

pytestmark = pytest.mark.django_db

INSTANTS = {
    "naive": "2026-12-01T08:00:00",
    "naive-minutes": "2026-12-01T08:00",
    "hour-24": "2026-12-01T24:00:00+07:00",
    "29-february": "2027-02-29T08:00:00+07:00",
    "year-1": "0001-01-01T08:00:00+07:00",
    "year-1999": "1999-01-01T08:00:00+07:00",
    "year-9999": "9999-12-31T23:59:00+07:00",
    "year-10000": "10000-01-01T08:00:00+07:00",
    "year-of-20-digits": "12345678901234567890-01-01T08:00:00+07:00",
    "one-second": "2026-12-01T08:00:01+07:00",
    "offset-99": "2026-12-01T08:00:00+99:00",
    "number": 1764550800,
    "list": ["2026-12-01T08:00:00+07:00"],
    "true": True,
    "null": None,
    "empty": "",
    "arabic-digits": "٢٠٢٦-12-01T08:00:00+07:00",
    "nul": "2026-12-01T08:00:00+07:00\x00",
}


@pytest.mark.parametrize("given", INSTANTS.values(), ids=INSTANTS.keys())
def test_an_instant_that_means_nothing_is_422(given):
    answer = Caller(build.siti()).post("/bookings", asking(build.make_machine()) | {"starts_at": given})
    assert answer.status_code == 422 and fields(answer) == ["starts_at"]
    assert answer["Content-Type"] == "application/problem+json" and not Booking.objects.exists()


@pytest.mark.parametrize("given", ["+08:00", "Z"])
def test_any_offset_is_understood(given):
    machine = build.make_machine()
    times = {"+08:00": ("T10:00:00+08:00", "T12:00:00+08:00"), "Z": ("T02:00:00Z", "T04:00:00Z")}[given]
    body = asking(machine) | {"starts_at": f"{coming(9).date()}{times[0]}", "ends_at": f"{coming(9).date()}{times[1]}"}
    made = Caller(build.siti()).post("/bookings", body)
    assert made.status_code == 201 and made.json()["starts_at"] == coming(9).isoformat()


@pytest.mark.parametrize("end", [coming(8), coming(7), coming(8, day=400)], ids=["zero", "negative", "400-days"])
def test_a_duration_that_cannot_be_is_422(end):
    answer = Caller(build.siti()).post("/bookings", asking(build.make_machine()) | {"ends_at": end.isoformat()})
    assert answer.status_code == 422 and fields(answer) == ["ends_at"]


@pytest.mark.parametrize(("day", "code"), [(-30, "in_the_past"), (90, "too_far")])
def test_the_past_and_beyond_the_horizon_are_refused(day, code):
    answer = Caller(build.siti()).post("/bookings", asking(build.make_machine(), day=day))
    assert answer.status_code == 409 and code in [reason["code"] for reason in answer.json()["reasons"]]


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "300", True, 2**31, 2**63, 10**30, [300], {}])
def test_a_quantity_that_cannot_be_is_422(quantity):
    answer = Caller(build.siti()).post("/bookings", asking(build.make_machine(), quantity=quantity))
    assert answer.status_code == 422 and fields(answer) == ["quantity"]


@pytest.mark.parametrize("product", [0, -1, 2**63, 1.5, True, "", "a\nb", "x" * 81, [1]])
def test_a_product_that_cannot_be_is_422(product):
    answer = Caller(build.siti()).post("/bookings", asking(build.make_machine(), product=product))
    assert answer.status_code == 422 and set(fields(answer)) == {"product"}


@pytest.mark.parametrize("number", ["abc", "-1", str(2**63), "1e309", "0", "1.0", "1_0", "%D9%A1", "[1]", "+1"])
def test_an_id_that_cannot_be_is_422_or_404(number):
    caller = Caller(build.dewi(build.make_facility()))
    for path in (f"/runs/{number}/stop", f"/breakdowns/{number}/close", f"/maintenance/{number}/cancel"):
        assert caller.post(path, {}).status_code in (404, 422)
    assert caller.call("DELETE", f"/calendar-feeds/{number}").status_code in (404, 422)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=1e3", "page=%00", "page_size=201", "page=1&page=2", "pages=1", "status=lost",
     "from=2026-12-01T08:00:00", f"page={2**63}", "from=9999-12-31T23:59:00Z", "page=%FF", "q[]=1", "page=%EF%BC%91"],
)  # fmt: skip
def test_a_parameter_that_means_nothing_is_422_and_named(query):
    answer = Caller(build.siti()).client.get(f"{API}/bookings?{query}", headers=Caller(build.siti()).headers)
    assert answer.status_code == 422 and fields(answer)[0] in (query.split("=")[0], "query")


BODIES = {
    "not-json": (b"{", 400),
    "nothing": (b"", 422),
    "a-list": (b"[]", 422),
    "a-text": (b'"x"', 422),
    "null": (b"null", 422),
    "nan": (b'{"machine": NaN}', 400),
    "infinite": (b'{"quantity": 1e309}', 422),
    "utf-16": '{"machine": "x"}'.encode("utf-16"),
    "broken-utf-8": (b'{"machine": "\xff"}', 400),
    "lone-surrogate": (b'{"machine": "\\ud800"}', 422),
    "nul-in-key": (b'{"a\\u0000b": 1}', 422),
    "deep": (b"[" * 10_000 + b"]" * 10_000, 400),
    "deep-objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "long-number": (b'{"quantity": ' + b"9" * 5_000 + b"}", 400),
    "large": (b'{"note": "' + b"x" * 10_000_000 + b'"}', 413),
}
BODIES["utf-16"] = (BODIES["utf-16"], 422)


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES.keys())
def test_a_body_that_cannot_be_read_is_refused_at_once(body, status):
    siti = Caller(build.siti())
    began = time.process_time()
    answer = siti.client.post(f"{API}/bookings", body, content_type="application/json", headers=siti.headers)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    assert time.process_time() - began < 0.2


def test_a_key_twice_is_422_and_named():
    siti = Caller(build.siti())
    body = json.dumps(asking(build.make_machine()))[:-1] + ', "machine": "lain"}'
    answer = siti.client.post(f"{API}/bookings", body, content_type="application/json", headers=siti.headers)
    assert answer.status_code == 422 and fields(answer) == ["machine"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"])
def test_another_media_type_is_415(kind):
    siti = Caller(build.siti())
    body = json.dumps(asking(build.make_machine()))
    answer = siti.client.generic("POST", f"{API}/bookings", body, kind, headers=siti.headers)
    assert answer.status_code == 415 and answer.json()["code"] == "unsupported_media_type"
    assert not Booking.objects.exists()


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/nothing", 404), ("GET", "/", 404), ("GET", "/machines/", 404), ("POST", "/machines", 405),
    ("TRACE", "/machines", 405), ("PATCH", "/bookings", 405), ("GET", "/bookings/X/approve", 405), ("GET", "/machines/%00", 422),
    ("GET", "/machines/..%2f..%2fetc", 404), ("GET", "/machines/a%20b", 422), ("QUERY", "/bookings", 405),
])  # fmt: skip
def test_a_wrong_address_or_method_is_a_problem_document(method, path, status):
    answer = Caller(build.siti()).call(method, path)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    assert (status == 405) == ("Allow" in answer)
    assert answer.json()["status"] == status and answer["X-Request-Id"]


def test_errors_are_told_in_the_language_asked_for():
    siti, body = Caller(build.siti()), {"machine": "x"}
    indonesian = siti.post("/bookings", body).json()
    english = siti.post("/bookings", body, **{"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert indonesian["errors"][0]["message"] == "Isian ini wajib."
    assert english["errors"][0]["message"] == "This field is required."
    assert english["errors"][0]["code"] == indonesian["errors"][0]["code"] == "missing"


def test_very_many_wrong_fields_give_a_short_answer():
    siti = Caller(build.siti())
    answer = siti.post("/bookings", {f"{number}{'x' * 500}": 1 for number in range(500)})
    assert answer.status_code == 422 and len(answer.content) < 6_000


@pytest.mark.parametrize(("unit", "amount"), [("pack", 5_000), ("hour", 2_000_000_000)])
def test_a_price_that_no_column_holds_is_unknown_and_no_failure(unit, amount):
    machine = build.make_machine()
    build.make_tariff(machine, unit=unit, amount=amount)
    made = Caller(build.siti()).post("/bookings", asking(machine, quantity=1_000_000))
    assert made.status_code == 201 and made.json()["price"] is None
