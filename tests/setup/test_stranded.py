"""A setting that strands bookings lists them before it is saved, with who is told; one that strands none is saved at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Message
from bookings.tasks import follow_up
from facilities.models import Capability
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db
NOW = build.at(9)
HOURS, SHUT, MACHINE = "/pengaturan/jam/", "/pengaturan/tutup/", "/pengaturan/mesin/pontianak-band-1/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, NOW)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def machine(house):
    return build.make_machine(house, slug="pontianak-band-1", operator_level="mandiri")


@pytest.fixture(autouse=True)
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


@pytest.fixture
def booking(machine):
    """Siti packs crisps into pouches on Tuesday of next week."""
    product = build.make_product(build.producer_of(build.siti()), form="keripik", net_weight="250 g")
    return build.make_booking(machine, 10, 12, day=8, producer=product.producer, product=product,
                              pack_format="standing_pouch")  # fmt: skip


def week(*days):
    rows = {f"{edge}_{day}_0": clock for day in days for edge, clock in (("opens", "08.00"), ("closes", "16.00"))}
    return {"valid_from": "2026-11-23", "valid_until": "", **rows}


def pouches(**more):
    return {"bisa-use-keripik-standing_pouch": "on", "bisa-rate-keripik-standing_pouch": "600", **more}


def sachets():
    """Only sachets of crisps: what the machine did before, no more."""
    return {"bisa-form_0": "keripik", "bisa-format_0": "sachet", "bisa-free_0": "300"}


def facts(level):
    return {"name": "Segel kontinu 1", "operator_level": level, "setup": 0, "cleaning": 0, "version": 1}


def send(client, address, typed, **said):
    """Send a setting as the page that was opened just now sends it."""
    page, action = (MACHINE, address) if address.startswith(MACHINE) else (HOURS, address)
    where = (address, "") if address in (HOURS, SHUT) else (page, action)
    return client.post(address, {**seen(client, *where), **typed, **said})


SETTINGS = {
    "an emptied weekday": (HOURS, week(0, 2, 3, 4), "tutup hari itu"),
    "a pouch it packs no more": (f"{MACHINE}kemampuan/", sachets(), "tidak bisa mengemas ini"),
    "a smallest size": (f"{MACHINE}kemampuan/",
                        pouches(**{"bisa-smallest-keripik-standing_pouch": "900"}), "Ukuran kemasan"),
    "only operators run it": (f"{MACHINE}ubah/", facts("operator"), "Belum ada operator"),
    "retirement": (f"{MACHINE}pensiun/", {"pensiun-retired_on": "2026-11-30"}, "1 pesanan terkena"),
    "a closed day": (SHUT, {"first_on": "2026-12-01", "reason": "Fumigasi"}, "1 pesanan terkena"),
}  # fmt: skip
every_setting = pytest.mark.parametrize(("address", "typed", "wrong"), SETTINGS.values(), ids=SETTINGS)


@every_setting
def test_what_a_setting_strands_is_listed_before_anything_is_saved(client, house, booking, address, typed, wrong):
    shown = send(client, address, typed)
    page = shown.content.decode().replace("\xa0", " ")
    assert shown.status_code == 409 and wrong in page and "Simpan dan kabari 1 pesanan" in page
    assert all(words in page for words in (booking.reference, "Keripik Siti", "Segel kontinu 1", "10.00–12.00"))
    house.refresh_from_db()
    assert house.opening_hours.count() == 5 and not house.closures.exists()
    assert Capability.objects.get().format == "standing_pouch" and Capability.objects.get().smallest is None
    assert (house.machines.get().operator_level, house.machines.get().retired_on) == ("mandiri", None)


@every_setting
def test_whoever_is_stranded_keeps_the_approval_and_reads_it_in_a_message(client, booking, address, typed, wrong):
    shown = send(client, address, typed)
    said = {**dict(shown.context["typed"]), "terlihat": booking.reference, "lanjut": "ya"}
    assert client.post(address, said).status_code == 302
    booking.refresh_from_db()
    assert booking.status == "displaced"
    for event in booking.events.all():
        follow_up(event.pk)
    assert "Alasan" in Message.objects.get(booking=booking, kind="displaced").body


@pytest.mark.parametrize("name", ["an emptied weekday", "a pouch it packs no more", "only operators run it"])
def test_a_house_may_keep_its_word_and_then_nobody_is_told(client, booking, name):
    address, typed, _wrong = SETTINGS[name]
    assert "tidak ada yang dikabari" in send(client, address, typed).content.decode()
    assert send(client, address, typed, terlihat=booking.reference, lanjut="tetap").status_code == 302
    booking.refresh_from_db()
    assert booking.status == "approved" and not Message.objects.filter(kind="displaced").exists()


@every_setting
def test_a_booking_that_was_not_on_the_list_is_listed_again(client, booking, address, typed, wrong):
    assert send(client, address, typed, terlihat="PNT-XXXX", lanjut="ya").status_code == 409
    booking.refresh_from_db()
    assert booking.status == "approved"


@every_setting
def test_going_back_keeps_all_that_was_typed_and_saves_nothing(client, booking, address, typed, wrong):
    back = send(client, address, typed, langkah="ubah")
    assert back.status_code == 200
    name, value = next(iter(typed.items()))
    assert f'name="{name}"' in back.content.decode() and value in back.content.decode()


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        (HOURS, week(0, 1)),
        (f"{MACHINE}kemampuan/", {**pouches(), **sachets()}),
        (f"{MACHINE}ubah/", facts("terlatih") | {"setup": 30, "cleaning": 30}),
        (f"{MACHINE}pensiun/", {"pensiun-retired_on": "2026-12-02"}),
        (SHUT, {"first_on": "2026-12-02", "reason": "Fumigasi"}),
    ],
)
def test_a_setting_that_strands_nobody_is_saved_at_once(client, booking, address, typed):
    assert send(client, address, typed).status_code == 302
    booking.refresh_from_db()
    assert booking.status == "approved"


def test_whoever_has_no_account_is_marked_as_one_the_house_must_phone(client, machine, booking):
    assert "Telepon sendiri" not in send(client, HOURS, week(5)).content.decode()
    guest = build.make_producer("Warung Ani")
    build.make_booking(machine, 13, 14, day=8, producer=guest)
    page = send(client, HOURS, week(5)).content.decode()
    assert page.count("Tanpa akun: tidak mendapat pesan.") == 1 and f"/produsen/{guest.slug}/" in page


def test_dropping_a_week_lists_what_the_week_before_does_not_hold(client, house, booking):
    house.opening_hours.filter(weekday=1).delete()
    for day in range(7):
        house.opening_hours.create(weekday=day, opens=480, closes=960, valid_from="2026-11-23")
    shown = send(client, f"{HOURS}hapus/", {"minggu": "2026-11-23"})
    assert shown.status_code == 409 and booking.reference in shown.content.decode()
    assert house.opening_hours.filter(valid_from="2026-11-23").count() == 7


def test_a_closure_of_several_days_lists_the_bookings_of_all_of_them(client, machine, booking):
    other = build.make_booking(machine, 10, 12, day=9)
    shown = send(client, SHUT, {"first_on": "2026-12-01", "last_on": "2026-12-02", "reason": "Fumigasi"})
    page = shown.content.decode()
    assert booking.reference in page and other.reference in page


def test_keeping_a_holiday_again_lists_the_bookings_of_that_day(client, house, booking):
    house.worked_holidays.create(on="2026-12-01")
    house.closures.model.objects.create(first_on="2026-12-01", last_on="2026-12-01", reason="Maulid", kind="public")
    typed = {"hari": "2026-12-01", "kerja": "tidak", "version": house.version}
    shown = client.post("/pengaturan/tutup/libur/", typed)
    page = shown.content.decode()
    assert shown.status_code == 409 and booking.reference in page and "Segel kontinu 1" in page
    said = {**dict(shown.context["typed"]), "terlihat": booking.reference, "lanjut": "ya"}
    assert client.post("/pengaturan/tutup/libur/", said).status_code == 302
    booking.refresh_from_db()
    assert booking.status == "displaced"


def statements(client) -> int:
    typed = week(5) | seen(client, HOURS)
    with CaptureQueriesContext(connection) as asked:
        assert client.post(HOURS, typed).status_code == 409
    return len(asked)


def test_the_list_takes_the_same_statements_whatever_its_length(client, machine, booking):
    one = statements(client)
    for hour in (8, 10, 12, 14):
        build.make_booking(machine, hour, hour + 1, day=9, by=build.budi())
    assert statements(client) == one


def test_a_request_that_a_setting_strands_is_declined_with_what_the_house_changed(client, house, machine):
    house.approval = "manual"
    house.save()
    machine.refresh_from_db()
    waiting = build.make_booking(machine, 10, 12, day=8)
    assert waiting.status == "requested"
    said = {"terlihat": waiting.reference, "lanjut": "ya"}
    assert send(client, HOURS, week(0, 2), **said).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason_code) == ("declined", "hours")
    for event in waiting.events.all():
        follow_up(event.pk)
    assert "Jam buka berubah" in Message.objects.get(booking=waiting, kind="declined").body


def test_a_booking_that_a_manager_once_let_through_does_not_stop_other_settings(client, machine, booking):
    Capability.objects.update(format="sachet")
    assert send(client, f"{MACHINE}ubah/", facts("terlatih")).status_code == 302
    booking.refresh_from_db()
    assert booking.status == "approved"


def test_what_is_over_or_under_way_is_nobodys_to_list(client, machine):
    build.make_booking(machine, 8, 10)
    assert send(client, HOURS, week(1, 2)).status_code == 302


def test_the_bookings_of_another_machine_are_not_listed(client, house, machine):
    other = build.make_machine(house, slug="pontianak-band-2", name="Segel kontinu 2")
    build.make_booking(other, 10, 12, day=8, pack_format="standing_pouch")
    assert send(client, f"{MACHINE}kemampuan/", sachets()).status_code == 302
