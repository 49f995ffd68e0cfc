"""The house stands in the address or the form, never only remembered: two tabs may show two houses."""

from __future__ import annotations

import re

import pytest

from facilities.models import Breakdown, Duty, Facility
from tests import build, clock

pytestmark = pytest.mark.django_db
RULES = "/pengaturan/rumah/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.MONDAY_8)


@pytest.fixture
def houses() -> tuple[Facility, Facility]:
    return build.make_facility(slug="singkawang"), build.make_facility(slug="sintang")


@pytest.fixture
def cahya(client, houses):
    user = build.cahya(houses[0])
    Duty.objects.create(user=user, facility=houses[1], kind=Duty.Kind.MANAGER)
    client.force_login(user)
    return user


def typed(page) -> dict[str, str]:
    """Return what a browser would send of the page's form, each field as it stands."""
    html = page.content.decode()
    fields = re.findall(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', html)
    return {"cancel_deadline": "60", **dict(fields)}


def test_every_form_of_a_house_says_its_house(client, cahya):
    page = client.get(f"{RULES}?rumah=sintang").content.decode()
    forms = re.findall(r'<form method="post".*?</form>', page, re.S)
    assert forms and all('name="rumah" value="sintang"' in form for form in forms if "/keluar/" not in form)


def test_what_was_typed_in_one_tab_never_lands_in_the_house_of_another(client, cahya, houses):
    first = typed(client.get(f"{RULES}?rumah=singkawang"))
    client.get(f"{RULES}?rumah=sintang")  # another tab
    answer = client.post(RULES, first | {"name": "Rumah Baru"})
    names = list(Facility.objects.order_by("slug").values_list("name", flat=True))
    assert answer.status_code == 303 or answer.status_code == 302, answer.content.decode()[-800:]
    assert names[0] == "Rumah Baru" and names[1] != "Rumah Baru"


@pytest.mark.parametrize(("address", "form"), [(RULES, {}), (f"{RULES}?rumah=sintang", {"rumah": "singkawang"})])
def test_a_form_for_no_house_or_for_two_is_refused_in_words(client, cahya, address, form):
    before = list(Facility.objects.order_by("pk").values())
    answer = client.post(address, {"name": "Rumah Baru", **form})
    assert answer.status_code == 409 and "Belum jelas untuk rumah produksi mana" in answer.content.decode()
    assert list(Facility.objects.order_by("pk").values()) == before


def test_an_address_without_a_house_leads_to_that_of_the_page_one_comes_from(client, cahya):
    client.get("/hari-ini/?rumah=sintang")
    answer = client.get("/papan/?hari=2026-11-24", headers={"referer": "http://testserver/hari-ini/?rumah=singkawang"})
    assert answer.status_code == 302 and answer["Location"] == "/papan/?hari=2026-11-24&rumah=singkawang"
    assert client.get("/papan/")["Location"] == "/papan/?rumah=sintang"


def test_a_house_of_others_does_not_exist_in_address_or_form(client, cahya):
    build.make_facility(slug="kapuas")
    assert client.get(f"{RULES}?rumah=kapuas").status_code == 404
    assert client.post(RULES, {"rumah": "kapuas"}).status_code == 404


def test_who_works_in_one_house_needs_no_word_for_it(client, houses):
    client.force_login(build.cahya(houses[0]))
    assert client.get("/hari-ini/").status_code == 200 and client.post(RULES, {}).status_code != 409


def test_a_plain_link_to_what_belongs_to_one_house_leads_there(client, cahya, houses):
    machine = build.make_machine(houses[1], slug="sintang-1")
    booking = build.make_booking(machine, 10, 12, by=build.siti())
    hand = build.make_operator(houses[1])
    stop = Breakdown.objects.create(
        machine=machine, started_at=build.at(8), expected_until=build.at(9), closed_at=build.at(8.5), reason="Motor"
    )
    client.cookies["rumah"] = "singkawang"
    for path in (
        "/perawatan/sintang-1/", "/pengaturan/mesin/sintang-1/", "/pengaturan/mesin/sintang-1/aturan/",
        "/pengaturan/mesin/sintang-1/lini/", f"/pengaturan/giliran/{hand.pk}/", f"/perawatan/kerusakan/{stop.pk}/koreksi/",
        f"/papan/?pilih={booking.reference}", f"/pesanan/{booking.reference}/pemakaian/",
    ):  # fmt: skip
        answer = client.get(path, follow=True)
        assert answer.status_code == 200 and all("rumah=sintang" in address for address, _ in answer.redirect_chain), path


def test_what_belongs_to_no_house_of_mine_is_not_there_and_says_nothing(client, cahya):
    elsewhere = build.make_machine(build.make_facility("melawi"), slug="melawi-1")
    build.make_booking(elsewhere, 10, 12, by=build.siti())
    for path in ("/perawatan/melawi-1/", "/perawatan/tidak-ada/", "/pengaturan/giliran/99/"):
        answer = client.get(path, follow=True)
        assert answer.status_code == 404 and "melawi" not in str(answer.redirect_chain).replace("melawi-1", "")
