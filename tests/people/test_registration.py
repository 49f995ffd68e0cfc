"""Joining as a producer, over HTTP: signed in at once, nothing half kept."""

import pytest

from accounts.models import User
from bookings.models import Membership, Producer
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers():
    return {
        "producer_name": "Keripik Bu Siti",
        "kind": "umkm",
        "district": build.make_district().pk,
        "name": "Siti",
        "phone": "0812-0000-0001",
        "password": "keripik pisang enak",
        "consent": "on",
    }


def test_siti_registers_and_is_signed_in_where_she_wanted_to_go(client, answers):
    answer = client.post("/daftar/", {**answers, "next": "/akun/"})

    assert (answer.status_code, answer["Location"]) == (302, "/akun/")
    tie = Membership.objects.get(user__phone="+6281200000001")
    assert (tie.kind, tie.producer.name, tie.producer.is_verified) == ("owner", "Keripik Bu Siti", False)
    assert tie.user.consents.get().withdrawn_at is None
    assert client.get("/akun/").status_code == 200


def test_rosa_registers_a_cooperative_as_its_officer(client, answers):
    client.post("/daftar/", {**answers, "kind": "cooperative"})

    assert Membership.objects.get().kind == "officer"


@pytest.mark.parametrize(
    ("field", "value"),
    [("consent", ""), ("phone", "12345"), ("password", "siti"), ("password", "1234567890"), ("kind", "dinas"),
     ("district", "zz"), ("producer_name", ""), ("name", ""), ("producer_name", "x" * 121)],
)  # fmt: skip
def test_a_wrong_answer_is_named_and_nothing_is_kept(client, answers, field, value):
    answer = client.post("/daftar/", {**answers, field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not User.objects.exists() and not Producer.objects.exists()


def test_a_phone_in_use_keeps_what_was_typed_and_makes_nothing(client, answers):
    build.make_user("Budi", phone="+6281200000001")

    answer = client.post("/daftar/", answers)

    assert answer.status_code == 422
    assert "Keripik Bu Siti" in answer.content.decode()
    assert User.objects.count() == 1 and not Producer.objects.exists()


def test_nobody_registers_as_more_than_a_producer(client, answers):
    client.post("/daftar/", {**answers, "is_superuser": "on", "is_staff": "on", "role": "admin", "is_verified": "on"})

    user = User.objects.get()
    assert (user.is_superuser, user.is_staff, Producer.objects.get().is_verified) == (False, False, False)
