"""What was reported of a breakdown can be corrected; every old value is kept with who and why, and the sums follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from bookings.reports.models import UsageMonth
from bookings.reports.services import recompute_stale
from facilities.errors import BadInput, Stale
from facilities.models import Breakdown, StaleMonth, StopCorrection
from facilities.upkeep import services as facility_upkeep
from tests import build, clock

pytestmark = pytest.mark.django_db
NOW = build.at(12, day=1)


@pytest.fixture
def machine():
    return build.make_machine(build.make_facility("pontianak"))


def broken(machine, start=9.0, end=15.0, **fields):
    return Breakdown.objects.create(machine=machine, started_at=build.at(start), expected_until=build.at(16), reason="Pompa",
                                    closed_at=build.at(end) if end else None, **fields)  # fmt: skip


def corrected(stop, actor, **values):
    more = {name: values.pop(name) for name in ("version",) if name in values}
    return facility_upkeep.correct_breakdown(breakdown_id=stop.pk, values=values, reason="Salah jam", actor=actor, now=NOW, **more)


def test_a_correction_keeps_every_old_value_and_the_sums_follow(machine):
    stop, cahya = broken(machine), build.cahya(machine.facility)
    done = corrected(stop, cahya, started_at=build.at(9), closed_at=build.at(11), reason="Pompa macet")
    assert {(one.field, one.made_by, one.reason) for one in done} == {
        ("closed_at", cahya, "Salah jam"), ("reason", cahya, "Salah jam")
    }  # fmt: skip
    assert {one.old for one in done} == {build.at(15).isoformat(), "Pompa"}
    assert AuditEntry.objects.get(action="correct_breakdown").reason == "Salah jam" and StaleMonth.objects.exists()
    recompute_stale(now=NOW)
    assert UsageMonth.objects.get(machine=machine, month=NOW.date().replace(day=1)).downtime == 120


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"started_at": build.at(15)}, "started_at"),
        ({"closed_at": build.at(8)}, "started_at"),
        ({"closed_at": NOW + timedelta(hours=1)}, "closed_at"),
        ({"started_at": build.at(7)}, "started_at"),  # there was another one then
    ],
)
def test_what_cannot_have_been_is_refused_with_its_field(machine, values, field):
    broken(machine, 6, 8)
    stop = broken(machine)
    with pytest.raises(BadInput) as bad:
        corrected(stop, build.cahya(machine.facility), **values)
    assert bad.value.field == field and not StopCorrection.objects.exists()


def test_an_open_breakdown_is_closed_not_corrected_to_closed(machine):
    stop, cahya = broken(machine, end=None), build.cahya(machine.facility)
    with pytest.raises(BadInput):
        corrected(stop, cahya, closed_at=build.at(11))
    assert corrected(stop, cahya, started_at=build.at(8))[0].field == "started_at"


def test_an_old_version_is_stale(machine):
    stop, cahya = broken(machine), build.cahya(machine.facility)
    corrected(stop, cahya, reason="A", version=1)
    with pytest.raises(Stale):
        corrected(stop, cahya, reason="B", version=1)


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_of_two_who_correct_a_breakdown_the_second_sees_both(client, machine, monkeypatch):
    clock.stop(monkeypatch, NOW)
    stop, cahya = broken(machine), build.cahya(machine.facility)
    client.force_login(cahya)
    address = f"/perawatan/kerusakan/{stop.pk}/koreksi/"
    assert client.get(address).status_code == 200
    corrected(stop, cahya, reason="Pompa bocor")
    typed = {"started_at": "2026-11-23T09:00", "closed_at": "2026-11-23T12:00", "reason": "Pompa macet", "why": "Salah", "version": "1"}
    answer = client.post(address, typed)
    assert answer.status_code == 412 and "Pompa bocor" in text(answer) and 'value="Pompa macet"' in text(answer)
    assert client.post(address, {**typed, "version": "2"}).status_code == 302
    assert "Salah" in text(client.get(f"/perawatan/{machine.slug}/"))


def test_operators_and_other_houses_correct_nothing(client, machine, monkeypatch):
    stop = broken(machine)
    client.force_login(build.dewi(machine.facility))
    assert client.get(f"/perawatan/kerusakan/{stop.pk}/koreksi/").status_code == 403
    client.force_login(build.cahya(build.make_facility()))
    assert client.get(f"/perawatan/kerusakan/{stop.pk}/koreksi/").status_code == 404
