"""Moving on the board: only to what the one decision accepts, with all that follows shown, and never over somebody else's move."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.messages.services import follow_up
from bookings.models import BookingEvent, Message
from bookings.ordering import services as ordering
from facilities.errors import Refusal
from facilities.models import Capability
from facilities.vocabulary import ANY
from tests import build, clock
from tests.api.calling import Caller, codes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 09.10 in Pontianak."""
    clock.stop(monkeypatch, build.at(9) + timedelta(minutes=10))


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


def machine_for(house, form="keripik", format="standing_pouch", *, code="LAIN", rate=600, support=False, **limits):
    kind = build.make_type(code, slug=code.lower(), is_support=support)
    machine = build.make_machine(house, type=kind, name=f"Mesin {code}")
    Capability.objects.filter(machine=machine).update(form=form, format=format, rate=rate, **limits)
    return machine


def coder(house):
    return machine_for(house, ANY, ANY, code="CODE", support=True)


def moved(booking, machine, start=13, end=15, **more):
    return ordering.move(booking_id=booking.pk, machine_id=machine.pk, starts_at=build.at(start), ends_at=build.at(end),
                         actor=booking.made_by, now=build.EARLY, **more)  # fmt: skip


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def offered(client, booking, machine) -> bool:
    return f"/papan/pindah/{booking.reference}/?mesin={machine.slug}&" in text(client.get(f"/papan/?pilih={booking.reference}"))


def here(machine, hour=13, **more):
    return {"mesin": machine.slug, "mulai": f"2026-11-23T{hour:02d}:00", **more}


def test_a_coder_is_never_offered_for_a_filling_job_and_takes_none(client, house, cahya):
    booking, printer = build.make_booking(build.make_machine(house), 10, 12, pack_format="standing_pouch"), coder(house)
    assert not offered(client, booking, printer)
    page = client.post(f"/papan/pindah/{booking.reference}/", here(printer, alasan="mohon", version=booking.version))
    asked = {"machine": printer.slug, "starts_at": "2026-11-23T13:00:00+07:00", "ends_at": "2026-11-23T15:00:00+07:00"}
    answer = Caller(cahya).post(f"/bookings/{booking.reference}/move", {**asked, "override_reason": "mohon"})
    assert page.status_code == answer.status_code == 409 and codes(answer) == ["does_not_fit_machine"]
    assert printer.name not in text(client.get(f"/pesanan/{booking.reference}/pindah/"))


def test_work_beside_packing_never_moves_to_a_machine_that_packs(house):
    booking = build.make_booking(coder(house), 10, 12)
    with pytest.raises(Refusal, match="does_not_fit_machine"):
        moved(booking, build.make_machine(house), override_reason="mohon")


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ({"form": "keripik"}, {"form": "cair"}),
        ({"pack_format": "standing_pouch"}, {"format": "botol"}),
        ({"form": "keripik", "net_weight": 400}, {"largest": 250}),
        ({"pack_format": "standing_pouch", "width": 180}, {"widest": 150}),
        ({"pack_format": "standing_pouch"}, {"form": "cair"}),  # not said: what its own machine packs
        ({}, {}),  # nothing is known: only machines of its own type are alike
    ],
)
def test_what_was_asked_with_is_asked_of_every_other_machine(client, house, cahya, asked, target):
    booking, other = build.make_booking(build.make_machine(house), 10, 12, **asked), machine_for(house, **target)
    with pytest.raises(Refusal, match="does_not_fit_machine"):
        moved(booking, other)
    assert not offered(client, booking, other)


@pytest.mark.parametrize("asked", [{"form": "keripik"}, {"pack_format": "standing_pouch"}, {"form": "keripik", "net_weight": 200}])
def test_another_type_of_machine_that_packs_the_same_is_offered_and_takes_it(client, house, cahya, asked):
    booking, other = build.make_booking(build.make_machine(house), 10, 12, **asked), machine_for(house, largest=250)
    assert offered(client, booking, other)
    assert moved(booking, other).machines.get().machine == other


