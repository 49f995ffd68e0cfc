"""The board: positions, gaps, the tray, moving without a mouse, and its size."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from bookings.day import request_services as requests
from bookings.day.board import day_board
from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.time.hours import local_day
from tests import build, clock

pytestmark = pytest.mark.django_db
DAY = build.MONDAY_8.date()


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 09.10 in Pontianak."""
    clock.stop(monkeypatch, build.at(9) + timedelta(minutes=10))
    return build.at(9) + timedelta(minutes=10)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


def board_of(house, now, minutes=120, **options):
    return day_board(house, local_day(DAY, house.zone), now=now, minutes=minutes, **options)


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_a_bar_is_as_wide_as_all_the_time_its_machine_is_taken(house, now):
    build.make_booking(build.make_machine(house, setup=10, cleaning=20), 10, 12)
    (lane,) = board_of(house, now).lanes
    (bar,) = lane.bars
    # The board begins an hour before opening, at 07.00: 09.50 is column 34.
    assert (bar.start, bar.set, bar.run_length, bar.cln, bar.length) == (34, 2, 24, 4, 30)


def test_the_hours_shown_follow_the_house(now):
    early = build.make_facility("fajar", hours=(5 * 60, 11 * 60))
    build.make_machine(early)
    scale = board_of(early, now).scale
    assert (scale.first, scale.hours) == (4, 8)


def test_a_house_in_wita_shows_its_own_clock(client, now):
    house = build.make_facility("makassar", zone_name="Asia/Makassar")
    build.make_booking(build.make_machine(house), 9, 10)
    client.force_login(build.cahya(house))
    page = text(client.get("/papan/"))
    assert "10.00–11.00" in page and ">10.10<" in page


def test_states_are_those_that_people_see(house, cahya, now):
    late, here = build.make_booking(build.make_machine(house, name="A"), 9), build.budi()
    ran = build.make_booking(build.make_machine(house, name="B"), 9, by=here)
    runs.check_in(booking_id=ran.pk, actor=cahya, now=now)
    runs.start_run(booking_id=ran.pk, actor=cahya, now=now)
    gone = build.make_booking(build.make_machine(house, name="C"), 8, 9, by=build.rosa())
    runs.mark_no_show(booking_id=gone.pk, now=build.at(8.5))
    assert [lane.bars[0].state for lane in board_of(house, now).lanes] == ["late", "running", "no_show"]
    assert late.status == "approved"


def test_a_gap_is_offered_where_the_asked_length_fits_with_setup_and_cleaning(house, now):
    machine = build.make_machine(house, setup=15, cleaning=15)
    build.make_booking(machine, 12, 13)
    (lane,) = board_of(house, now, minutes=120).lanes
    assert [gap.starts_at for gap in lane.gaps] == [build.at(9.5), build.at(13.5)]
    (lane,) = board_of(house, now, minutes=180).lanes
    assert lane.gaps == []


def test_blocks_say_until_when_and_closures_shade_the_day(client, house, cahya, now):
    machine = build.make_machine(house)
    upkeep.report_breakdown(
        machine_id=machine.pk, expected_until=build.at(13), reason="Pompa mati", actor=cahya, now=now
    )
    upkeep.close_days(facility=house, first_on=DAY, last_on=DAY, from_minute=840, until_minute=960,
                          reason="Rapat", actor=cahya, now=now)  # fmt: skip
    page = text(client.get("/papan/"))
    assert "Pompa mati" in page and "Siap 13.00" in page and "Tutup 14.00–16.00: Rapat" in page


def test_the_tray_holds_requests_and_the_displaced_with_a_suggestion(client, house, cahya, now):
    broken, spare = build.make_machine(house, name="Segel 1"), build.make_machine(house, name="Segel 2")
    build.make_booking(broken, 12, 14)
    upkeep.report_breakdown(
        machine_id=broken.pk, expected_until=build.at(15), reason="Pompa", actor=cahya, now=now, displace=True
    )
    type(house).objects.filter(pk=house.pk).update(approval="manual")
    build.make_booking(spare, 14, 15, by=build.budi())
    page = text(client.get("/papan/"))
    assert "Usul: Segel 2 10.15" in page and "Menunggu jawaban" in page


