"""Siti on a phone of 360 px without JavaScript: her whole order; and every page of hers on every screen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.models import Booking, Message
from facilities.models import Closure
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def machine(now):
    house = build.make_facility("pontianak", what_to_bring="Celemek bersih\nMasker", phone="+6281200000021")
    made = build.make_machine(house, name="Segel kontinu 1", setup=10, cleaning=20)
    build.make_tariff(made)
    build.make_machine(house, name="Segel kontinu 2")
    day = (now + timedelta(days=10)).date()
    Closure.objects.create(first_on=day, last_on=day, reason="Hari Raya Natal", kind="public")
    return made


@pytest.mark.smoke
def test_siti_books_without_a_script_and_loses_nothing_when_budi_is_faster(visit, machine, picture, fits_the_screen):
    page = visit("/", by=build.siti())
    page.click("text=Pesan mesin")
    page.click("text=Segel kontinu 1")
    page.click("text=Pesan mesin ini")
    page.click(".why >> nth=0")
    page.locator(".why-text >> nth=0").wait_for()
    page.click("text=Pakai jam ini")
    page.fill("[name=product_name]", "Keripik talas")
    page.select_option("[name=form]", "keripik")
    page.fill("[name=quantity]", "300")
    page.fill("[name=note]", "Tolong bantu")
    page.check("[name=format]")
    page.click("text=Lanjut")
    build.make_booking(machine, 9.5, 11.5, by=build.budi())
    page.click("text=Kirim pesanan")
    page.get_by_text("Jam ini baru saja diambil").wait_for()
    page.get_by_text("Tolong bantu").first.wait_for()
    picture(page, "siti-diambil-360")
    fits_the_screen(page)
    page.click("a.near >> nth=0")
    page.click("text=Kirim pesanan")
    assert page.locator("h1").inner_text() == "Jadwal Anda tercatat"
    assert Booking.objects.filter(producer__name="Keripik Siti", quantity=300).exists()


def test_siti_moves_and_gives_back_without_a_script(visit, machine, now):
    siti = build.siti()
    booking = build.make_booking(machine, 12, 14, by=siti)
    page = visit(f"/pesanan/{booking.reference}/", by=siti)
    page.click("text=Pindah ke jam lain")
    page.click("text=Lanjut")
    page.click("button:has-text('Pindahkan')")
    page.get_by_text("Jadwal Anda sudah pindah").first.wait_for()
    page.click("text=Lepas jam ini")
    page.check("[value=ill]")
    page.click("button:has-text('Lepas jam ini')")
    assert page.locator("h1").inner_text() == "Pesanan dibatalkan"
    booking.refresh_from_db()
    assert booking.status == "cancelled" and booking.starts_at != build.at(12)


@pytest.mark.parametrize("scripts", [False, True], ids=["without a script", "with one"])
def test_the_bar_never_names_another_time_than_the_one_it_takes(visit, machine, scripts, picture):
    page = visit(f"/pesan/{machine.slug}/?hari=2026-11-24&lama=120", by=build.siti(), scripts=scripts)
    bar = page.locator(".picked")
    assert "Sel 24 Nov, 08.15–10.15" in bar.inner_text()
    picture(page, f"jam-{'skrip' if scripts else 'polos'}-360")
    page.check("input[value='2026-11-24T11:00']")
    if scripts:
        assert "Sel 24 Nov, 11.00–13.00" in bar.inner_text() and "Segel kontinu 1" in bar.inner_text()
    else:
        assert not bar.is_visible()
    page.click("text=Pakai jam ini")
    assert "11.00–13.00" in page.locator(".card").first.inner_text()


def story(machine) -> tuple[object, dict[str, str]]:
    """Siti with a life: the addresses of all her pages by name."""
    siti = build.siti()
    product = build.make_product(build.producer_of(siti))
    asked = {"by": siti, "product": product, "pack_format": "standing_pouch", "quantity": 600, "note": "Tolong bantu"}
    coming = build.make_booking(machine, 10, 12, day=1, **asked)
    done = build.make_booking(machine, 13, 15, day=2, **asked)
    Booking.objects.filter(pk=done.pk).update(status="completed")
    Message.objects.create(key="k", user=siti, channel="app", kind="x", subject="Kabar", body="Isi\n\nLagi", made_at=build.EARLY)
    order = f"lama=120&jam=2026-11-24T13:00&product={product.pk}&format=standing_pouch&quantity=900000&quantity_pasti=900000"
    step, own = f"/pesan/{machine.slug}/", f"/pesanan/{coming.reference}/"
    return siti, {
        "beranda": "/",
        "pilih-jam": f"{step}?hari=2026-11-24&kenapa=10.00",
        "isi": f"{step}isi/?lama=120&jam=2026-11-24T13:00",
        "isi-salah": f"{step}periksa/?lama=120&jam=2026-11-24T13:00&product=baru",
        "periksa": f"{step}periksa/?{order}",
        "diambil": f"{step}periksa/?{order.replace('T13:00', 'T10:00')}",
        "bukti": own,
        "selesai": f"/pesanan/{done.reference}/",
        "batal": f"{own}batal/",
        "pindah": f"{own}pindah/",
        "pindah-periksa": f"{own}pindah/?jam=2026-11-24T13:00&periksa=1",
        "jadwal": "/jadwal-saya/",
        "pesan-masuk": "/pesan-masuk/",
    }


PUBLIC = {
    "depan": "/",
    "mesin": "/mesin/?form=keripik&near=61.71",
    "mesin-kosong": "/mesin/?form=cair",
    "mesin-salah": "/mesin/?form=besi",
    "rumah": "/rumah/",
    "rumah-satu": "/rumah/pontianak/",
    "cara": "/cara-memesan/",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_every_page_of_hers_is_accessible_and_fits(visit, machine, assert_accessible, fits_the_screen, picture, width, dark):
    siti, own = story(machine)
    shade = "gelap" if dark else "terang"
    page = visit("/akun/", by=siti, width=width, scripts=True, dark=dark)
    for name, path in own.items():
        look(page, path, f"{name}-{width}-{shade}", assert_accessible, fits_the_screen, picture)
    page = visit("/masuk/", width=width, scripts=True, dark=dark)
    for name, path in {**PUBLIC, "mesin-satu": f"/mesin/{machine.slug}/"}.items():
        look(page, path, f"{name}-{width}-{shade}", assert_accessible, fits_the_screen, picture)


def test_the_smallest_phone_never_scrolls_sideways(visit, machine, fits_the_screen):
    siti, own = story(machine)
    page = visit("/akun/", by=siti, width=320)
    for path in [*own.values(), *PUBLIC.values(), f"/mesin/{machine.slug}/"]:
        page.goto(path)
        fits_the_screen(page)


@pytest.mark.parametrize("width", [320, 360])
def test_the_widest_number_of_a_receipt_is_never_cut_off(visit, machine, width):
    siti, own = story(machine)
    Booking.objects.filter(reference=own["bukti"].split("/")[2]).update(reference="PNT-WMWMWM")
    page = visit("/pesanan/PNT-WMWMWM/", by=siti, width=width)
    number, slip = (page.locator(which).bounding_box() for which in (".code", ".slip-qr"))
    assert number["x"] + number["width"] <= slip["x"] + slip["width"]


def look(page, path, name, assert_accessible, fits_the_screen, picture) -> None:
    page.goto(path)
    picture(page, name)
    fits_the_screen(page)
    assert_accessible(page)


def test_targets_are_large_enough_for_a_thumb(visit, machine):
    siti, own = story(machine)
    page = visit("/akun/", by=siti, scripts=True)
    for path in own.values():
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll('main a.btn, main a.time, main a.why, main a.day, main a.tile, main button, main label.time, main label.check, main summary, .bar-bottom .btn')]
                .filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert small == [], path


INSIDE = """selector => [...document.querySelectorAll(selector)].every((part) => {
  const range = document.createRange();
  range.selectNodeContents(part);
  const [text, slip] = [range.getBoundingClientRect(), part.closest(".slip").getBoundingClientRect()];
  return text.width > 0 && slip.left <= text.left && text.right <= slip.right && slip.right <= innerWidth;
})"""


@pytest.mark.parametrize(("width", "letters"), [(180, "100%"), (360, "200%"), (320, "200%")])
def test_time_and_number_of_a_receipt_stay_whole_when_twice_as_large(visit, machine, picture, width, letters):
    siti = build.siti()
    booking = build.make_booking(machine, 10.5, 12.25, by=siti)
    page = visit(f"/pesanan/{booking.reference}/", by=siti, scripts=True, width=width)
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", letters)
    picture(page, f"siti-bukti-besar-{width}-{letters[:3]}")
    assert page.evaluate(INSIDE, ".slip .when") and page.evaluate(INSIDE, ".slip .code")
    assert "10.30" in page.locator(".slip .when").inner_text() and booking.reference in page.locator(".slip .code").inner_text()
