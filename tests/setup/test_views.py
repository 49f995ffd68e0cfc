"""Setting up a house: hours, closed days, rules, machines, prices, photos, care."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from zlib import crc32

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import AuditEntry
from facilities.models import Breakdown, Closure, Machine, MachinePhoto, Maintenance, Tariff
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db
HOURS, SHUT, BAND = "/pengaturan/jam/", "/pengaturan/tutup/", "/pengaturan/mesin/pontianak-band-1/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 09.10 in Pontianak."""
    clock.stop(monkeypatch, build.at(9) + timedelta(minutes=10))
    return build.at(9) + timedelta(minutes=10)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture(autouse=True)
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


@pytest.fixture
def machine(house):
    return build.make_machine(house, slug="pontianak-band-1")


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def week(**rows):
    empty = {f"{edge}_{day}_{row}": "" for edge in ("opens", "closes") for day in range(7) for row in range(3)}
    return {**empty, "valid_from": "2027-02-08", "valid_until": "2027-03-09", **rows}


def test_a_week_with_a_break_is_saved_and_the_ordinary_one_stays(client, house):
    friday = {"opens_4_0": "08.00", "closes_4_0": "11.30", "opens_4_1": "13:00", "closes_4_1": "16.30"}
    assert client.post(HOURS, week(**friday) | seen(client, HOURS)).status_code == 302
    rows = house.opening_hours.filter(valid_from=date(2027, 2, 8)).values_list("weekday", "opens", "closes", "valid_until")
    assert list(rows) == [(4, 480, 690, date(2027, 3, 9)), (4, 780, 990, date(2027, 3, 9))]
    assert house.opening_hours.filter(valid_from=date(2020, 1, 1)).count() == 5


@pytest.mark.parametrize(
    "rows, words",
    [
        ({"opens_0_0": "8.00", "closes_0_0": "7.00"}, "sesudah jam buka"),
        ({"opens_0_0": "08.00"}, "jam buka dan jam tutup"),
        ({"opens_0_0": "25.00", "closes_0_0": "26.00"}, "seperti 08.00"),
        ({"opens_0_0": "८", "closes_0_0": "9"}, "seperti 08.00"),
        ({"opens_0_0": "8", "closes_0_0": "12", "opens_0_1": "11", "closes_0_1": "13"}, "bertumpuk"),
        ({}, "sedikitnya satu"),
        ({"valid_from": "x", "opens_0_0": "8", "closes_0_0": "12"}, "Berlaku mulai"),
        ({"valid_until": "2027-01-01", "opens_0_0": "8", "closes_0_0": "12"}, "sebelum hari pertama"),
    ],
)
def test_hours_that_cannot_be_are_named(client, house, rows, words):
    answer = client.post(HOURS, week(**rows) | seen(client, HOURS))
    assert answer.status_code == 422 and words in text(answer)
    assert house.opening_hours.count() == 5


def test_bookings_outside_new_hours_are_listed_not_moved(client, house, machine):
    booking = build.make_booking(machine, 14, 15, day=7)
    hours = {f"{edge}_{d}_0": value for d in range(7) for edge, value in (("opens", "8"), ("closes", "12"))}
    said = {"terlihat": booking.reference, "lanjut": "tetap"} | seen(client, HOURS)
    client.post(HOURS, week(valid_from="2026-11-24", valid_until="", **hours) | said)
    assert "1 pesanan berada di luar jam buka" in text(client.get("/pengaturan/jam/"))
    booking.refresh_from_db()
    assert booking.status == "approved"


def test_the_last_week_stays(client, house):
    client.post("/pengaturan/jam/hapus/", {"minggu": "2020-01-01"} | seen(client, HOURS))
    assert house.opening_hours.count() == 5
    assert client.post("/pengaturan/jam/hapus/", {"minggu": "kemarin"}).status_code == 404


def test_closing_a_day_lists_who_is_affected_before_it_displaces_them(client, house, machine):
    booking = build.make_booking(machine, 10, 12, day=1)
    typed = {"first_on": "2026-11-24", "reason": "Fumigasi"} | seen(client, SHUT)
    asked = client.post("/pengaturan/tutup/", typed)
    assert asked.status_code == 409 and "Keripik Siti" in text(asked) and "kabari 1 pesanan" in text(asked)
    assert Closure.objects.count() == 0
    said = {"lanjut": "ya", "terlihat": booking.reference}
    assert client.post("/pengaturan/tutup/", {**typed, **said}).status_code == 302
    booking.refresh_from_db()
    assert booking.status == "displaced" and Closure.objects.get().until_minute == 1440


