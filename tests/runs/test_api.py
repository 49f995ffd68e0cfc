"""The day through the API: check in, start, stop, record, correct, complete."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, Run, RunCorrection
from facilities.models import Occupancy
from tests import build
from tests.api.calling import Caller, codes, fields

pytestmark = pytest.mark.django_db


def arrived(house=None) -> tuple[Caller, Booking]:
    """Return Dewi and a booking whose producer is here, an hour into it."""
    machine = build.make_machine(house or build.make_facility())
    booking, now = build.make_booking(machine), timezone.now().replace(second=0, microsecond=0)
    span = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    Booking.objects.filter(pk=booking.pk).update(**span)
    booking.machines.update(**span)
    Occupancy.objects.update(**span)
    dewi = Caller(build.dewi(machine.facility))
    assert dewi.post(f"/bookings/{booking.reference}/check-in").json()["status"] == "checked_in"
    return dewi, booking


def sheet(**more: object) -> dict[str, object]:
    now = timezone.now()
    times = {"started_at": (now - timedelta(minutes=50)).isoformat(), "stopped_at": (now - timedelta(minutes=5)).isoformat()}
    return {**times, "good": 280, "rejected": 20, **more}


def test_a_run_is_recorded_signed_and_completes_the_booking():
    dewi, booking = arrived()
    lost = [{"minutes": 5, "reason": "power"}]
    cleaning = {"before": True, "after": True, "result": "clean", "by": "Dewi"}
    made = dewi.post(f"/bookings/{booking.reference}/runs", sheet(downtimes=lost, cleaning=cleaning, lot_code="L-1"))
    assert made.status_code == 201 and made.json()["signed_at"] is not None
    assert made.json()["downtimes"] == [{"minutes": 5, "reason": "power", "note": ""}]
    assert dewi.get(f"/bookings/{booking.reference}").json()["status"] == "completed"
    assert dewi.get(f"/bookings/{booking.reference}/runs").json()["items"][0]["good"] == 280


def test_a_run_is_started_stopped_and_then_recorded():
    dewi, booking = arrived()
    started = dewi.post(f"/bookings/{booking.reference}/start")
    assert started.status_code == 201
    assert codes(dewi.post(f"/bookings/{booking.reference}/start")) == ["wrong_state"]
    stopped = dewi.post(f"/runs/{started.json()['id']}/stop")
    assert stopped.json()["stopped_at"] is not None
    dewi.post(f"/bookings/{booking.reference}/runs", sheet(run=started.json()["id"]))
    assert Run.objects.get().good == 280


def test_a_booking_is_completed_with_its_run_or_without():
    dewi, booking = arrived()
    done = dewi.post(f"/bookings/{booking.reference}/complete", {"run": sheet()})
    assert done.json()["status"] == "completed" and Run.objects.get().signed_at is not None
    dewi, other = arrived()
    assert dewi.post(f"/bookings/{other.reference}/complete").json()["status"] == "completed"
    assert Run.objects.count() == 1


def test_a_signed_run_is_corrected_and_keeps_the_old_value():
    dewi, booking = arrived()
    run = dewi.post(f"/bookings/{booking.reference}/runs", sheet()).json()
    answer = dewi.post(f"/runs/{run['id']}/corrections", {"field": "good", "value": 290, "reason": "salah hitung"})
    assert answer.status_code == 201
    assert (answer.json()["old"], answer.json()["new"]) == ("280", "290")
    again = {"field": "good", "value": 1, "reason": "x"}
    assert dewi.post(f"/runs/{run['id']}/corrections", again, **{"If-Match": f'"{run["version"]}"'}).status_code == 412
    assert RunCorrection.objects.count() == 1


@pytest.mark.parametrize(
    ("correction", "field"),
    [
        ({"field": "good", "value": "banyak", "reason": "x"}, "value"),
        ({"field": "good", "value": -1, "reason": "x"}, "value"),
        ({"field": "signed_at", "value": 1, "reason": "x"}, "body"),
        ({"field": "started_at", "value": "2026-11-24T08:00:00", "reason": "x"}, "value"),
        ({"field": "note", "value": "a\x00b", "reason": "x"}, "value"),
        ({"field": "good", "value": 1, "reason": ""}, "reason"),
    ],
)
def test_a_correction_that_means_nothing_is_422(correction, field):
    dewi, booking = arrived()
    run = dewi.post(f"/bookings/{booking.reference}/runs", sheet()).json()
    answer = dewi.post(f"/runs/{run['id']}/corrections", correction)
    assert answer.status_code == 422 and fields(answer) == [field]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"good": True}, "good"),
        ({"good": 10_000_001}, "good"),
        ({"rejected": 1.5}, "rejected"),
        ({"downtimes": [{"minutes": 0, "reason": "power"}]}, "downtimes.0.minutes"),
        ({"downtimes": [{"minutes": 46, "reason": "power"}]}, "downtimes"),
        ({"stopped_at": "2099-01-01T08:00:00+07:00"}, "stopped_at"),
        ({"run": 2**63}, "run"),
    ],
)
def test_a_run_that_cannot_be_is_422_and_nothing_is_written(wrong, field):
    dewi, booking = arrived()
    answer = dewi.post(f"/bookings/{booking.reference}/runs", sheet(**wrong))
    assert answer.status_code == 422 and fields(answer) == [field]
    assert not Run.objects.exists()


def test_people_of_another_house_and_producers_do_not_run_the_day():
    dewi, booking = arrived()
    stranger, siti = Caller(build.dewi(build.make_facility())), Caller(booking.made_by)
    assert stranger.post(f"/bookings/{booking.reference}/runs", sheet()).status_code == 404
    assert siti.post(f"/bookings/{booking.reference}/runs", sheet()).status_code == 403
    run = dewi.post(f"/bookings/{booking.reference}/runs", sheet()).json()
    good = {"field": "good", "value": 1, "reason": "x"}
    assert stranger.post(f"/runs/{run['id']}/corrections", good).status_code == 404
    assert siti.post(f"/runs/{run['id']}/corrections", good).status_code == 403