def test_a_machine_without_an_operator_on_shift_is_not_offered(client, house, cahya):
    booking = build.make_booking(build.make_machine(house), 10, 12)
    operated = build.make_machine(house, operator_level="operator")
    assert not offered(client, booking, operated)
    build.make_operator(house)
    assert offered(client, booking, operated)


def test_the_other_line_and_the_time_of_notice_are_not_offered(client, house, cahya):
    booking = build.make_booking(build.make_machine(house), 14, 16)
    assert not offered(client, booking, build.make_machine(house, line="non_halal"))
    assert "mulai=2026-11-23T10:15" in text(client.get(f"/papan/?pilih={booking.reference}"))


def test_what_follows_is_shown_before_the_move_in_the_words_that_are_sent(client, house, cahya):
    booking = build.make_booking(build.make_machine(house), 10, 11, quantity=600, form="keripik")
    slow = machine_for(house, rate=300)
    slow.cleaning = 20
    slow.save()
    build.make_tariff(slow, amount=15_000)
    page = text(client.get(f"/papan/pindah/{booking.reference}/", here(slow)))
    assert "13.00–15.00" in page and "600 kemasan, 300 per jam" in page and "Rp30.000" in page and "20 menit sesudahnya" in page
    client.post(f"/papan/pindah/{booking.reference}/", here(slow, version=booking.version))
    follow_up(event_id=BookingEvent.objects.get(action="move").pk, now=build.at(9))
    told = Message.objects.get(kind="moved", channel="app")
    assert told.subject in page and all(line in page for line in told.body.splitlines())
    booking.refresh_from_db()
    assert (booking.ends_at, booking.price) == (build.at(15), 30_000)


def test_of_two_who_move_at_once_the_second_sees_both_and_applies_it_anew(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    moved(booking, machine, 13, 15, on_behalf=True)
    typed = here(machine, 11, version=1, alasan="Listrik padam")
    answer = client.post(f"/papan/pindah/{booking.reference}/", typed)
    page = text(answer)
    assert answer.status_code == 412 and "13.00–15.00" in page and "11.00–13.00" in page and "Siti baru saja mengubah" in page
    assert 'value="Listrik padam"' in page and 'name="version" value="2"' in page
    assert BookingEvent.objects.filter(action="move").count() == 1
    assert client.post(f"/papan/pindah/{booking.reference}/", {**typed, "version": 2}).status_code == 302


def test_a_confirmation_sent_twice_moves_and_tells_once(client, house, cahya):
    booking = build.make_booking(build.make_machine(house), 10, 12)
    typed = here(booking.machines.get().machine, version=1)
    for _time in range(2):
        assert client.post(f"/papan/pindah/{booking.reference}/", typed).status_code == 302
    assert BookingEvent.objects.filter(action="move").count() == 1


def test_a_move_on_the_bookings_own_page_is_compared_with_somebody_elses(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    moved(booking, machine, 13, 15, on_behalf=True)
    typed = {"mesin": machine.slug, "jam": "2026-11-23T11:00", "version": 1}
    answer = client.post(f"/pesanan/{booking.reference}/pindah/", typed)
    assert answer.status_code == 412 and 'name="version" value="2"' in text(answer) and "13.00–15.00" in text(answer)
    assert client.post(f"/pesanan/{booking.reference}/pindah/", {**typed, "version": 2}).status_code == 303


def test_places_for_a_booking_take_as_many_statements_for_fifty_machines_as_for_one(client, house, cahya, django_assert_max_num_queries):
    booking = build.make_booking(build.make_machine(house), 10, 12)
    for number in range(50):
        build.make_machine(house, type=build.make_type(), name=f"Segel {number}")
    with django_assert_max_num_queries(22):
        client.get(f"/papan/?pilih={booking.reference}")
