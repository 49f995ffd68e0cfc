"""Prices that were typed wrongly: corrected the same day, with who and why; what is frozen stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry
from facilities.catalogue.queries import in_service, tariff_on
from facilities.errors import BadInput
from facilities.models import Tariff
from facilities.region.places import places
from facilities.setup.machines import set_tariff
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db
NOW = build.at(9)
TODAY = date(2026, 11, 23)
PAGE = "/pengaturan/mesin/pontianak-band-1/"
ADDRESS = f"{PAGE}tarif/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, NOW)


@pytest.fixture
def machine():
    return build.make_machine(build.make_facility("pontianak"), slug="pontianak-band-1")


@pytest.fixture
def cahya(machine):
    return build.cahya(machine.facility)


def decree(machine, cahya, amount, *, on=TODAY, **how):
    return set_tariff(machine=machine, unit="hour", amount=amount, legal_basis="Perda 1", valid_from=on, actor=cahya,
                      now=NOW, **how)  # fmt: skip


def test_of_a_day_the_newest_tariff_counts_and_the_earlier_is_kept_with_who_and_why(machine, cahya):
    wrong = decree(machine, cahya, 25)
    right = decree(machine, cahya, 25_000, reason="Kurang tiga nol")
    wrong.refresh_from_db()
    assert (wrong.corrected_at, wrong.corrected_by, wrong.reason) == (NOW, cahya, "Kurang tiga nol")
    assert (tariff_on(machine, TODAY), in_service(TODAY).get().tariff_amount) == (right, 25_000)
    assert [place.price_on(TODAY).amount for place in places()] == [25_000]
    entry = AuditEntry.objects.get(action="correct_tariff")
    assert (entry.before["amount"], entry.after["amount"], entry.reason) == (25, 25_000, "Kurang tiga nol")


def test_a_correction_without_a_reason_is_asked_for_one_and_changes_nothing(machine, cahya):
    wrong = decree(machine, cahya, 25)
    with pytest.raises(BadInput) as bad:
        decree(machine, cahya, 25_000)
    assert (bad.value.field, tariff_on(machine, TODAY)) == ("reason", wrong)


def test_a_correction_can_be_corrected_again(machine, cahya):
    for amount, reason in ((25, ""), (2_500, "Kurang nol"), (25_000, "Masih kurang")):
        decree(machine, cahya, amount, reason=reason)
    assert tariff_on(machine, TODAY).amount == 25_000
    assert list(Tariff.objects.order_by("pk").values_list("reason", flat=True)) == ["Kurang nol", "Masih kurang", ""]


def test_the_same_tariff_sent_twice_is_one(machine, cahya):
    assert decree(machine, cahya, 25_000) == decree(machine, cahya, 25_000, reason="Klik dua kali")
    assert Tariff.objects.count() == 1


def test_a_booking_keeps_the_tariff_and_the_price_it_was_made_at(machine, cahya):
    wrong = decree(machine, cahya, 25)
    booking = build.make_booking(machine, 10, 12)
    decree(machine, cahya, 25_000, reason="Kurang tiga nol")
    booking.refresh_from_db()
    assert (booking.price, booking.tariff) == (50, wrong)


def test_the_page_asks_why_keeps_what_was_typed_and_shows_the_earlier_one(client, machine, cahya):
    client.force_login(cahya)
    typed = {"tarif-unit": "hour", "tarif-amount": "25", "tarif-legal_basis": "Perda 1", "tarif-valid_from": "2026-11-23"}
    assert client.post(ADDRESS, {**typed, **seen(client, PAGE, ADDRESS)}).status_code == 302
    typed |= seen(client, PAGE, ADDRESS)
    asked = client.post(ADDRESS, {**typed, "tarif-amount": "25.000"})
    assert asked.status_code == 422 and b'value="25.000"' in asked.content and b"tarif-reason_error" in asked.content
    assert client.post(ADDRESS, {**typed, "tarif-amount": "25.000", "tarif-reason": "Kurang nol"}).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "Kurang nol" in page and "dikoreksi" in page and cahya.name in page


def test_a_corrected_tariff_that_began_later_does_not_hide_the_one_before_it(machine, cahya):
    build.make_tariff(machine, amount=10_000)
    later = decree(machine, cahya, 9, on=TODAY + timedelta(days=7))
    Tariff.objects.filter(pk=later.pk).update(corrected_at=NOW, corrected_by=cahya)
    assert tariff_on(machine, TODAY + timedelta(days=8)).amount == 10_000
