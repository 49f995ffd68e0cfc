"""The counter's pages: the day, arrivals, requests, and the sheet of a run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking
from bookings.runs import services as runs
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 09.10 in Pontianak."""
    return at(monkeypatch, 9, 10)


def at(monkeypatch, hour, minute=0):
    instant = build.at(hour) + timedelta(minutes=minute)
    clock.stop(monkeypatch, instant)
    return instant


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


def book(house, start=9.0, end=None, **asked) -> Booking:
    return build.make_booking(asked.pop("machine", None) or build.make_machine(house), start, end or start + 1, **asked)


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_the_headline_names_what_runs_and_who_is_late(client, cahya, house, now):
    book(house, 9)
    here = book(house, 9, by=build.budi())
    runs.check_in(booking_id=here.pk, actor=cahya, now=now)
    runs.start_run(booking_id=here.pk, actor=cahya, now=now)
    page = text(client.get("/hari-ini/"))
    assert "1 mesin jalan, 1 orang terlambat" in page and "Terlambat 10 menit" in page and "Jam dilepas 09.15" in page


def test_a_quiet_day_offers_something_to_do(client, cahya, house):
    page = text(client.get("/hari-ini/"))
    assert "Hari ini tenang" in page and "merapikan" in page


def test_one_tap_checks_in_starts_and_stops(client, cahya, house):
    booking = book(house, 9)
    for step, status in (("hadir", "checked_in"), ("mulai", "checked_in"), ("berhenti", "checked_in")):
        answer = client.post(f"/pesanan/{booking.reference}/{step}/", {"next": "/hari-ini/"})
        assert answer.status_code == 302
        booking.refresh_from_db()
        assert booking.status == status
    assert answer.url == f"/pesanan/{booking.reference}/pemakaian/"
    assert booking.machines.get().runs.get().stopped_at is not None


def test_a_step_that_came_too_late_is_answered_in_words_with_the_present_state(client, cahya, house, now):
    booking = book(house, 9)
    runs.check_in(booking_id=booking.pk, actor=cahya, now=now)
    answer = client.post(f"/pesanan/{booking.reference}/hadir/")
    assert answer.status_code == 409
    assert "Keadaan pesanan sudah berubah" in text(answer) and "Mulai" in text(answer)


def test_time_is_released_only_after_grace(client, cahya, house, monkeypatch):
    booking = book(house, 9)
    assert client.post(f"/pesanan/{booking.reference}/tidak-datang/").status_code == 409
    at(monkeypatch, 9, 16)
    assert client.post(f"/pesanan/{booking.reference}/tidak-datang/").status_code == 302
    booking.refresh_from_db()
    assert booking.status == "no_show"


def test_a_typed_code_finds_the_booking_and_an_unknown_one_keeps_what_was_typed(client, cahya, house):
    booking = book(house, 10)
    typed = booking.reference.lower().replace("-", "")
    assert client.get("/hari-ini/kode/", {"kode": typed}).url == f"/hadir/{booking.reference}/"
    scanned = f"http://rumah.test/hadir/{booking.reference}/"
    assert client.get("/hari-ini/kode/", {"kode": scanned}).url == f"/hadir/{booking.reference}/"
    unknown = client.get("/hari-ini/kode/", {"kode": "ZZZ-99"})
    assert unknown.status_code == 404 and "ZZZ-99" in text(unknown)


def test_the_code_on_a_receipt_checks_in_for_staff_and_opens_the_receipt_for_its_owner(client, cahya, house):
    siti = build.siti()
    booking = book(house, 9, by=siti)
    assert "Catat hadir" in text(client.get(f"/hadir/{booking.reference}/"))
    assert client.post(f"/hadir/{booking.reference}/").status_code == 302
    client.force_login(siti)
    assert client.get(f"/hadir/{booking.reference}/").url == f"/pesanan/{booking.reference}/"
    client.logout()
    assert client.get(f"/hadir/{booking.reference}/").url.startswith("/masuk/")


def test_a_code_of_another_house_or_day_is_said_in_words(client, cahya, house):
    other = book(build.make_facility("sintang"), 9)
    assert client.get(f"/hadir/{other.reference}/").status_code == 404
    assert "bukan untuk rumah Anda" in text(client.get(f"/hadir/{other.reference}/"))
    tomorrow = book(house, 9, day=1, by=build.budi())
    assert "bukan untuk hari ini" in text(client.get(f"/hadir/{tomorrow.reference}/"))