def test_a_part_of_a_day_is_closed_and_opened_again(client, house):
    typed = {"first_on": "2026-11-25", "from_minute": "13.00", "until_minute": "15.00", "reason": "Rapat"}
    client.post(SHUT, typed | seen(client, SHUT))
    closure = Closure.objects.get()
    assert (closure.from_minute, closure.until_minute) == (780, 900)
    opened = f"/pengaturan/tutup/{closure.pk}/buka/"
    assert client.post(opened, seen(client, SHUT, opened)).status_code == 302
    assert not Closure.objects.exists()


def test_a_holiday_is_not_a_houses_to_open(client):
    holiday = Closure.objects.create(first_on=date(2026, 12, 25), last_on=date(2026, 12, 25), reason="Natal", kind="public")
    assert "Natal" in text(client.get("/pengaturan/tutup/"))
    assert client.post(f"/pengaturan/tutup/{holiday.pk}/buka/").status_code == 404


@pytest.mark.parametrize("first", ["", "2026-11-01", "9999-12-31", "31-02-2027"])
def test_days_that_cannot_be_closed_are_named(client, first):
    answer = client.post(SHUT, {"first_on": first, "reason": "Rapat"} | seen(client, SHUT))
    assert answer.status_code == 422 and "Hari pertama" in text(answer)


def rules(house, **more):
    names = ("grid", "notice", "horizon", "shortest", "longest", "approval", "approval_limit", "answer_within",
             "grace", "cancel_deadline", "version")  # fmt: skip
    return {**{name: getattr(house, name) for name in names}, **more}


def test_rules_change_and_leave_a_trail(client, house):
    assert client.post("/pengaturan/aturan/", rules(house, grace=30)).status_code == 302
    house.refresh_from_db()
    assert house.grace == 30 and not house.closed_on_holidays
    assert AuditEntry.objects.get(action="change_facility").before["grace"] == 15
    assert client.post("/pengaturan/aturan/", rules(house, version=1)).status_code == 412


@pytest.mark.parametrize("more", [{"longest": 5}, {"grid": 7}, {"horizon": 0}, {"notice": -1}, {"grace": 10**12}])
def test_rules_that_cannot_be_are_refused(client, house, more):
    assert client.post("/pengaturan/aturan/", rules(house, **more)).status_code == 422


def test_the_page_of_the_house_takes_an_office_number(client, house):
    typed = {"name": "Rumah Kita", "address": "Jalan 1", "contact_name": "Cahya", "phone": "(0561) 123-456", "version": 1}
    assert client.post("/pengaturan/rumah/", typed).status_code == 302
    house.refresh_from_db()
    assert (house.name, house.phone) == ("Rumah Kita", "+62561123456")
    assert client.post("/pengaturan/rumah/", {**typed, "phone": "javascript:x", "version": 2}).status_code == 422


def new_machine(**more):
    facts = {"jenis": "BAND", "name": "Segel baru", "operator_level": "terlatih", "setup": 10, "cleaning": 20}
    return {**facts, "line": "halal", "in_service_from": "2026-11-23", "bisa-use-keripik-standing_pouch": "on", "bisa-rate-keripik-standing_pouch": "500", **more}


def test_a_machine_is_added_with_what_its_kind_can_do(client, house, machine):
    assert "Keripik" in text(client.get("/pengaturan/mesin/baru/?jenis=BAND"))
    assert client.post("/pengaturan/mesin/baru/", new_machine()).url == "/pengaturan/mesin/pontianak-band-2/"
    made = Machine.objects.get(slug="pontianak-band-2")
    assert (made.setup, made.cleaning, made.capabilities.get().rate) == (10, 20, 500)


@pytest.mark.parametrize("more", [{"bisa-use-keripik-standing_pouch": ""}, {"bisa-rate-keripik-standing_pouch": ""}, {"setup": "-1"}, {"name": ""}, {"line": "?"}])
def test_a_machine_that_cannot_be_is_not_added(client, machine, more):
    assert client.post("/pengaturan/mesin/baru/", new_machine(**more)).status_code == 422
    assert Machine.objects.count() == 1


