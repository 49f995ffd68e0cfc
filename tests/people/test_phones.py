"""Who sees a producer's number, who finds whom by one, and that no search lets it be guessed."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from bookings.models import Producer
from facilities.models import Duty
from tests import build

pytestmark = pytest.mark.django_db

PHONE = "+6281355501234"
PREFIXES = ["0813555012345"[:length] for length in range(3, 12)] + ["+62813555012", "62813", "0062 8135550", "55501234"]


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def siti(house):
    siti = build.make_producer("Keripik Siti", phone=PHONE)
    build.make_booking(build.make_machine(house), 10, 12, producer=siti)
    return siti


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("part", PREFIXES)
@pytest.mark.parametrize("page", ["/cari/?q=", "/produsen/?q=", "/tamu/?cari="])
def test_part_of_a_number_finds_nobody(client, house, siti, page, part):
    client.force_login(build.cahya(house))
    address, _, name = page.rpartition("?")
    assert "Keripik Siti" not in text(client.get(address, {name[:-1]: part}))


@pytest.mark.parametrize(
    "written", ["0813-5550-1234", "+62 0813 5550 1234", "0062 813 5550 1234", "\u202a+62\u2011813\u200b55501234\u202c"]
)
@pytest.mark.parametrize("page", ["/cari/?q=", "/produsen/?q=", "/tamu/?cari="])
def test_a_whole_number_finds_its_owner_however_written(client, house, siti, page, written):
    client.force_login(build.cahya(house))
    address, _, name = page.rpartition("?")
    assert "Keripik Siti" in text(client.get(address, {name[:-1]: written}))


def test_a_number_finds_nobody_whom_the_asker_may_not_see(client, siti):
    client.force_login(build.dewi(build.make_facility("sintang")))
    assert "Keripik Siti" not in text(client.get("/cari/", {"q": PHONE}))


def test_no_page_of_the_staff_shows_a_whole_number_unasked(client, house, siti):
    client.force_login(build.cahya(house))
    reference = siti.bookings.get().reference
    for address in (
        "/hari-ini/",
        "/produsen/",
        f"/produsen/{siti.slug}/",
        f"/pesanan/{reference}/",
        "/cari/?q=siti",
        "/tamu/?cari=siti",
    ):
        page = text(client.get(address))
        assert PHONE not in page and "0813-5550-1234" not in page and not AuditEntry.objects.exists()
    assert "0813-••••-••34" in text(client.get(f"/pesanan/{reference}/"))


def test_a_manager_of_another_house_sees_a_number_masked(client, siti):
    elsewhere = build.make_facility("sintang")
    build.make_booking(build.make_machine(elsewhere), 13, 14, producer=build.make_producer("Budi"))
    user = build.cahya(elsewhere)
    Duty.objects.create(user=user, kind="operator", facility=siti.bookings.get().facility)
    client.force_login(user)
    answer = client.post(f"/produsen/{siti.slug}/telepon/?rumah=sintang")
    assert answer.status_code == 403 and not AuditEntry.objects.exists()


def test_a_guests_number_is_not_taken_for_ones_own(client, house):
    client.force_login(build.cahya(house))
    page = text(client.get("/tamu/"))
    assert 'autocomplete="username"' not in page
    client.logout()
    assert 'autocomplete="username"' in text(client.get("/masuk/")) and 'autocomplete="username"' in text(
        client.get("/daftar/")
    )


def test_a_number_is_one_person_at_the_counter_too(client, house, siti):
    machine = house.machines.get()
    client.force_login(build.cahya(house))
    guest = {
        "new_name": "Siti lagi",
        "new_phone": "\u202a+62 0813\u20115550 1234\u202c",
        "new_kind": "umkm",
        "new_district": siti.district_id,
    }
    typed = {"producer": "baru", "machine": machine.slug, "minutes": "60", "when": "sekarang", "line": "halal", **guest}
    assert "sudah terdaftar" in text(client.post("/tamu/", typed))
    assert Producer.objects.filter(phone=PHONE).count() == 1


@pytest.mark.parametrize("page", ["/cari/?q=", "/produsen/?q="])
def test_a_search_confirms_no_number_that_its_page_would_not_show(client, house, siti, page):
    client.force_login(build.dewi(house))
    address, _, name = page.rpartition("?")
    assert "Keripik Siti" in text(client.get(address, {name[:-1]: "keripik siti"}))
    assert "Keripik Siti" not in text(client.get(address, {name[:-1]: PHONE}))
