"""A producer's pages: who may see what, what is kept, what is refused in words."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from bookings.day import request_services as requests
from bookings.models import Booking, Membership, Message, Product
from tests import build, clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Friday 08.00, three days before the Monday that is booked."""
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def siti(client):
    user = build.siti()
    client.force_login(user)
    return user


def read(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def order(hour: str = "08:00", **more: object) -> dict[str, object]:
    told = {"lama": 120, "jam": f"2026-11-23T{hour}", "product": "baru", "product_name": "Keripik talas", "kunci": "k1"}
    return {**told, "form": "keripik", "line": "halal", "format": "standing_pouch", "quantity": 300, **more}


def send(client, machine, **more: object):
    return client.post(f"/pesan/{machine.slug}/periksa/", order(**more))


def test_home_greets_and_teaches_when_nothing_is_booked(client, siti):
    page = read(client, "/")
    assert "Selamat pagi, Siti" in page and "Belum ada jadwal" in page


def test_home_shows_the_next_booking_and_what_to_bring(client, siti):
    build.make_booking(build.make_machine(name="Segel 9"), by=siti, quantity=600, pack_format="standing_pouch")
    page = read(client, "/")
    assert "08.00–10.00" in page and "Segel 9" in page and "620" in page and "07.45" in page


def test_home_sends_staff_to_their_desks(client):
    house = build.make_facility()
    for user, desk in [(build.cahya(house), "/hari-ini/"), (build.dewi(house), "/hari-ini/"), (build.fitri(), "/laporan/"), (build.gunawan(), "/laporan/")]:
        client.force_login(user)
        assert client.get("/").headers["Location"] == desk


def test_home_offers_the_last_order_again_in_one_tap(client, siti, monkeypatch):
    machine = build.make_machine()
    product = build.make_product(build.producer_of(siti))
    booking = build.make_booking(machine, by=siti, product=product, pack_format="standing_pouch", quantity=300)
    Booking.objects.filter(pk=booking.pk).update(status="completed")
    clock.stop(monkeypatch, build.at(8, day=7))
    page = read(client, "/")
    assert "Sama seperti minggu lalu?" in page
    href = re.search(r'class="time" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "Kirim pesanan" in read(client, href)


def test_the_page_of_times_keeps_what_was_said_and_answers_why(client, siti):
    machine = build.make_machine()
    build.make_booking(machine, 10, 12, by=build.budi())
    page = read(client, f"/pesan/{machine.slug}/?hari=2026-11-23&kenapa=10.00&quantity=300")
    assert "Jam ini sudah diambil, sampai 12.00." in page and 'class="why-text open"' in page
    assert 'name="quantity" value="300"' in page and "Budi" not in page


@pytest.mark.parametrize("query", ["hari=x", "hari=0001-01-01", "hari=9999-12-31", "lama=-1", "jam=2026-13-01T00:00", "jam=x", "kenapa=<b>"])
def test_a_nonsense_choice_of_times_still_shows_the_times(client, query):
    machine = build.make_machine()
    assert "Jam kosong terdekat" in read(client, f"/pesan/{machine.slug}/?{query}")


def test_a_stranger_signs_in_and_comes_back_with_everything(client):
    machine = build.make_machine()
    answer = client.get(f"/pesan/{machine.slug}/isi/", {"lama": 120, "jam": "2026-11-23T08:00"})
    assert answer.status_code == 302 and "next=/pesan/" in answer["Location"] and "2026-11-23T08" in answer["Location"]
    sent = send(client, machine)
    assert sent.status_code == 302 and "quantity%3D300" in sent["Location"] and not Booking.objects.exists()


def test_an_order_is_booked_with_its_new_product_and_shown_as_a_receipt(client, siti):
    machine = build.make_machine()
    answer = send(client, machine, note="Tolong bantu")
    booking, product = Booking.objects.get(), Product.objects.get()
    assert answer.status_code == 303 and answer["Location"].startswith(f"/pesanan/{booking.reference}/")
    assert (booking.product, booking.quantity, booking.note, booking.starts_at) == (product, 300, "Tolong bantu", build.at(8))
    page = read(client, answer["Location"])
    assert booking.reference in page and "Jadwal Anda tercatat" in page and 'class="qr"' in page


def test_two_taps_on_send_book_once(client, siti):
    machine = build.make_machine()
    assert send(client, machine)["Location"] == send(client, machine)["Location"]
    assert Booking.objects.count() == 1


def test_a_taken_time_is_refused_and_nothing_typed_is_lost(client, siti):
    machine = build.make_machine()
    build.make_booking(machine, by=build.budi())
    answer = send(client, machine, note="Tolong bantu")
    page = answer.content.decode()
    assert answer.status_code == 409 and "Jam ini baru saja diambil" in page and "Tolong bantu" in page
    times = re.findall(r'class="line-link near" href="([^"]+)"', page)
    assert len(times) == 3 and Booking.objects.count() == 1
    again = read(client, times[0].replace("&amp;", "&"))
    assert "Kirim pesanan" in again and "Tolong bantu" in again and "300" in again


def test_all_reasons_are_said_at_once(client, siti):
    machine = build.make_machine(line="non_halal")
    page = send(client, machine, hour="06:05", format="standing_pouch", form="cair").content.decode()
    for words in ["Di luar jam buka", "langkah 15", "hanya untuk produk nonhalal", "tidak bisa mengemas ini"]:
        assert words in page.replace("\xa0", " ")
    assert not Booking.objects.exists() and not Product.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("quantity", "0"), ("quantity", "-1"), ("quantity", "1000001"), ("quantity", "tiga"), ("quantity", ""), ("format", "kaleng"),
     ("format", ""), ("product", "99999999999999999999"), ("product_name", " "), ("form", "besi"), ("line", "x"), ("note", "a" * 501)],
)  # fmt: skip
def test_bad_answers_are_named_and_everything_is_kept(client, siti, field, value):
    machine = build.make_machine()
    answer = send(client, machine, **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Isian Anda tersimpan" in page and "08.00–10.00" in page
    assert not Booking.objects.exists()


@pytest.mark.parametrize("jam", ["x", "2026-11-23", "9999-12-31T23:59", "0000-00-00T00:00", "2026-11-23T25:00"])
def test_a_start_that_is_no_time_is_bad_input(client, siti, jam):
    machine = build.make_machine()
    assert client.post(f"/pesan/{machine.slug}/periksa/", order() | {"jam": jam}).status_code == 422


def test_another_producers_product_is_no_choice(client, siti):
    machine = build.make_machine()
    foreign = build.make_product(build.producer_of(build.budi()))
    assert send(client, machine, product=foreign.pk).status_code == 422
    assert not Booking.objects.exists()


def test_an_officer_says_for_whom_first_and_the_name_stays_visible(client):
    rosa, machine = build.rosa(), build.make_machine()
    client.force_login(rosa)
    start = f"/pesan/{machine.slug}/isi/?lama=120&jam=2026-11-23T08:00"
    assert "Pesan untuk siapa?" in read(client, start)
    member = build.producer_of(rosa).members.get()
    assert "Anggota Mandau" in read(client, f"{start}&producer={member.slug}")
    send(client, machine, producer=member.slug)
    booking = Booking.objects.get()
    assert booking.producer == member and booking.events.get().on_behalf


def test_nobody_books_for_a_stranger(client, siti):
    machine = build.make_machine()
    stranger = build.producer_of(build.budi())
    assert send(client, machine, producer=stranger.slug).status_code == 422
    assert not Booking.objects.exists()


def test_an_account_without_a_producer_is_told_whom_to_ask(client):
    client.force_login(build.fitri())
    machine = build.make_machine()
    assert "belum bisa memesan" in read(client, f"/pesan/{machine.slug}/isi/?lama=120&jam=2026-11-23T08:00", 403)


def test_a_quantity_that_does_not_fit_is_warned_about_not_refused(client, siti):
    machine = build.make_machine(rate=100)
    query = "&".join(f"{name}={value}" for name, value in order().items())
    page = read(client, f"/pesan/{machine.slug}/periksa/?{query}").replace("\xa0", " ")
    assert "300 kemasan perlu sekitar 3 jam; Anda pesan 2 jam." in page and "Kirim pesanan" in page


def test_strangers_see_no_receipt_and_learn_nothing(client, siti):
    booking = build.make_booking(build.make_machine(), by=build.budi())
    for tail in ["", "batal/", "pindah/", "bukti.png", "kalender.ics"]:
        read(client, f"/pesanan/{booking.reference}/{tail}", 404)
    read(client, "/pesanan/PNT-ABCDEF/", 404)


def test_a_request_says_until_when_it_is_answered_and_a_declined_one_says_why(client, siti):
    house = build.make_facility(approval="manual", answer_within=1440)
    booking = build.make_booking(build.make_machine(house), by=siti)
    assert "Dijawab paling lambat Jum 20 Nov, 16.00" in read(client, f"/pesanan/{booking.reference}/")
    requests.decline(booking_id=booking.pk, actor=build.cahya(house), now=build.EARLY, reason_code="documents", reason="NIB")
    page = read(client, f"/pesanan/{booking.reference}/")
    assert "Dokumen belum lengkap. NIB" in page and "Belum bisa disetujui" in page


def test_an_answer_is_promised_before_the_job_and_while_the_house_is_open(client, siti, monkeypatch):
    machine = build.make_machine(build.make_facility(approval="manual"))
    asked = {**order(hour="13:00"), "product": "baru"}
    clock.stop(monkeypatch, build.at(20, day=-3))
    page = read(client, f"/pesan/{machine.slug}/periksa/?{urlencode(asked)}")
    assert "Dijawab paling lambat Sen 23 Nov, 09.00" in page
    assert "Dijawab paling lambat Sen 23 Nov, 09.00" in read(client, send(client, machine, hour="13:00")["Location"])


def test_where_the_house_does_not_open_before_the_job_no_answer_is_promised(client, siti, monkeypatch):
    machine = build.make_machine(build.make_facility(approval="manual", phone="+6281200000021"))
    clock.stop(monkeypatch, build.at(20, day=-3))
    page = read(client, f"/pesan/{machine.slug}/periksa/?{urlencode(order())}")
    assert "tidak buka lagi sebelum jam itu" in page and "Dijawab paling lambat" not in page and "tel:+6281200000021" in page
    receipt = read(client, send(client, machine)["Location"])
    assert "Belum tentu dijawab sebelum jam itu" in receipt and "Paling lambat dijawab" not in receipt
    assert "Dijawab paling lambat" not in read(client, "/jadwal-saya/")


def test_the_receipt_can_be_kept_as_picture_and_in_a_calendar(client, siti):
    booking = build.make_booking(build.make_machine(), by=siti, quantity=300)
    picture = client.get(f"/pesanan/{booking.reference}/bukti.png")
    assert picture["Content-Type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    calendar = client.get(f"/pesanan/{booking.reference}/kalender.ics").content.decode()
    assert "DTSTART:20261123T010000Z" in calendar and booking.reference in calendar


def test_the_share_link_can_be_read_without_opening_it(client, siti):
    booking = build.make_booking(build.make_machine(name="Segel 9"), by=siti, quantity=300, pack_format="standing_pouch")
    page = read(client, f"/pesanan/{booking.reference}/")
    href = re.search(r'https://wa\.me/\?text=([^"]+)', page)[1]
    for words in [booking.reference, "08.00", "Segel%209", "310%20standing%20pouch"]:
        assert words in href


def test_messages_are_marked_read_by_their_owner_only(client, siti):
    mine, foreign = [
        Message.objects.create(key=f"k{user.pk}", user=user, channel="app", kind="x", subject="Kabar", body="Isi", made_at=build.EARLY)
        for user in (siti, build.budi())
    ]
    assert "1 pesan baru" in read(client, "/pesan-masuk/")
    for number in (foreign.pk, mine.pk):
        assert client.post("/pesan-masuk/dibaca/", {"pesan": number}).status_code == 303
    mine.refresh_from_db(), foreign.refresh_from_db()
    assert mine.read_at == build.EARLY and foreign.read_at is None
    assert client.post("/pesan-masuk/dibaca/", {"pesan": "9" * 30}).status_code == 404


def test_private_pages_are_kept_nowhere_but_the_receipt_on_its_own_device(client, siti):
    booking = build.make_booking(build.make_machine(), by=siti)
    for path in ["/", "/jadwal-saya/", "/pesan-masuk/", f"/pesanan/{booking.reference}/batal/"]:
        assert "no-store" in client.get(path)["Cache-Control"], path
    assert client.get(f"/pesanan/{booking.reference}/")["Cache-Control"] == "private, no-cache"


def test_an_ended_membership_opens_nothing(client, siti):
    booking = build.make_booking(build.make_machine(), by=siti)
    Membership.objects.filter(user=siti).update(ended_at=build.EARLY - timedelta(days=1))
    read(client, f"/pesanan/{booking.reference}/", 404)


def test_a_house_in_wita_is_booked_on_its_own_clock(client, siti):
    machine = build.make_machine(build.make_facility("timur", zone_name="Asia/Makassar"))
    answer = send(client, machine, hour="08:00")
    assert Booking.objects.get().starts_at == build.at(7)
    page = read(client, answer["Location"])
    assert "08.00–10.00" in page and "WITA" in page


def test_a_form_changed_under_its_old_key_is_shown_again_not_booked(client, siti):
    machine = build.make_machine()
    send(client, machine)
    answer = send(client, machine, hour="12:00", product=Product.objects.get().pk)
    assert answer.status_code == 409 and "berubah sejak dikirim" in answer.content.decode()
    assert Booking.objects.count() == 1


def test_the_product_ordered_last_stands_first_and_is_chosen(client, siti):
    machine = build.make_machine()
    producer = build.producer_of(siti)
    build.make_product(producer, "Amplang"), build.make_product(producer, "Keripik talas")
    send(client, machine)
    page = read(client, f"/pesan/{machine.slug}/isi/?lama=120&jam=2026-11-23T12:00")
    assert page.index("Keripik talas") < page.index("Amplang")
    assert re.search(rf'value="{Product.objects.get(name="Keripik talas").pk}"[^>]*checked', page)


def test_the_picture_is_drawn_whatever_the_name_holds(client):
    person = build.make_user("Siti")
    build.make_producer("Keripik\r\nSiti\t\u2028😀", owner=person)
    booking = build.make_booking(build.make_machine(), by=person)
    client.force_login(person)
    answer = client.get(f"/pesanan/{booking.reference}/bukti.png")
    assert answer.status_code == 200 and answer.content.startswith(b"\x89PNG")


def marked(page: str) -> list[str]:
    """The times that the button would take as the page comes."""
    return re.findall(r'name="jam" value="([^"]+)"[^>]* checked', page)


def test_a_full_day_has_no_button_that_books_another_one(client, siti):
    machine = build.make_machine()
    build.make_booking(machine, 8, 16, by=build.budi())
    page = read(client, f"/pesan/{machine.slug}/?hari=2026-11-23&lama=120&quantity=300")
    assert "Pakai jam ini" not in page and 'type="radio"' not in page
    assert re.search(r'href="\?[^"]*hari=2026-11-24[^"]*">.*?Hari kosong berikutnya: Sel 24 Nov', page)
    onward = re.search(r'class="time wide-time" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert onward.startswith(f"/pesan/{machine.slug}/isi/?") and "quantity=300" in onward and "lama=120" in onward


def test_a_day_that_is_asked_for_marks_its_own_first_time_and_the_bar_says_what_it_takes(client, siti):
    machine = build.make_machine(name="Segel 9")
    build.make_booking(machine, 8, 9, by=build.budi(), day=1)
    page = read(client, f"/pesan/{machine.slug}/?hari=2026-11-24&lama=120")
    assert marked(page) == ["2026-11-24T09:00"]
    bar = page[page.index("bar-bottom"):]
    assert "Sel 24 Nov, 09.00–11.00" in bar and "Segel 9" in bar and "Pakai jam ini" in bar


def test_a_time_that_was_lost_marks_no_other_in_its_place(client, siti):
    machine = build.make_machine()
    build.make_booking(machine, 8, 10, by=build.budi())
    page = read(client, f"/pesan/{machine.slug}/?jam=2026-11-23T08:00&lama=120")
    assert "sudah tidak kosong" in page and not marked(page) and "Pakai jam ini" not in page


def test_a_time_chosen_on_another_day_than_the_one_shown_is_not_called_lost(client, siti):
    page = read(client, f"/pesan/{build.make_machine().slug}/?hari=2026-11-23&jam=2026-11-26T13:00&lama=120")
    assert "sudah tidak kosong" not in page and marked(page) == ["2026-11-26T13:00"]


def test_without_any_free_time_there_is_nothing_to_use(client, siti):
    machine = build.make_machine()
    for day in range(20):
        if build.at(8, day=day).weekday() < 5:
            build.make_booking(machine, 11, 12, by=build.budi() if not day else None, day=day)
    build.make_booking(machine, 11, 12, day=-3)
    page = read(client, f"/pesan/{machine.slug}/?lama=480")
    assert "Tidak ada jam kosong" in page and "Pakai jam ini" not in page


def test_a_booking_moves_to_no_other_day_than_the_one_looked_at(client, siti):
    machine = build.make_machine()
    mine = build.make_booking(machine, 8, 10, by=siti)
    build.make_booking(machine, 8, 16, by=build.budi(), day=1)
    page = read(client, f"/pesanan/{mine.reference}/pindah/?hari=2026-11-24")
    assert not marked(page) and "Lanjut" not in page and "Hari kosong berikutnya" in page
    onward = re.search(r'class="time wide-time" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "Pindahkan ke jam ini?" in read(client, f"/pesanan/{mine.reference}/pindah/{onward}")


def test_what_is_offered_instead_says_for_how_many_packs_it_is_enough(client, siti):
    machine = build.make_machine(rate=300)
    build.make_booking(machine, 10, 16, by=build.budi())
    page = send(client, machine, hour="09:00", quantity=600).content.decode()
    assert re.search(r"Lebih singkat</span><br>.*?Cukup untuk 300 dari 600 kemasan", page)


@pytest.mark.parametrize(("longitude", "is_far"), [(111.5, True), (109.4, False)])
def test_a_long_way_is_said_once_more_before_sending(client, siti, longitude, is_far):
    machine = build.make_machine(build.make_facility(latitude=-0.03, longitude=longitude))
    page = read(client, f"/pesan/{machine.slug}/periksa/?{urlencode(order())}")
    assert ("km dari Kota Pontianak" in page) == is_far and "Kirim pesanan" in page


def test_the_check_and_the_receipt_say_what_the_machine_leaves_who_runs_it_and_what_to_bring(client, siti):
    machine = build.make_machine(type=build.make_type("FLIQ"), operator_level="terlatih")
    machine.capabilities.update(form="cair", format="botol")
    told = {"form": "cair", "format": "botol", "product_name": "Sirup jeruk"}
    check = read(client, f"/pesan/{machine.slug}/periksa/?{urlencode(order(**told))}")
    receipt = read(client, send(client, machine, **told)["Location"])
    for page in (check.replace("\xa0", " "), receipt.replace("\xa0", " ")):
        assert "Mengisi saja. Tutup kemasannya sesudah itu." in page and "Anda jalankan sendiri, dilatih dulu" in page
        assert "310 botol" in page and "310 tutup botol" in page and "dalam wadah bersih bertutup" in page


@pytest.mark.parametrize("typed", ["²", "٣", "9" * 40, "1e9", "-1"])
def test_a_product_that_nobody_can_have_is_nobodys(client, typed):
    machine = build.make_machine()
    client.force_login(build.siti())
    assert client.get(f"/pesan/{machine.slug}/", {"product": typed}).status_code == 200
