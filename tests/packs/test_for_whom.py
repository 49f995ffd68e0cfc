"""For whom something is packed: chosen first, never blank, kept to the receipt, and never changed by a product."""

from __future__ import annotations

import pytest

from bookings.models import Booking, Need
from tests import build, clock
from tests.api.calling import Caller, fields
from tests.packs.test_views import CHIPS, times, told, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def machine():
    return build.make_machine()


@pytest.fixture
def mandau(client):
    """Rosa is signed in; her cooperative, its member, and a product of each."""
    rosa = build.rosa()
    client.force_login(rosa)
    cooperative = build.producer_of(rosa)
    member = cooperative.members.get()
    return cooperative, member, build.make_product(cooperative, "Beras ketan"), build.make_product(member, "Keripik sukun")


def choose(client, producer, onward="") -> str:
    answer = client.post("/kemas/", {"lanjut": onward, "untuk": producer.slug})
    assert answer.status_code == 303
    return str(answer["Location"])


def chips(producer, product, **more) -> dict[str, object]:
    return {"untuk": producer.slug, "produk": product.pk, "format": "standing_pouch", "quantity": 300, **more}


def links(answer) -> list[dict[str, str]]:
    return [told(href) for href in times(answer)]


def test_an_officer_first_says_for_whom_and_then_sees_only_their_products(client, mandau):
    cooperative, member, rice, sukun = mandau
    first = client.get("/kemas/")
    assert "Untuk siapa?" in words(first) and member.name in words(first) and "Berapa kemasan?" not in words(first)
    page = words(client.get(choose(client, member)))
    assert f"Untuk {member.name}" in page and sukun.name in page and rice.name not in page
    assert "Untuk siapa?" in words(client.get("/kemas/?siapa=1")), "and it can be changed"


def test_a_cooperative_packs_its_own_product_as_itself(client, machine, mandau):
    cooperative, _member, rice, _sukun = mandau
    results = client.get(client.post("/kemas/", chips(cooperative, rice))["Location"])
    assert Need.objects.get().producer == cooperative and f"Untuk {cooperative.name}" in words(results)
    assert {one["producer"] for one in links(results)} == {cooperative.slug}
    client.post(f"/pesan/{machine.slug}/periksa/", links(results)[0])
    assert Booking.objects.get().producer == cooperative


@pytest.mark.parametrize("turned", [False, True], ids=["member's product", "cooperative's product"])
def test_a_product_of_another_is_asked_back_and_nothing_is_written(client, machine, mandau, turned):
    cooperative, member, rice, sukun = mandau
    whom, product = (member, rice) if turned else (cooperative, sukun)
    answer = client.post("/kemas/", chips(whom, product))
    assert answer.status_code == 422 and not Need.objects.exists()
    assert f"{product.name} milik {product.producer.name}, bukan {whom.name}." in words(answer)


def test_results_of_the_other_tab_ask_back_instead_of_booking_for_another(client, machine, mandau):
    cooperative, member, _rice, sukun = mandau
    address = client.post("/kemas/", chips(member, sukun))["Location"]
    choose(client, cooperative)
    answer = client.get(address)
    assert answer.status_code == 422 and f"bukan {cooperative.name}" in words(answer) and not links(answer)


@pytest.mark.parametrize("untuk", ["", "tidak-ada", None])
def test_nobody_books_for_nobody(client, machine, mandau, untuk):
    sent = {**CHIPS, "quantity": 450} | ({} if untuk is None else {"untuk": untuk})
    answer = client.post("/kemas/", sent)
    assert answer.status_code == 422 and "Untuk siapa?" in words(answer) and not Need.objects.exists()
    assert "quantity=450" in answer.content.decode(), "what was typed is kept"


def test_a_shared_address_asks_an_officer_for_whom_and_goes_on_to_what_it_showed(client, machine, mandau):
    _cooperative, member, *_ = mandau
    shared = "produk=P18&format=standing_pouch&quantity=300"
    assert "Untuk siapa?" in words(client.get(f"/kemas/?{shared}"))
    onward = choose(client, member, shared)
    assert member.slug not in onward
    results = client.get(onward)
    assert {one["producer"] for one in links(results)} == {member.slug} and f"Untuk {member.name}" in words(results)


def test_a_stranger_is_no_choice_and_leads_nowhere_else(client, mandau):
    stranger = build.producer_of(build.budi())
    answer = client.post("/kemas/", {"lanjut": "quantity=3", "untuk": stranger.slug})
    assert answer.status_code == 422 and stranger.name not in words(answer)
    assert choose(client, mandau[1], "https://jahat.example/?a=1") == "/kemas/"


def test_who_acts_for_one_is_never_asked(client, machine):
    client.force_login(build.siti())
    assert "Untuk siapa?" not in words(client.get("/kemas/"))
    assert "Untuk " not in words(client.get(client.post("/kemas/", CHIPS)["Location"])).replace("Untuk petugas", "")


def test_in_the_api_too_a_product_of_another_is_asked_back(machine, mandau):
    cooperative, _member, _rice, sukun = mandau
    rosa = Caller(cooperative.memberships.get().user)
    for path, body in (
        ("/needs", {"format": "standing_pouch", "quantity": 300}),
        ("/bookings", {"machine": machine.slug, "starts_at": "2026-11-23T08:00+07:00", "ends_at": "2026-11-23T10:00+07:00"}),
    ):
        answer = rosa.post(path, body | {"producer": cooperative.slug, "product": sukun.pk})
        assert answer.status_code == 422 and fields(answer) == ["product"]
    assert not Need.objects.exists() and not Booking.objects.exists()
