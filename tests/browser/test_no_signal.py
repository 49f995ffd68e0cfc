"""A phone that loses its signal: nothing typed is lost, nothing is sent twice, and only what holds is promised."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error

from bookings.models import Booking
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def machine(now):
    return build.make_machine(build.make_facility("pontianak"), name="Segel kontinu 1")


def details(machine, **more: object) -> str:
    tail = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/pesan/{machine.slug}/isi/?lama=120&jam=2026-11-24T13:00{tail}"


def fill(page, name: str = "Keripik talas") -> None:
    page.fill("[name=product_name]", name)
    page.select_option("[name=form]", "keripik")
    page.check("[name=format]")
    page.fill("[name=quantity]", "300")


def typed(page) -> list[object]:
    values = [page.input_value(f"[name={name}]") for name in ("product_name", "form", "quantity")]
    return [*values, page.is_checked("[name=format]")]


def test_a_sending_without_signal_stays_on_the_page_and_is_one_order_with_its_key(visit, machine):
    page = visit(details(machine), by=build.siti(), scripts=True)
    fill(page)
    page.click("text=Lanjut")
    page.wait_for_url("**/periksa/**")
    key = page.input_value("[name=kunci]")
    page.context.set_offline(True)
    for words in ("Kirim pesanan", "Coba lagi"):
        page.click(f"button:has-text('{words}')")
        page.wait_for_selector(".unsent")
    assert page.locator(".unsent").all_inner_texts() == ["Belum terkirim. Data Anda aman. Coba lagi."]
    assert page.input_value("[name=kunci]") == key and Booking.objects.count() == 0
    page.context.set_offline(False)
    page.click("button:has-text('Coba lagi')")
    page.wait_for_url("**/pesanan/**")
    assert Booking.objects.count() == 1


def test_what_was_typed_comes_back_whole_until_the_server_has_answered(visit, machine):
    page = visit(details(machine), by=build.siti(), scripts=True)
    fill(page)
    page.context.set_offline(True)
    page.click("text=Lanjut")
    page.wait_for_selector(".unsent")
    page.context.set_offline(False)
    page.goto("/")
    page.goto(details(machine))
    assert typed(page) == ["Keripik talas", "keripik", "300", True]
    page.click("text=Lanjut")
    page.wait_for_url("**/periksa/**")
    page.goto(details(machine))
    assert typed(page)[:3] == ["", "", ""]


def test_a_draft_never_meets_another_product(visit, machine):
    siti = build.siti()
    first, second = (build.make_product(build.producer_of(siti), name) for name in ("Keripik talas", "Keripik ubi"))
    page = visit(details(machine, product=first.pk), by=siti, scripts=True)
    page.fill("[name=quantity]", "300")
    page.goto(details(machine, product=second.pk))
    assert page.input_value("[name=quantity]") == "" and page.is_checked(f"[name=product][value='{second.pk}']")
    page.goto(details(machine, product=first.pk))
    assert page.input_value("[name=quantity]") == "300"


def test_a_receipt_is_called_kept_only_when_it_can_be_opened_without_signal(visit, machine):
    siti = build.siti()
    booking = build.make_booking(machine, 10, 12, by=siti)
    path = f"/pesanan/{booking.reference}/"
    assert not visit(path, by=siti).locator("text=Bisa dibuka tanpa sinyal").is_visible()
    page = visit(path, by=siti, scripts=True)
    page.wait_for_selector("[data-is-kept]:not([hidden])")
    page.context.set_offline(True)
    page.reload()
    assert page.locator(".code").inner_text() == booking.reference


def test_the_counter_keeps_no_booking_of_others_and_shows_none_without_signal(visit, machine):
    booking = build.make_booking(machine, 10, 12, by=build.siti())
    page = visit("/hari-ini/", by=build.cahya(machine.facility), scripts=True)
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.goto(f"/pesanan/{booking.reference}/")
    kept = "caches.open('bukti-1').then((kept) => kept.keys()).then((keys) => keys.map((key) => new URL(key.url).pathname))"
    assert page.evaluate(kept) == []
    page.context.set_offline(True)
    with pytest.raises(Error, match="INTERNET_DISCONNECTED|ERR_FAILED"):
        page.reload()
