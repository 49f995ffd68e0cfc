"""The house's page of a booking, and how the house calls one off: in its own voice, with its own reasons."""

from __future__ import annotations

import pytest

from bookings.messages.reasons import REASONS
from bookings.messages.services import follow_up
from bookings.models import Document, Message
from bookings.ordering import services as ordering
from bookings.ordering.changing_forms import CANCEL_REASONS, HOUSE_CANCEL_REASONS
from tests import build, clock
from tests.api.calling import Caller, fields
from tests.home.test_who_booked import page_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def siti():
    return build.siti()


@pytest.fixture
def booking(siti):
    machine = build.make_machine(setup=10, cleaning=20)
    return build.make_booking(machine, 9, 11, by=siti)


@pytest.fixture
def cahya(booking):
    return build.cahya(booking.facility)


def cancel(client, booking, **typed):
    return client.post(f"/pesanan/{booking.reference}/batal/", {"reason_code": "broken", "version": booking.version, **typed})


def test_staff_read_who_what_when_and_what_is_on_file_and_can_act(client, booking, cahya):
    number = "2061234567890"
    Document.objects.create(producer=booking.producer, kind="nib", number=number, made_at=build.EARLY)
    page = page_of(client, cahya, booking)
    shown = ["Keripik Siti", booking.reference, "09.00–11.00", "08.50–11.20", "Persiapan", "10 menit", "20 menit",
             "Riwayat pesanan", "Dipesan oleh Siti", "NIB", "Batalkan", "Pindahkan", "Mesin belum dijalankan"]  # fmt: skip
    assert [one for one in shown if one not in page] == []
    assert booking.producer.phone not in page and "Lihat nomor lengkap" in page


def test_staff_are_not_spoken_to_as_producers(client, booking, cahya):
    client.force_login(cahya)
    answer = client.get(f"/pesanan/{booking.reference}/")
    page = words(answer)
    spoken = ["Jadwal Anda", "Bukti pesanan", "Kirim ke WhatsApp", "Yang perlu dibawa", "Lepas jam ini", "Tunjukkan di meja"]
    assert [one for one in spoken if one in page] == [] and 'class="qr"' not in answer.content.decode()


def test_its_producer_keeps_the_receipt(client, booking, siti):
    page = page_of(client, siti, booking)
    assert "Jadwal Anda tercatat" in page and "Bersih-bersih" not in page


def test_who_only_reads_sees_no_action_and_no_whole_number(client, booking):
    Document.objects.create(producer=booking.producer, kind="nib", number="2061234567890", made_at=build.EARLY)
    for reader in (build.fitri(), build.gunawan()):
        page = page_of(client, reader, booking)
        assert "Keripik Siti" in page and "2061234567890" not in page.replace(" ", "")
        assert "Batalkan" not in page and "Lihat nomor lengkap" not in page


def test_the_house_cancels_with_a_reason_of_its_own_and_the_producer_reads_it(client, booking, siti, cahya):
    client.force_login(cahya)
    asked = words(client.get(f"/pesanan/{booking.reference}/batal/"))
    assert "Batalkan pesanan Keripik Siti?" in asked and "Mesin rusak" in asked
    assert "Sakit" not in asked and "jam Anda" not in asked
    done = client.post(f"/pesanan/{booking.reference}/batal/", {"reason_code": "broken", "reason": "Suku cadang datang Rabu", "version": booking.version}, follow=True)
    assert "Keripik Siti dikabari alasannya" in words(done)
    follow_up(event_id=booking.events.last().pk, now=build.EARLY)
    told = Message.objects.get(user=siti, kind="cancelled", channel="app").body
    assert "rumah produksi membatalkan" in told and "Mesin rusak. Suku cadang datang Rabu" in told
    receipt = page_of(client, siti, booking)
    assert "rumah produksi membatalkan pesanan ini" in receipt and "Terima kasih, jam Anda" not in receipt


def test_every_reason_of_the_house_is_told_in_the_words_that_were_tapped():
    told = {code: str(words_) for code, words_ in HOUSE_CANCEL_REASONS if code != "other"}
    assert told == {code: REASONS[code][0] for code in told}


def test_a_producers_reason_is_none_of_the_houses_and_other_wants_words(client, booking, cahya):
    client.force_login(cahya)
    assert cancel(client, booking, reason_code="ill").status_code == 422
    assert cancel(client, booking, reason_code="other").status_code == 422
    booking.refresh_from_db()
    assert booking.status == "approved"


def test_in_the_api_too_each_gives_reasons_of_their_own(booking, siti, cahya):
    path = f"/bookings/{booking.reference}/cancel"
    for who, reason in ((cahya, "ill"), (siti, "broken")):
        answer = Caller(who).post(path, {"reason_code": reason})
        assert answer.status_code == 422 and fields(answer) == ["reason_code"]
    assert Caller(cahya).post(path, {"reason_code": "broken"}).json()["reason_code"] == "broken"
    assert dict(CANCEL_REASONS).keys() & dict(HOUSE_CANCEL_REASONS).keys() == {"other"}


@pytest.mark.parametrize(("reason", "late"), [("broken", False), ("at_request", True)])
def test_what_the_house_calls_off_for_itself_is_not_the_producers_lateness(booking, cahya, reason, late):
    ordering.cancel(booking_id=booking.pk, actor=cahya, now=build.at(8), reason_code=reason, on_behalf=True)
    booking.refresh_from_db()
    assert booking.is_late_cancel is late


def test_staff_who_came_too_late_read_how_it_stands_in_no_producers_voice(client, booking, cahya):
    ordering.cancel(booking_id=booking.pk, actor=cahya, now=build.EARLY, reason_code="broken", on_behalf=True)
    client.force_login(cahya)
    answer = cancel(client, booking)
    assert answer.status_code == 409 and "Keadaannya sekarang: Dibatalkan" in words(answer)