def test_a_picked_booking_shows_its_actions_and_places_to_move_to(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    page = text(client.get(f"/papan/?pilih={booking.reference}"))
    move = f"/papan/pindah/{booking.reference}/?mesin={machine.slug}&amp;mulai=2026-11-23T12:00"
    assert move in page and "Batalkan" in page
    foreign = build.make_booking(build.make_machine(), 10, 12, by=build.budi())
    assert client.get(f"/papan/?pilih={foreign.reference}").status_code == 404


def test_a_booking_moves_by_tap_after_its_effects_were_shown(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    address = f"/papan/pindah/{booking.reference}/?mesin={machine.slug}&mulai=2026-11-23T13:00"
    assert "13.00–15.00" in text(client.get(address))
    typed = {"mesin": machine.slug, "mulai": "2026-11-23T13:00", "version": booking.version}
    assert client.post(address, typed).status_code == 302
    booking.refresh_from_db()
    assert booking.starts_at == build.at(13)


def test_a_move_onto_taken_time_is_refused_with_times_nearby(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 10, 12)
    build.make_booking(machine, 13, 15, by=build.budi())
    typed = {"mesin": machine.slug, "mulai": "2026-11-23T13:30", "version": booking.version}
    answer = client.post(f"/papan/pindah/{booking.reference}/", typed)
    assert answer.status_code == 409 and "sudah diambil" in text(answer) and "Jam terdekat" in text(answer)
    booking.refresh_from_db()
    assert booking.starts_at == build.at(10)


def test_a_manager_breaks_a_rule_with_a_reason_but_never_takes_taken_time(client, house, cahya):
    machine = build.make_machine(house)
    booking = build.make_booking(machine, 12, 14)
    typed = {"mesin": machine.slug, "mulai": "2026-11-23T09:15", "version": booking.version}  # the house wants an hour's notice
    assert "Alasan melanggar aturan" in text(client.post(f"/papan/pindah/{booking.reference}/", typed))
    assert client.post(f"/papan/pindah/{booking.reference}/", {**typed, "alasan": "Listrik"}).status_code == 302


@pytest.mark.parametrize("query", ["hari=2026-13-01", "hari=0001-01-01", "hari=9999-12-31", "hari=x", "pilih=ZZZ"])
def test_an_address_that_means_nothing_is_no_page(client, house, cahya, query):
    assert client.get(f"/papan/?{query}").status_code == 404


def test_a_place_that_cannot_exist_is_no_page(client, house, cahya):
    booking = build.make_booking(build.make_machine(house), 10, 12)
    for query in ("mesin=x&mulai=2026-11-23T13:00", "mesin=&mulai=", "mulai=9999-12-31T23:59"):
        assert client.get(f"/papan/pindah/{booking.reference}/?{query}").status_code == 404


def test_an_operator_sees_the_board_but_moves_nothing(client, house):
    booking = build.make_booking(build.make_machine(house), 10, 12)
    client.force_login(build.dewi(house))
    assert "Pindah ke sini" not in text(client.get(f"/papan/?pilih={booking.reference}"))
    assert client.post(f"/papan/pindah/{booking.reference}/", {}).status_code == 403


def test_two_hundred_machines_take_as_many_statements_as_one_and_fit_the_budget(client, house, cahya, django_assert_max_num_queries):
    kind, siti = build.make_type(), build.siti()
    for number in range(200):
        machine = build.make_machine(house, type=kind, name=f"Segel {number}")
        if number % 4 == 0:
            build.make_booking(machine, 10, 12, by=siti)
    with django_assert_max_num_queries(12):
        page = client.get("/papan/").content
    assert len(gzip.compress(page)) <= 60_000
    with django_assert_max_num_queries(6):
        day_board(house, local_day(DAY, house.zone), now=build.at(9), minutes=120)


def test_the_same_day_is_a_list_for_those_who_want_one(client, house, cahya):
    booking = build.make_booking(build.make_machine(house), 10, 12)
    page = text(client.get("/papan/?tampil=daftar"))
    assert 'board-list.css" media="all"' in page and "10.00–12.00" in page and booking.reference in page


def test_what_was_declined_leaves_the_board(client, house, cahya, now):
    type(house).objects.filter(pk=house.pk).update(approval="manual")
    booking = build.make_booking(build.make_machine(house), 10, 12)
    requests.decline(booking_id=booking.pk, actor=cahya, now=now, reason_code="other")
    board = board_of(house, now)
    assert not board.lanes[0].bars and not board.waiting
