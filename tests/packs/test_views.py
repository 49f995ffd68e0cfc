"""`/kemas/`: one form, then what fits and what does not; everything said there reaches the order."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from bookings.models import Booking, Document, Membership, Need, Product
from facilities.catalogue.common_products import common_products
from facilities.models import Breakdown, Capability
from tests import build, clock

pytestmark = pytest.mark.django_db
CHIPS = {"produk": "P18", "quantity": 300}
ADDRESS = "/kemas/?produk=P18&format=standing_pouch&quantity=300"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def machine():
    made = build.make_machine(build.make_facility("pontianak", what_to_bring="Celemek bersih"), setup=10, cleaning=20)
    build.make_tariff(made)
    return made


def words(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))).replace("\xa0", " ")


def times(answer) -> list[str]:
    return [unescape(href) for href in re.findall(r'class="time[^"]*" href="([^"]+)"', answer.content.decode())]


def told(href: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


def test_the_form_asks_on_one_page_and_writes_nothing(client, machine):
    answer = client.get("/kemas/")
    assert answer.status_code == 200 and "Keripik pisang/ubi" in words(answer)
    client.get(ADDRESS)
    assert not Need.objects.exists() and "sessionid" not in client.cookies


def test_sending_writes_the_need_down_and_leads_to_an_address_that_can_be_shared(client, machine):
    answer = client.post("/kemas/", CHIPS)
    assert answer.status_code == 303 and answer["Location"] == ADDRESS
    need = Need.objects.get()
    assert (need.form, need.pack_format, need.cleaning_class, need.quantity) == (
        "keripik",
        "standing_pouch",
        "berminyak",
        300,
    )
    assert need.found == 1 and not need.ended_in_nothing and len(need.asker) == 64
    client.post("/kemas/", CHIPS)
    assert Need.objects.get().times == 2


def test_a_machine_shows_how_long_what_it_costs_and_how_that_was_computed(client, machine):
    said = words(client.get(ADDRESS))
    assert "1 mesin cocok" in said and "30 menit" in said and "Rp5.000" in said
    assert "300 kemasan ÷ 600 kemasan per jam (angka pabrik)" in said and "Dibulatkan ke atas per 15 menit" in said
    assert "Bawa 310 standing pouch" in said and "Celemek bersih" in said and "Anda jalankan sendiri, dilatih dulu" in said


def test_a_learned_rate_says_from_how_many_runs(client, machine):
    Capability.objects.update(learned_rate=300, learned_from=12)
    said = words(client.get(ADDRESS))
    assert "300 kemasan per jam (dari 12 pemakaian)" in said and "1 jam" in said


def test_one_tap_carries_all_that_was_said_into_the_order(client, machine):
    first = times(client.get(f"{ADDRESS}&berat=100"))[0]
    assert first.startswith(f"/pesan/{machine.slug}/periksa/")
    assert told(first) == {
        "lama": "30", "jam": "2026-11-20T09:00", "product": "baru", "product_name": "Keripik pisang/ubi", "form": "keripik",
        "line": "halal", "kelas": "berminyak", "berat": "100", "format": "standing_pouch", "quantity": "300",
    }  # fmt: skip


def test_the_order_keeps_class_and_weight_of_a_new_product(client, machine):
    siti = build.siti()
    client.force_login(siti)
    page = client.get(times(client.get(f"{ADDRESS}&berat=100"))[0])
    assert page.status_code == 200 and "Sudah benar?" in words(page)
    client.post(f"/pesan/{machine.slug}/periksa/", told(times(client.get(f"{ADDRESS}&berat=100"))[0]))
    product = Product.objects.get()
    assert (product.cleaning_class, product.net_weight, product.line) == ("berminyak", "100 g", "halal")
    assert Booking.objects.get().product == product


def test_a_product_on_file_is_known_to_its_owner_and_a_stranger_reads_its_words(client, machine):
    siti = build.siti()
    own = build.make_product(build.producer_of(siti), "Amplang Siti", cleaning_class="ikan", net_weight="250 g")
    client.force_login(siti)
    address = client.post("/kemas/", {"produk": own.pk, "format": "standing_pouch", "quantity": 100})["Location"]
    assert Need.objects.get().producer == build.producer_of(siti)
    assert build.producer_of(siti).slug not in address and "Siti" in address  # the product's name, nobody's id
    assert told(times(client.get(address))[0])["product"] == str(own.pk)
    client.force_login(build.budi())
    theirs = told(times(client.get(address))[0])
    assert theirs["product"] == "baru" and theirs["kelas"] == "ikan" and theirs["berat"] == "250"


def test_the_pack_of_last_time_is_taken_when_none_is_chosen(client, machine):
    siti = build.siti()
    own = build.make_product(build.producer_of(siti))
    build.make_booking(machine, 9, 11, by=siti, product=own, pack_format="standing_pouch")
    client.force_login(siti)
    assert "format=standing_pouch" in client.post("/kemas/", {"produk": own.pk, "quantity": 100})["Location"]


def test_by_hand_a_name_a_form_and_a_pack_are_enough(client, machine):
    hand = {"product_name": "Keripik talas", "form": "keripik", "format": "standing_pouch", "quantity": 50}
    answer = client.post("/kemas/", hand)
    assert told(answer["Location"]) == {
        "format": "standing_pouch", "quantity": "50", "product_name": "Keripik talas", "form": "keripik", "line": "halal",
        "kelas": "berminyak",
    }  # fmt: skip
    assert "Keripik talas" in words(client.get(answer["Location"]))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"quantity": 50}, "Pilih produknya, atau isi sendiri di bawah."),
        ({"produk": "P18", "quantity": 0}, "Berapa kemasan?"),
        ({"produk": "P18"}, "Tulis jumlahnya."),
        ({"form": "padat", "quantity": 50}, "Tulis nama produknya."),
        ({"product_name": "X", "form": "padat", "quantity": 50}, "Pilih kemasannya."),
        ({**CHIPS, "mulai": "2026-12-02", "sampai": "2026-12-01"}, "Hari terakhir tidak boleh sebelum hari pertama."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost_or_written(client, machine, typed, said):
    answer = client.post("/kemas/", typed)
    assert answer.status_code == 422 and said in words(answer) and not Need.objects.exists()
    assert all(str(value) in answer.content.decode() for value in typed.values())


@pytest.mark.parametrize("query", ["quantity=x", "produk=P18&quantity=5&dari=99", "produk=P18&quantity=5&mulai=kapan"])
def test_a_mangled_address_is_a_form_not_a_fault(client, machine, query):
    assert client.get(f"/kemas/?{query}").status_code == 422


def test_every_machine_that_does_not_fit_is_named_with_every_reason(client, machine):
    other = build.make_machine(machine.facility, name="Vakum 1", line="non_halal")
    other.capabilities.update(format="kantong_vakum")
    day = timedelta(days=1)
    Breakdown.objects.create(
        machine=other, started_at=build.EARLY - 2 * day, expected_until=build.EARLY - day, reason="x"
    )
    said = words(client.get(ADDRESS))
    assert "1 mesin tidak cocok, karena…" in said and "Vakum 1" in said
    assert "1 mesin: Tidak mengemas keripik dan kerupuk dalam standing pouch." in said
    assert "lini nonhalal, rusak" in said


def test_like_reasons_stand_together_and_a_long_list_folds(client, machine):
    for number in range(15):
        build.make_machine(machine.facility, name=f"Kaleng {number}").capabilities.update(format="kaleng")
    page = client.get(ADDRESS)
    assert "15 mesin tidak cocok" in words(page) and words(page).count("15 mesin: Tidak mengemas keripik dan kerupuk dalam standing pouch.") == 1
    assert "3 mesin lagi" in words(page) and "Kaleng 9" in words(client.get(f"{ADDRESS}&semua=1"))


def test_the_order_can_be_changed_and_the_first_says_in_what_it_is_best(client, machine):
    build.make_tariff(build.make_machine(machine.facility, name="Segel murah", notice=600), amount=1_000)
    assert "Paling cepat Segel kontinu 1" in words(client.get(ADDRESS))
    assert "Paling murah Segel murah" in words(client.get(f"{ADDRESS}&urut=termurah"))
    assert client.get(f"{ADDRESS}&urut=terbaik").status_code == 200


def test_too_many_for_one_day_is_a_plan_whose_days_are_one_tap_each(client, machine):
    page = client.get("/kemas/?produk=P18&format=standing_pouch&quantity=6000")
    assert "Bagi jadi 2 hari" in words(page)
    sessions = [told(href) for href in times(page)]
    assert sum(int(one["quantity"]) for one in sessions) == 6000
    assert len({one["jam"][:10] for one in sessions}) == 2


def test_nothing_shows_what_comes_near_and_the_need_is_unmet(client, machine):
    answer = client.post("/kemas/", {**CHIPS, "mulai": "2026-11-21", "sampai": "2026-11-22"}, follow=True)
    assert "Belum ada yang pas, ini yang terdekat" in words(answer) and "Hari lain" in words(answer)
    assert "Kebutuhan Anda kami catat" in words(answer)
    assert Need.objects.get().ended_in_nothing and Need.objects.get().reasons == ["closed"]


def test_without_any_machine_the_page_teaches(client):
    assert "Belum ada mesin" in words(client.get(ADDRESS))


def test_a_run_after_a_like_product_needs_no_cleaning_and_says_so(client, machine):
    machine.cleaning = 60
    machine.save()
    siti = build.siti()
    product = build.make_product(build.producer_of(siti), cleaning_class="berminyak")
    build.make_booking(machine, 9, 11, by=siti, product=product)
    page = client.get(f"{ADDRESS}&mulai=2026-11-23")
    assert (
        "Tanpa bersih-bersih: produk sebelumnya sekelas." in words(page)
        and "jam=2026-11-23T11%3A15" in page.content.decode()
    )


def test_the_times_of_the_order_are_those_of_its_class(client, machine):
    build.make_booking(machine, 9, 11, cleaning_class="ikan")
    base = f"/pesan/{machine.slug}/?lama=60&hari=2026-11-23"
    assert 'value="2026-11-23T11:15"' in client.get(f"{base}&kelas=ikan").content.decode()
    assert 'value="2026-11-23T11:15"' not in client.get(f"{base}&kelas=kering").content.decode()


def test_an_order_that_said_everything_goes_from_the_times_to_the_check(client, machine):
    query = urlsplit(times(client.get(ADDRESS))[0]).query
    assert f'action="/pesan/{machine.slug}/periksa/"' in client.get(f"/pesan/{machine.slug}/?{query}").content.decode()
    assert f'action="/pesan/{machine.slug}/isi/"' in client.get(f"/pesan/{machine.slug}/").content.decode()


def test_a_house_that_asks_for_documents_says_which_the_asker_lacks(client, machine):
    machine.facility.policy = {"documents_required": ["nib", "halal", "pirt"]}
    machine.facility.save()
    siti = build.siti()
    for kind, until in (("nib", None), ("pirt", build.EARLY.date() - timedelta(days=1))):
        Document.objects.create(
            producer=build.producer_of(siti), kind=kind, number="1", expires_on=until, made_at=build.EARLY
        )
    assert "Dokumen: NIB, sertifikat halal, P-IRT" in words(client.get(ADDRESS))
    assert "Belum bisa" not in words(client.get(ADDRESS))
    client.force_login(siti)
    told = words(client.get(ADDRESS))
    assert "Belum bisa Anda pesan" in told and "Belum ada sertifikat halal." in told and "P-IRT" in told
    assert "Tulis nomornya di halaman Dokumen" in told


def test_a_time_beyond_a_weeks_quota_says_so_and_the_others_do_not(client, machine):
    siti = build.siti()
    build.make_booking(machine, 9, 11, day=3, by=siti)
    for start, end in ((8.25, 12), (12.5, 15)):  # Friday has room for one more, after a like product
        other = build.make_owner("Ibu lain")
        oily = build.make_product(build.producer_of(other), cleaning_class="berminyak")
        build.make_booking(machine, start, end, day=4, by=other, product=oily)
    machine.facility.policy = {"weekly_quota": 140}
    machine.facility.save()
    later = ADDRESS + "&mulai=2026-11-27&sampai=2026-12-01"
    told = words(client.get(later))
    assert "Kuota" not in told and "Tanpa bersih-bersih" in told
    client.force_login(siti)
    told = words(client.get(later))
    assert "Sebelum Anda memesan" in told and "belum bisa" in told and "Kuota 2 jam 20 menit per minggu" in told
    assert "Tanpa bersih-bersih" not in told, "the only such time is not theirs"


def test_what_the_asker_cannot_book_comes_after_what_they_can(client, machine):
    other = build.make_machine(build.make_facility(policy={"induction_required": True}), name="Mesin A", rate=1200)
    build.make_tariff(other)
    order = [other.name, machine.name]
    told = words(client.get(ADDRESS))
    assert sorted(order, key=told.index) == [other.name, machine.name]
    client.force_login(build.siti())
    told = words(client.get(ADDRESS))
    assert sorted(order, key=told.index) == [machine.name, other.name]
    assert told.index("Paling cepat") < told.index(machine.name) < told.index("Belum bisa Anda pesan")


def test_a_script_that_forgets_its_cookies_is_a_crowd_of_nobody(machine, monkeypatch):
    monkeypatch.setattr("bookings.packs.views.NEW_DEVICES", 3)
    cache.clear()
    for _ in range(5):
        assert Client().post("/kemas/", CHIPS, REMOTE_ADDR="203.0.113.7").status_code == 303
    assert Need.objects.count() == 3
    assert Client().post("/kemas/", CHIPS, REMOTE_ADDR="203.0.113.8").status_code == 303
    assert Need.objects.count() == 4, "another address is another crowd"


def test_staff_who_try_it_out_are_nobodys_need(client, machine):
    client.force_login(build.cahya(machine.facility))
    assert client.post("/kemas/", CHIPS).status_code == 303
    assert not Need.objects.exists()


def test_who_acts_for_several_says_for_whom_and_the_address_does_not(client, machine):
    rosa = build.rosa()
    member = Membership.objects.get(user=rosa).producer.members.get()
    client.force_login(rosa)
    assert "Untuk siapa?" in words(client.get("/kemas/"))
    address = client.post("/kemas/", {**CHIPS, "untuk": member.slug})["Location"]
    assert Need.objects.get().producer == member and member.slug not in address
    assert told(times(client.get(address))[0])["producer"] == member.slug


def test_what_was_asked_before_signing_in_is_claimed_with_the_booking(client, machine):
    client.post("/kemas/", CHIPS)
    siti = build.siti()
    client.force_login(siti)
    client.post(f"/pesan/{machine.slug}/periksa/", told(times(client.get(ADDRESS))[0]))
    assert Booking.objects.get().producer == Need.objects.get().producer == build.producer_of(siti)


def test_every_common_product_has_a_form_a_class_a_pack_and_a_machine_line():
    for product in common_products().values():
        assert product.form and product.cleaning_class and product.formats and product.line in {"halal", "non_halal"}
    assert common_products()["P05-padat"].name == "Kerupuk/dodol lidah buaya (padat)"


def test_results_cost_the_same_however_many_machines(client, machine, django_assert_max_num_queries):
    for number in range(12):
        build.make_machine(machine.facility, name=f"Segel {number}")
    with django_assert_max_num_queries(9):  # the search, and the districts to choose from
        client.get(ADDRESS)