def test_a_machine_changes_but_not_its_line(client, machine):
    typed = {"name": "Segel A", "operator_level": "operator", "setup": 5, "cleaning": 5, "version": 1, "line": "non_halal"}
    assert client.post("/pengaturan/mesin/pontianak-band-1/ubah/", typed).status_code == 302
    machine.refresh_from_db()
    assert (machine.name, machine.line) == ("Segel A", "halal")
    assert client.post("/pengaturan/mesin/pontianak-band-1/ubah/", typed).status_code == 412


def test_a_tariff_is_decreed_from_a_day_on_and_past_ones_stay(client, machine):
    build.make_tariff(machine)
    typed = {"tarif-unit": "hour", "tarif-amount": "15000", "tarif-legal_basis": "Perda 1", "tarif-valid_from": "2027-01-01"}
    for status in (302, 302):
        assert client.post(f"{BAND}tarif/", typed | seen(client, BAND, f"{BAND}tarif/")).status_code == status
    assert list(Tariff.objects.values_list("amount", flat=True)) == [15000, 10000]


def test_a_machine_with_bookings_is_not_retired(client, machine):
    build.make_booking(machine, 10, 12, day=3)
    address = "/pengaturan/mesin/pontianak-band-1/pensiun/"
    assert client.post(address, {"pensiun-retired_on": "2026-11-24"} | seen(client, BAND, address)).status_code == 409
    assert client.post(address, {"pensiun-retired_on": "2026-11-27"} | seen(client, BAND, address)).status_code == 302
    machine.refresh_from_db()
    assert machine.retired_on == date(2026, 11, 27)


def picture(kind="JPEG", size=(40, 30)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "white").save(made, kind)
    return made.getvalue()


def upload(client, content: bytes, name="../../x.jpg"):
    typed = {"photo": SimpleUploadedFile(name, content), "description": "Dari depan"}
    return client.post("/pengaturan/mesin/pontianak-band-1/foto/", typed)


def test_a_photo_waits_under_a_random_name_that_no_address_serves(client, machine):
    assert upload(client, picture()).status_code == 302
    photo = MachinePhoto.objects.get()
    assert photo.original.startswith("private/") and "x.jpg" not in photo.original
    assert client.get(f"/media/{photo.original}").status_code == 404
    default_storage.delete(photo.original)


@pytest.mark.parametrize(
    "content, status",
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", 415),
        (b"GIF89a/*<script>*/", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", 415),
        (picture()[:200], 422),
        (picture("PNG")[:60], 422),
        (b"", 422),
    ],
)
def test_what_is_no_photo_is_refused_quickly_and_not_kept(client, machine, content, status):
    answer = upload(client, content)
    assert answer.status_code == status
    assert not MachinePhoto.objects.exists()


def test_a_bomb_is_refused_by_its_header_before_it_is_decoded(client, machine):
    bomb = bytearray(picture("PNG"))
    bomb[16:24] = (30_000).to_bytes(4, "big") * 2
    bomb[29:33] = crc32(bomb[12:29]).to_bytes(4, "big")
    assert upload(client, bytes(bomb)).status_code == 422


def test_a_processed_photo_is_served_for_a_year_without_sniffing(client, machine):
    name = default_storage.save("machines/abc-480.webp", BytesIO(picture("WEBP")))
    MachinePhoto.objects.create(machine=machine, small=name, description="Depan", added_at=build.MONDAY_8)
    client.logout()
    answer = client.get(f"/media/{name}")
    assert answer["Content-Type"] == "image/webp" and "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert client.get("/media/../../settings.py").status_code == 404
    default_storage.delete(name)


CARE = "/perawatan/pontianak-band-1/"


def test_a_breakdown_lists_the_affected_then_displaces_and_is_repaired(client, machine):
    booking = build.make_booking(machine, 10, 12)
    typed = {"rusak-reason": "Pompa mati", "rusak-expected_until": "2026-11-23T13:00"}
    page, address, done = CARE, f"{CARE}rusak/", f"{CARE}siap/"
    typed |= seen(client, page, address)
    assert client.post(address, typed).status_code == 409
    assert client.post(address, {**typed, "lanjut": "ya"}).status_code == 302
    booking.refresh_from_db()
    assert booking.status == "displaced"
    assert client.post(done, {"siap-repair": ""} | seen(client, page, done)).status_code == 422
    assert client.post(done, {"siap-repair": "Ganti seal"} | seen(client, page, done)).status_code == 302
    assert Breakdown.objects.get().repair == "Ganti seal"


