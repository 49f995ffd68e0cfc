"""After booking: Back, reload, a second tab and a lost answer lead to one's own booking, with and without scripts."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from bookings.models import Booking
from tests import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("scripts", [False, True], ids=["plain", "scripts"])]


@pytest.fixture
def address(now):
    """The check page of Siti's order, complete."""
    machine = build.make_machine(build.make_facility("pontianak"))
    told = {"lama": 120, "jam": "2026-11-24T09:00", "product": "baru", "product_name": "Keripik talas"}
    told |= {"form": "keripik", "line": "halal", "format": "standing_pouch", "quantity": 300}
    return f"/pesan/{machine.slug}/periksa/?{urlencode(told)}"


def send(page) -> None:
    with page.expect_navigation(url="**/pesanan/**"):
        page.click("button:has-text('Kirim pesanan')")


def is_own(page) -> None:
    """The page names the booking, shows its receipt, and offers nothing to send and no other hours."""
    reference = Booking.objects.get().reference
    page.get_by_text(f"Ini pesanan Anda, {reference}").first.wait_for()
    assert page.locator(".qr").count() == 1
    assert page.locator("button:has-text('Kirim pesanan'), a.near, :text('baru saja diambil')").count() == 0


def test_back_shows_the_booking(visit, address, scripts):
    page = visit(address, by=build.siti(), scripts=scripts)
    send(page)
    page.go_back()
    is_own(page)


def test_back_and_forward_and_reload_book_nothing_more(visit, address, scripts):
    page = visit(address, by=build.siti(), scripts=scripts)
    send(page)
    page.reload()
    assert page.locator("h1").inner_text() == "Jadwal Anda tercatat"
    page.go_back()
    page.reload()
    is_own(page)
    page.go_forward()
    assert page.locator("h1").inner_text() == "Jadwal Anda tercatat" and Booking.objects.count() == 1


def test_a_second_tab_that_was_open_before_leads_to_the_booking(visit, address, scripts):
    first = visit(address, by=build.siti(), scripts=scripts)
    second = first.context.new_page()
    second.goto(address)
    send(first)
    send(second)
    is_own(second)


def test_a_second_tab_with_other_packs_reads_that_nothing_changed(visit, address, scripts):
    first = visit(address, by=build.siti(), scripts=scripts)
    second = first.context.new_page()
    second.goto(address.replace("quantity=300", "quantity=500"))
    send(first)
    with second.expect_navigation():
        second.click("button:has-text('Kirim pesanan')")
    is_own(second)
    assert second.get_by_text("berbeda dan tidak mengubahnya").count() == 1 and Booking.objects.get().quantity == 300


@pytest.mark.parametrize("then", ["back", "again"])
def test_an_answer_that_got_lost_is_found_again(visit, address, scripts, then):
    page = visit(address, by=build.siti(), scripts=scripts)

    def lose(route) -> None:
        """The server hears the order; its answer never arrives."""
        if route.request.method != "POST":
            return route.continue_()
        route.fetch(max_redirects=0)
        return route.abort("connectionreset")

    page.route("**/periksa/", lose)
    with page.expect_event("requestfailed"):
        page.click("button:has-text('Kirim pesanan')")
    page.unroute("**/periksa/")
    assert Booking.objects.count() == 1
    if then == "back":
        page.goto(address)
        is_own(page)
    else:
        page.goto("/jadwal-saya/")
        page.get_by_text("Segel kontinu 1").first.wait_for()
    assert Booking.objects.count() == 1
