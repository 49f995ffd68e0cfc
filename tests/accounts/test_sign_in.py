"""Signing in and out over HTTP, and what strangers can learn from it: nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from tests import build

pytestmark = pytest.mark.django_db
PASSWORD = "rumah kemas sintang"


@pytest.fixture
def siti():
    return services.register(phone="+6281200000001", name="Siti", password=PASSWORD, now=build.EARLY)


def sign_in(client, phone="0812-0000-0001", password=PASSWORD, **more):
    return client.post("/masuk/", {"phone": phone, "password": password, **more.pop("data", {})}, **more)


@pytest.mark.parametrize("written", ["081200000001", "+62 812-0000-0001", "62812 0000 0001"])
def test_siti_signs_in_with_her_number_as_she_writes_it(client, siti, written):
    assert sign_in(client, written).status_code == 302
    assert client.get("/akun/").status_code == 200


def test_a_wrong_password_and_an_unknown_phone_look_alike(siti):
    known, unknown = sign_in(Client(), password="salah"), sign_in(Client(), "0812-0000-0002")

    def words(answer):
        return answer.content.decode().split("<main")[1].replace("0812-0000-0002", "0812-0000-0001")

    assert known.status_code == unknown.status_code == 422
    assert words(known).split('class="errors"')[1][:300] == words(unknown).split('class="errors"')[1][:300]


def test_a_sixth_try_is_refused_even_with_the_right_password_and_another_forwarded_address(siti):
    tries = [sign_in(Client(), password="salah", headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(5)]
    right = sign_in(Client(), headers={"X-Forwarded-For": "10.9.9.9"})

    assert [answer.status_code for answer in tries] == [422, 422, 422, 422, 429]
    assert right.status_code == 429
    assert right["Retry-After"] == "900"


def test_the_owner_still_signs_in_from_another_address(siti):
    for _ in range(6):
        sign_in(Client(), password="salah", REMOTE_ADDR="203.0.113.5")

    assert sign_in(Client(), REMOTE_ADDR="203.0.113.6").status_code == 302


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example", "masuk"]
)
def test_nobody_is_sent_to_another_site(client, siti, target):
    assert sign_in(client, data={"next": target})["Location"] == "/"


def test_a_page_of_ours_is_where_one_wanted_to_go(client, siti):
    assert sign_in(client, data={"next": "/akun/?a=1"})["Location"] == "/akun/?a=1"


def test_a_shared_device_forgets_after_twenty_minutes(client, siti):
    sign_in(client, data={"shared": "on"})

    assert client.session.get_expiry_age() <= 20 * 60


def test_a_link_does_not_sign_anybody_out(client, siti):
    client.force_login(siti, "django.contrib.auth.backends.ModelBackend")

    assert client.get("/keluar/").status_code == 200
    assert client.get("/akun/").status_code == 200
    assert client.post("/keluar/")["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/akun/").status_code == 302


@pytest.mark.parametrize(
    "name", ["sign_in", "sign_out", "account", "change_password", "end_other_sessions", "set_language"]
)
def test_every_form_needs_its_token(siti, name):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(siti, "django.contrib.auth.backends.ModelBackend")

    assert strict.post(reverse(name), {"phone": "x"}).status_code == 403


def test_a_number_that_is_none_is_named_beside_its_field(client):
    answer = sign_in(client, "nomor saya")

    assert answer.status_code == 422
    assert "Tulis nomor HP Indonesia" in answer.content.decode()


def test_others_behind_the_same_address_are_not_locked_out(siti):
    for _ in range(6):
        sign_in(Client(), "0812-0000-0002", password="salah")

    assert sign_in(Client()).status_code == 302