@pytest.mark.parametrize("address", ["/permintaan/", "/hari-ini/", "/papan/?hari=2026-11-23"])
def test_what_must_be_answered_first_stands_first_whoever_asked_first(client, cahya, house, address):
    type(house).objects.filter(pk=house.pk).update(approval="manual", answer_within=43_200)
    book(house, 12, day=2)
    book(house, 13, by=build.budi(), now=build.EARLY + timedelta(hours=1))
    page = text(client.get(address))
    page = page[page.index("Menunggu jawaban") :] if "Menunggu jawaban" in page else page
    assert page.index("Abon Budi") < page.index("Keripik Siti")


def test_requests_come_oldest_first_with_history_and_rivals(client, house):
    client.force_login(build.cahya(house))
    type(house).objects.filter(pk=house.pk).update(approval="manual")
    machine = build.make_machine(house)
    first = book(house, 12, machine=machine)
    book(house, 13, machine=machine, by=build.budi(), now=build.EARLY + timedelta(hours=1))
    page = text(client.get("/permintaan/"))
    assert "2 permintaan menunggu Anda" in page and page.index("Keripik Siti") < page.index("Abon Budi")
    assert "pertama kali datang" in page and "Di sekitar jam itu" in page
    assert client.post(f"/pesanan/{first.reference}/setujui/").status_code == 302
    assert client.post(f"/pesanan/{first.reference}/setujui/").status_code == 409


def test_a_request_is_declined_with_a_reason_the_producer_reads(client, cahya, house):
    type(house).objects.filter(pk=house.pk).update(approval="manual")
    booking = book(house, 12)
    address = f"/pesanan/{booking.reference}/tolak/"
    bad = client.post(address, {"reason_code": "other", "reason": ""})
    assert bad.status_code == 422 and "Tulis alasannya" in text(bad)
    assert client.post(address, {"reason_code": "documents", "reason": "Bawa P-IRT"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.status, booking.reason_code, booking.reason) == ("declined", "documents", "Bawa P-IRT")


def sheet(**typed):
    empty = {f"henti-{n}-{name}": "" for n in range(3) for name in ("minutes", "reason", "note")}
    totals = {"henti-TOTAL_FORMS": "3", "henti-INITIAL_FORMS": "0"}
    values = {"started_at": "2026-11-23T08:00", "stopped_at": "2026-11-23T09:05", "good": "300", "rejected": "4"}
    return {**empty, **totals, **values, **typed}


def saw(client, booking) -> dict[str, str]:
    return seen(client, f"/pesanan/{booking.reference}/pemakaian/")


def checked_in(house, cahya) -> Booking:
    booking = book(house, 8)
    runs.check_in(booking_id=booking.pk, actor=cahya, now=build.at(8))
    return booking


def test_a_run_is_signed_with_downtime_and_cleaning_and_completes_the_booking(client, cahya, house):
    booking = checked_in(house, cahya)
    typed = sheet(cleaned_after="on", cleaning_result="clean", cleaned_by="Dewi", lot_code="L1",
                  **{"henti-0-minutes": "5", "henti-0-reason": "power"})  # fmt: skip
    assert client.post(f"/pesanan/{booking.reference}/pemakaian/", typed | saw(client, booking)).status_code == 302
    booking.refresh_from_db()
    run = booking.machines.get().runs.get()
    assert (booking.status, run.good, run.rejected, run.downtimes.get().minutes) == ("completed", 300, 4, 5)
    assert run.started_at == build.at(8) and run.cleaned_by == "Dewi" and run.signed_by == cahya


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"good": ""}, "Kemasan bagus"),
        ({"stopped_at": "2026-11-23T07:00"}, "sesudah jam mulai"),
        ({"stopped_at": "2026-11-23T11:00"}, "belum lewat"),
        ({"started_at": "9999-12-31T23:59"}, "tahunnya"),
        ({"henti-0-minutes": "500", "henti-0-reason": "power"}, "melebihi"),
        ({"henti-0-minutes": "5"}, "Pilih sebabnya"),
        ({"henti-TOTAL_FORMS": "x"}, "Isian Anda tersimpan"),
        ({"good": "9" * 30}, "Kemasan bagus"),
    ],
)
def test_what_cannot_be_on_a_run_sheet_is_named_and_nothing_typed_is_lost(client, cahya, house, typed, words):
    booking = checked_in(house, cahya)
    answer = client.post(f"/pesanan/{booking.reference}/pemakaian/", sheet(lot_code="LOT-7", **typed) | saw(client, booking))
    assert answer.status_code == 422 and words in text(answer) and "LOT-7" in text(answer)
    booking.refresh_from_db()
    assert booking.status == "checked_in"


