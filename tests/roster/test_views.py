"""The roster in front of Cahya: the week, an operator's page, and what an absence would strand."""

from __future__ import annotations

from datetime import date

import pytest

from bookings.models import BookingEvent
from facilities.models import Absence, Assignment, Operator
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db
ABSENCE = {"pergi-starts_at": "2026-11-23T08:00", "pergi-ends_at": "2026-11-23T16:00", "pergi-reason": "Sakit"}
ABSENCE |= {"pergi-version": "1"}


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Monday 07.00 in Pontianak."""
    clock.stop(monkeypatch, build.at(7))


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture(autouse=True)
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


@pytest.fixture
def machine(house):
    return build.make_machine(house, operator_level="operator", name="Vakum dua ruang")


@pytest.fixture
def dewi(house):
    return build.make_operator(house, "Dewi")


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def shifts(**rows):
    empty = {f"{edge}_{day}_{row}": "" for edge in ("starts", "ends") for day in range(7) for row in range(2)}
    return {**empty, "valid_from": "2026-11-23", "valid_until": "", "version": 1, **rows}


def who_runs(booking):
    rows = Assignment.objects.filter(occupancy__booked_machine__booking=booking)
    return rows.values_list("operator__name", flat=True).first()


def test_a_house_without_operators_is_told_what_to_do(client, machine):
    page = text(client.get("/pengaturan/giliran/"))
    assert "Belum ada operator" in page and "belum bisa dipesan" in page


def test_an_operator_is_added_and_starts_from_the_opening_hours(client, house, machine):
    answer = client.post("/pengaturan/giliran/baru/", {"name": " Dewi  Lestari ", "types": ["BAND"], "user": ""})
    one = Operator.objects.get()
    assert answer.status_code == 302 and (one.name, one.types) == ("Dewi Lestari", ["BAND"])
    page = text(client.get(answer["Location"]))
    assert 'value="08.00"' in page and "Belum ada giliran" in page


@pytest.mark.parametrize(
    "typed", [{"name": "", "types": ["BAND"]}, {"name": "D", "types": []}, {"name": "D", "types": ["RETORT"]}]
)
def test_an_operator_needs_a_name_and_a_machine_of_the_house(client, machine, typed):
    assert client.post("/pengaturan/giliran/baru/", typed).status_code == 422
    assert not Operator.objects.exists()


def test_only_somebody_on_duty_here_is_linked_and_once(client, house, machine):
    user, stranger = build.dewi(house), build.make_user("Joko")
    for who, status in ((stranger, 422), (user, 302), (user, 422)):
        typed = {"name": "Dewi", "types": ["BAND"], "user": who.pk}
        assert client.post("/pengaturan/giliran/baru/", typed).status_code == status
    assert Operator.objects.get().user == user


def test_shifts_are_saved_with_a_break_and_their_validity(client, machine, dewi):
    typed = shifts(starts_0_0="08.00", ends_0_0="12.00", starts_0_1="13", ends_0_1="16.00", valid_until="2026-12-31")
    assert client.post(f"/pengaturan/giliran/{dewi.pk}/jam/", typed).status_code == 302
    rows = dewi.shifts.filter(valid_from=date(2026, 11, 23)).values_list("starts", "ends", "valid_until")
    assert list(rows) == [(480, 720, date(2026, 12, 31)), (780, 960, date(2026, 12, 31))]


@pytest.mark.parametrize(
    "rows, words",
    [
        ({}, "sedikitnya satu giliran"),
        ({"starts_0_0": "9", "ends_0_0": "8"}, "sesudah jam mulai"),
        ({"starts_0_0": "9"}, "jam mulai dan jam selesai"),
        ({"starts_0_0": "8", "ends_0_0": "12", "starts_0_1": "11", "ends_0_1": "13"}, "bertumpuk"),
        ({"starts_0_0": "8", "ends_0_0": "12", "valid_until": "2020-01-01"}, "sebelum hari pertama"),
    ],
)
def test_shifts_that_cannot_be_are_named(client, dewi, rows, words):
    answer = client.post(f"/pengaturan/giliran/{dewi.pk}/jam/", shifts(**rows))
    assert answer.status_code == 422 and words in text(answer) and dewi.shifts.count() == 5


def test_a_week_somebody_changed_meanwhile_is_not_overwritten(client, dewi):
    typed = shifts(starts_0_0="8", ends_0_0="12", version=7)
    assert client.post(f"/pengaturan/giliran/{dewi.pk}/jam/", typed).status_code == 412


def test_an_absence_lists_what_it_strands_with_a_choice_for_each_before_it_is_saved(client, house, machine, dewi):
    hasan = build.make_operator(house, "Hasan")
    booking = build.make_booking(machine, 9, 11)
    asked = client.post(f"/pengaturan/giliran/{dewi.pk}/berhalangan/", ABSENCE)
    page = text(asked)
    assert asked.status_code == 409 and "1 pesanan kehilangan operatornya" in page and not Absence.objects.exists()
    assert f'name="ganti-{booking.reference}"' in page and f'value="{hasan.pk}" selected' in page
    typed = ABSENCE | {f"ganti-{booking.reference}": hasan.pk}
    assert client.post(f"/pengaturan/giliran/{dewi.pk}/berhalangan/", typed).status_code == 302
    assert who_runs(booking) == "Hasan" and "berhalangan" in text(client.get("/pengaturan/giliran/"))


def test_what_was_not_on_the_list_is_listed_before_anything_is_saved(client, house, machine, dewi):
    seen = build.make_booking(machine, 9, 10)
    build.make_booking(machine, 11, 12, by=build.budi())
    answer = client.post(f"/pengaturan/giliran/{dewi.pk}/berhalangan/", ABSENCE | {f"ganti-{seen.reference}": ""})
    assert answer.status_code == 409 and "2 pesanan" in text(answer) and Assignment.objects.count() == 2


def test_work_without_operator_is_seen_everywhere_until_one_tap_solves_it(client, house, machine, dewi):
    booking = build.make_booking(machine, 9, 11)
    client.post(f"/pengaturan/giliran/{dewi.pk}/berhalangan/", ABSENCE | {f"ganti-{booking.reference}": ""})
    hasan = build.make_operator(house, "Hasan")
    for path in (
        "/hari-ini/",
        f"/pesanan/{booking.reference}/",
        "/hari-ini/cetak/",
        f"/papan/?pilih={booking.reference}",
    ):
        assert "anpa operator" in text(client.get(path)), path
    page = text(client.get("/pengaturan/giliran/"))
    assert "1 pesanan tanpa operator" in page and "Tugaskan Hasan" in page
    named = {"operator": hasan.pk, "next": "/pengaturan/giliran/"}
    answer = client.post(f"/pesanan/{booking.reference}/operator/", named)
    assert answer["Location"] == "/pengaturan/giliran/" and who_runs(booking) == "Hasan"
    for path in (
        "/hari-ini/",
        f"/pesanan/{booking.reference}/",
        "/hari-ini/cetak/",
        f"/papan/?pilih={booking.reference}",
    ):
        assert "Hasan" in text(client.get(path)) and "anpa operator" not in text(client.get(path)), path


def test_producers_read_no_names_of_operators(client, house, machine, dewi):
    siti = build.siti()
    booking = build.make_booking(machine, 9, 11, by=siti)
    client.force_login(siti)
    page = text(client.get(f"/pesanan/{booking.reference}/"))
    assert "operator rumah" in page and "Dewi" not in page


def test_somebody_off_shift_needs_a_reason(client, house, machine, dewi):
    late = build.make_operator(house, "Hasan", hours=(480, 540))
    booking = build.make_booking(machine, 12, 14)
    address = f"/pesanan/{booking.reference}/operator/"
    assert "Hasan (di luar giliran" in text(client.get(address))
    typed = {"operator": late.pk} | seen(client, address)
    refused = client.post(address, typed)
    assert refused.status_code == 409 and "tidak bertugas" in text(refused)
    assert client.post(address, typed | {"reason": "Sudah sepakat"}).status_code == 302
    assert BookingEvent.objects.filter(action="reassign").get().reason == "Sudah sepakat"


def test_a_person_ends_and_comes_back(client, dewi):
    ended = {"akhir-ended_on": "2026-12-01", "akhir-version": 1}
    assert client.post(f"/pengaturan/giliran/{dewi.pk}/berhenti/", ended).status_code == 302
    assert "tidak bertugas sejak 1 Desember 2026" in text(client.get(f"/pengaturan/giliran/{dewi.pk}/"))
    client.post(f"/pengaturan/giliran/{dewi.pk}/berhenti/", {"kembali": "ya", "version": 2})
    dewi.refresh_from_db()
    assert dewi.ended_on is None


def test_a_week_of_shifts_is_removed_only_when_its_work_is_answered_for(client, house, machine, dewi):
    dewi.shifts.filter(valid_from=date(2020, 1, 1)).update(ends=600)
    client.post(f"/pengaturan/giliran/{dewi.pk}/jam/", shifts(starts_0_0="8", ends_0_0="16"))
    booking = build.make_booking(machine, 11, 13)
    dropped = {"valid_from": "2026-11-23", "version": 2}
    assert client.post(f"/pengaturan/giliran/{dewi.pk}/jam/hapus/", dropped).status_code == 409
    answer = client.post(f"/pengaturan/giliran/{dewi.pk}/jam/hapus/", dropped | {f"ganti-{booking.reference}": ""})
    assert answer.status_code == 302 and dewi.shifts.count() == 5 and who_runs(booking) is None


def test_an_absence_is_taken_back(client, dewi):
    client.post(f"/pengaturan/giliran/{dewi.pk}/berhalangan/", ABSENCE)
    number = Absence.objects.get().pk
    assert client.post(f"/pengaturan/giliran/berhalangan/{number}/hapus/", {"version": 2}).status_code == 302
    assert not Absence.objects.exists()


@pytest.mark.parametrize("path", ["", "jam/", "ubah/", "berhalangan/", "berhenti/", "jam/hapus/"])
def test_the_operator_of_another_house_does_not_exist_here(client, path):
    stranger = build.make_operator(build.make_facility("sintang"))
    address = f"/pengaturan/giliran/{stranger.pk}/{path}"
    answer = client.post(address, ABSENCE) if path else client.get(address)
    assert answer.status_code == 404


@pytest.mark.parametrize("day", ["2026-13-01", "kemarin", "0001-01-01"])
def test_a_week_that_is_none_is_no_page(client, day):
    assert client.get("/pengaturan/giliran/", {"minggu": day}).status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_the_week_takes_the_same_statements_whatever_its_length(
    client, house, machine, number, django_assert_max_num_queries
):
    for n in range(number):
        build.make_operator(house, f"Orang {n}")
        build.make_booking(machine, 9, 10, day=n % 5, by=build.make_owner(f"Ibu {n}")) if n < 5 else None
    client.get("/pengaturan/giliran/")
    with django_assert_max_num_queries(14):
        client.get("/pengaturan/giliran/")


def test_the_settings_say_who_is_there_or_that_nobody_is(client, house, machine):
    assert "Belum ada operator" in text(client.get("/pengaturan/"))
    build.make_operator(house, "Dewi")
    build.make_operator(house, "Hasan", ended_on=date(2026, 11, 1))
    page = text(client.get("/pengaturan/"))
    assert "Dewi" in page and "Hasan" not in page
