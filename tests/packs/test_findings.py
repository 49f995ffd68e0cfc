"""What `/kemas/` says of the machines it found: what they do, which are near, and why the others do not fit."""

from __future__ import annotations

import re

import pytest

from tests import build, clock
from tests.packs.test_views import ADDRESS, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)


@pytest.fixture
def machine():
    return build.make_machine(build.make_facility("pontianak", what_to_bring="Celemek bersih"), setup=10, cleaning=20)


def test_a_reason_is_said_once_with_its_count_whatever_else_stands_against_its_machines(client, machine):
    house = machine.facility
    for number, (line, pack) in enumerate([("halal", "kaleng"), ("non_halal", "kaleng"), ("halal", "cup"), ("halal", "jar")]):
        build.make_machine(house, name=f"Lain {number}", line=line).capabilities.update(format=pack)
    build.make_machine(house, name="Lini 9", line="non_halal")
    said = words(client.get(ADDRESS))
    assert "5 mesin tidak cocok" in said and "4 mesin: Tidak mengemas" in said and said.count("Tidak mengemas") == 1
    assert "1 mesin: Mesin ini hanya untuk produk nonhalal" in said and "tidak bisa mengemas ini" not in said


def test_the_ways_out_say_how_many_machines_they_lead_to(client, machine):
    build.make_machine(machine.facility, name="Foil").capabilities.update(format="kantong_foil", largest=250)
    build.make_machine(machine.facility, name="Bantal").capabilities.update(format="bantal")
    said = words(client.get(f"{ADDRESS}&berat=500"))
    assert "2 mesin: Tidak mengemas" in said and "Kantong foil 500 g: belum ada" in said
    typed = "/kemas/?product_name=Amplang&form=keripik&line=halal&format=kaleng&quantity=300"
    assert "Kemasan bantal: 1 mesin" in words(client.get(typed)) and "belum ada" not in words(client.get(typed))


def test_a_size_that_does_not_fit_names_the_nearest_that_would(client, machine):
    machine.capabilities.update(largest=250)
    build.make_machine(machine.facility).capabilities.update(largest=100)
    said = words(client.get(f"{ADDRESS}&berat=500"))
    assert "2 mesin: Kemasannya bisa, isi 500 g tidak. Isi sampai 250 g: 1 mesin." in said


def test_full_machines_of_several_paces_are_one_reason(client, machine):
    build.make_machine(machine.facility, name="Lambat", rate=100)
    said = words(client.get(f"{ADDRESS}&mulai=2026-11-21&sampai=2026-11-22"))
    assert "2 mesin: Rumah produksi tutup pada hari-hari itu." in said


@pytest.fixture
def two_houses(machine):
    """A machine in Kota Pontianak that wants three days' notice, and one far off that does not."""
    type(machine).objects.filter(pk=machine.pk).update(notice=4320)
    sintang = build.make_district("61.05", name="Sintang", kind="kabupaten")
    house = build.make_facility("sintang", district=sintang, latitude=0.07, longitude=111.5)
    return machine, build.make_machine(house, name="Segel jauh")


@pytest.mark.parametrize(
    ("code", "form", "pack", "said"),
    [
        ("BAND", "keripik", "standing_pouch", "Menutup saja. Isi dulu dengan tangan."),
        ("BAND", "keripik", "standing_pouch", "Bawa 310 standing pouch."),
        ("BAND", "keripik", "standing_pouch", "sudah dingin dan kering, siap kemas"),
        ("FLIQ", "cair", "botol", "Bawa 310 botol dan 310 tutup botol."),
        ("FLIQ", "cair", "botol", "Mengisi saja. Tutup kemasannya sesudah itu."),
        ("FLIQ", "cair", "botol", "dalam wadah bersih bertutup"),
        ("SEAM", "padat", "kaleng", "Bawa 310 kaleng dan 310 tutup kaleng."),
        ("CUPM", "pasta", "cup", "Bawa 310 gelas plastik dan 310 penutup gelas."),
        ("VFSP", "bubuk", "sachet", "Bawa film untuk 310 sachet."),
        ("RETORT", "pasta", "jar", "300 toples, sudah terisi"),
    ],
)
def test_a_card_says_what_the_machine_does_what_it_leaves_and_what_to_bring(client, code, form, pack, said):
    machine = build.make_machine(build.make_facility("pontianak"), type=build.make_type(code, needs="pita teflon"))
    machine.capabilities.update(form=form, format=pack)
    page = words(client.get(f"/kemas/?product_name=Coba&form={form}&line=halal&format={pack}&quantity=300"))
    assert said in page and "pita teflon" not in page and ("dingin" in page) == (form in ("keripik", "bubuk"))


def test_what_is_near_comes_first_where_it_is_known_from_where(client, two_houses):
    assert "Paling cepat Segel jauh" in words(client.get(ADDRESS))
    from_here = words(client.get(f"{ADDRESS}&dari=61.71"))
    assert from_here.index("Paling dekat Segel kontinu 1") < from_here.index("Paling cepat Segel jauh")
    by_time = words(client.get(f"{ADDRESS}&dari=61.71&urut=tercepat"))
    assert by_time.index("Paling cepat Segel jauh") < by_time.index("Paling dekat Segel kontinu 1")


def test_soon_and_far_against_later_and_near_is_said_and_both_are_shown(client, two_houses):
    near, _far = two_houses
    for number in range(30):
        build.make_machine(near.facility, name=f"Twin {number}", notice=5 * 1440)
    said = words(client.get(f"{ADDRESS}&dari=61.71"))
    assert re.search(r"Hari ini tetapi ± \d+ km, atau Sen 23 Nov dan hanya ± 0 km: pilih yang cocok", said)
    assert said.index("Segel jauh") < said.index("Twin 0")


def test_where_the_nearest_is_the_earliest_there_is_nothing_to_weigh(client, machine):
    build.make_machine(build.make_facility("jauh", latitude=0.07, longitude=111.5), name="Segel jauh", notice=2880)
    assert "pilih yang cocok" not in words(client.get(f"{ADDRESS}&dari=61.71"))