def test_planned_work_is_scheduled_and_called_off(client, machine):
    typed = {"rawat-title": "Kalibrasi", "rawat-starts_at": "2026-11-24T08:00", "rawat-ends_at": "2026-11-24T10:00"}
    assert client.post(f"{CARE}jadwal/", typed | seen(client, CARE, f"{CARE}jadwal/")).status_code == 302
    work = Maintenance.objects.get()
    assert client.post(f"/perawatan/batal/{work.pk}/", {"version": work.version}).status_code == 302
    work.refresh_from_db()
    assert work.cancelled_at is not None


@pytest.mark.parametrize("end", ["2026-11-24T07:00", "2030-01-01T00:00", "kapan-kapan"])
def test_work_that_cannot_be_planned_is_named(client, machine, end):
    typed = {"rawat-title": "Kalibrasi", "rawat-starts_at": "2026-11-24T08:00", "rawat-ends_at": end}
    answer = client.post("/perawatan/pontianak-band-1/jadwal/", typed)
    assert answer.status_code == 422 and "Kalibrasi" in text(answer) and not Maintenance.objects.exists()


def test_a_machine_of_another_house_does_not_exist_here(client):
    build.make_machine(build.make_facility("sintang"), slug="sintang-band-1")
    for path in ("/pengaturan/mesin/sintang-band-1/", "/perawatan/sintang-band-1/"):
        assert client.get(path).status_code == 404
    for step in ("ubah", "tarif", "foto", "pensiun", "kemampuan"):
        assert client.post(f"/pengaturan/mesin/sintang-band-1/{step}/").status_code == 404


def able(**more):
    return {"bisa-use-keripik-standing_pouch": "on", "bisa-rate-keripik-standing_pouch": "500", **more}


def test_sizes_are_set_and_what_was_learned_stays(client, machine):
    machine.capabilities.update(learned_rate=480, learned_from=12)
    assert "480 per jam, dari 12 pemakaian" in text(client.get("/pengaturan/mesin/pontianak-band-1/"))
    typed = able(**{"bisa-smallest-keripik-standing_pouch": "50", "bisa-largest-keripik-standing_pouch": "500", "bisa-widest-keripik-standing_pouch": "180"})
    assert client.post(f"{BAND}kemampuan/", typed | seen(client, BAND, f"{BAND}kemampuan/")).status_code == 302
    kept = machine.capabilities.get()
    assert (kept.rate, kept.smallest, kept.largest, kept.widest) == (500, 50, 500, 180)
    assert (kept.learned_rate, kept.learned_from) == (480, 12)


def test_a_pair_that_goes_takes_its_pace_along(client, machine):
    machine.capabilities.update(learned_rate=480, learned_from=12)
    typed = {"bisa-form_0": "padat", "bisa-format_0": "jar", "bisa-free_0": "90"}
    assert client.post(f"{BAND}kemampuan/", typed | seen(client, BAND, f"{BAND}kemampuan/")).status_code == 302
    kept = machine.capabilities.get()
    assert (kept.form, kept.format, kept.rate, kept.learned_rate) == ("padat", "jar", 90, None)


@pytest.mark.parametrize("more", [{"bisa-smallest-keripik-standing_pouch": "600", "bisa-largest-keripik-standing_pouch": "500"}, {"bisa-widest-keripik-standing_pouch": "0"}])
def test_sizes_that_cannot_be_are_refused(client, machine, more):
    assert client.post("/pengaturan/mesin/pontianak-band-1/kemampuan/", able(**more)).status_code == 422
    assert machine.capabilities.get().largest is None


def test_the_public_page_says_how_fast_from_what_and_which_sizes(client, machine):
    page = "/mesin/pontianak-band-1/"
    assert "angka pabrik" in text(client.get(page))
    machine.capabilities.update(learned_rate=480, learned_from=12, smallest=50, largest=500, widest=180)
    shown = text(client.get(page))
    assert ">480<" in shown and "dari 12 pemakaian" in shown
    assert "50–500 g/ml, lebar sampai 180 mm" in shown