def test_a_correction_keeps_the_old_value_in_sight(client, cahya, house):
    booking = checked_in(house, cahya)
    client.post(f"/pesanan/{booking.reference}/pemakaian/", sheet() | saw(client, booking))
    run = booking.machines.get().runs.get()
    typed = {"field": "good", "value": "290", "reason": "Salah hitung", "run": run.pk, "version": run.version}
    assert client.post(f"/pesanan/{booking.reference}/pemakaian/koreksi/", typed).status_code == 302
    page = text(client.get(f"/pesanan/{booking.reference}/pemakaian/"))
    assert "<del>300</del> → 290" in page and "Salah hitung" in page
    assert client.post(f"/pesanan/{booking.reference}/pemakaian/koreksi/", typed).status_code == 412


def test_an_operator_runs_the_day_but_does_not_answer_requests(client, house):
    client.force_login(build.dewi(house))
    type(house).objects.filter(pk=house.pk).update(approval="manual")
    waiting = book(house, 12)
    assert client.post(f"/pesanan/{waiting.reference}/setujui/").status_code == 403
    assert client.get(f"/pesanan/{waiting.reference}/tolak/").status_code == 403
    assert "/tamu/" not in text(client.get("/hari-ini/"))
    assert [client.get(p).status_code for p in ("/tamu/", "/pengaturan/", "/pengaturan/jam/")] == [403, 403, 403]


def test_a_booking_of_another_house_does_not_exist_at_this_counter(client, cahya):
    other = book(build.make_facility("sintang"), 9)
    for step in ("hadir", "mulai", "berhenti", "tidak-datang", "setujui", "batal-hadir"):
        assert client.post(f"/pesanan/{other.reference}/{step}/").status_code == 404
    assert client.get(f"/pesanan/{other.reference}/pemakaian/").status_code == 404


@pytest.mark.parametrize("who", [build.siti, build.fitri, build.gunawan])
def test_the_counter_is_closed_to_everybody_else(client, house, who):
    client.force_login(who())
    for path in ("/hari-ini/", "/papan/", "/permintaan/", "/perawatan/", "/produsen/", "/tamu/"):
        assert client.get(path).status_code == 403


def test_who_works_in_two_houses_switches_and_the_choice_is_kept(client, cahya, house):
    from facilities.models import Duty

    sintang = build.make_facility("sintang", name="Rumah Sintang")
    Duty.objects.create(user=cahya, kind="manager", facility=sintang)
    client.get("/hari-ini/?rumah=sintang")
    assert "Rumah Sintang" in text(client.get("/papan/", follow=True))
    build.make_facility("kapuas")
    assert client.get("/hari-ini/?rumah=kapuas").status_code == 404


def test_the_live_region_answers_304_while_nothing_changed(client, cahya, house):
    book(house, 10)
    first = client.get("/hari-ini/", headers={"X-Requested-With": "fetch"})
    again = client.get("/hari-ini/", headers={"X-Requested-With": "fetch", "If-None-Match": first["ETag"]})
    assert again.status_code == 304 and "csrf" not in text(first)


def test_the_day_sheet_has_blanks_to_fill_by_hand(client, cahya, house):
    booking = book(house, 10)
    page = text(client.get("/hari-ini/cetak/"))
    assert booking.reference in page and "______" in page


@pytest.mark.parametrize("rows", [1, 12])
def test_the_day_takes_the_same_statements_whatever_its_length(client, cahya, house, rows, django_assert_max_num_queries):
    budi = build.budi()
    for _ in range(rows):
        book(house, 10, by=budi)
    client.get("/hari-ini/")
    with django_assert_max_num_queries(20):
        client.get("/hari-ini/")


@pytest.mark.parametrize("rows", [1, 12])
def test_requests_take_the_same_statements_whatever_their_number(client, cahya, house, rows, django_assert_max_num_queries):
    type(house).objects.filter(pk=house.pk).update(approval="manual")
    budi = build.budi()
    for _ in range(rows):
        book(house, 12, by=budi)
    with django_assert_max_num_queries(12):
        client.get("/permintaan/")


def test_a_booking_is_shown_by_the_clock_of_its_own_house(client, cahya, house):
    from facilities.models import Duty

    wita = build.make_facility("paser", zone_name="Asia/Makassar")
    Duty.objects.create(user=cahya, kind="manager", facility=wita)
    booking = book(wita, 12)
    client.get("/hari-ini/?rumah=pontianak")
    assert "13.00–14.00 WITA" in text(client.get(f"/pesanan/{booking.reference}/tolak/", follow=True))


@pytest.mark.parametrize(
    "path",
    [
        "/perawatan/batal/99999999999999999999999/",
        "/pengaturan/tutup/99999999999999999999999/buka/",
        "/pengaturan/mesin/tidak-ada/foto/9223372036854775808/hapus/",
    ],
)
def test_a_number_beyond_any_row_is_no_page(client, cahya, path):
    assert client.post(path).status_code == 404
