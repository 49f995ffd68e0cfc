"""What stands around every page: headers, ids, languages, unreadable input, and pages for bad days."""

import re

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path

from config import urls

pytestmark = pytest.mark.django_db


def busy(request):
    raise OperationalError("database is locked")


def broken(request):
    raise RuntimeError("secret words")


class Broken:
    """The site with three addresses that always fail."""

    urlpatterns = [path("sibuk/", busy), path("rusak/", broken), path("api/v1/rusak", broken), *urls.urlpatterns]
    handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500


@pytest.fixture
def unlucky():
    with override_settings(ROOT_URLCONF=Broken):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(
    "address", ["/masuk/", "/healthz", "/tidak-ada/", "/api/v1/openapi.json", "/static/css/app.css"]
)
def test_every_answer_carries_the_strict_headers(client, address):
    headers = client.get(address).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("sent", "kept"), [("proxy-1234.abc", True), ("kurz", False), ("a b" * 9, False), ("x" * 65, False)]
)
def test_a_sane_request_id_of_the_proxy_is_kept(client, sent, kept):
    assert (client.get("/healthz", headers={"X-Request-Id": sent})["X-Request-Id"] == sent) is kept


@pytest.mark.parametrize(
    "address", ["/masuk/?q=%00", "/masuk/?q=%ff", "/masuk/?%00=1", "/masuk/%00/", "/mesin/?type=%C3%28"]
)
def test_unreadable_addresses_are_refused_before_any_view(client, address):
    assert client.get(address).status_code == 400


def test_a_nul_in_a_form_is_refused(client):
    assert client.post("/masuk/", {"phone": "0812\0", "password": "x"}).status_code == 400
    assert client.post("/masuk/", b"phone=%00", "application/x-www-form-urlencoded").status_code == 400


def test_the_api_names_the_unreadable_field(client):
    answer = client.get("/api/v1/openapi.json?q=a%00b")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "q")


def test_too_much_is_refused_by_its_stated_length(client):
    assert client.post("/masuk/", {"phone": "0" * (1024 * 1024 + 1)}, REMOTE_ADDR="10.0.0.1").status_code == 413
    long = client.generic("POST", "/api/v1/bookings", b"x", "application/json", CONTENT_LENGTH=str(10 * 1024 * 1024))
    assert (long.status_code, long.json()["code"]) == (413, "too_large")


def test_a_missing_page_says_so_in_words_and_in_json(client):
    page, problem = client.get("/tidak-ada/"), client.get("/api/v1/tidak-ada")

    assert page.status_code == problem.status_code == 404
    assert "Halaman ini tidak ada" in page.content.decode()
    assert problem["Content-Type"] == "application/problem+json"


def test_a_busy_database_is_503_with_a_time_to_come_back(unlucky):
    answer = unlucky.get("/sibuk/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Data Anda aman" in answer.content.decode()


def test_our_mistakes_show_no_insides_and_name_the_request(unlucky):
    page, problem = unlucky.get("/rusak/"), unlucky.get("/api/v1/rusak")

    assert page.status_code == problem.status_code == 500
    assert "secret words" not in page.content.decode() + problem.content.decode()
    assert page["X-Request-Id"] in page.content.decode()


def test_a_mistake_is_answered_even_without_a_database(unlucky, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert unlucky.get("/rusak/").status_code == 500


@pytest.mark.parametrize("name", ["/tidak-ada/", "/rusak/", "/sibuk/", "/masuk/?q=%00"])
def test_pages_for_bad_days_are_small(unlucky, name):
    assert len(unlucky.get(name).content) < 10_000


def test_a_stale_form_is_answered_with_a_way_out():
    answer = Client(enforce_csrf_checks=True).post("/masuk/", {"phone": "1"})

    assert answer.status_code == 403
    assert "terlalu lama terbuka" in answer.content.decode()


def test_a_forged_host_is_refused(client):
    assert client.get("/masuk/", headers={"Host": "evil.example"}).status_code == 400


def test_the_service_worker_is_served_from_the_root(client):
    answer = client.get("/sw.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer.content.startswith(b"//")
