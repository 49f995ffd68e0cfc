"""Of two people who set the same thing, the second one is told, sees both, and undoes nothing unseen."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms

from bookings.desk.fields import ClockField, DayField, VersionField
from bookings.desk.versions import beaten
from facilities.errors import Stale
from facilities.models import Closure, LineChange
from facilities.setup import versions
from facilities.setup.houses import reopen
from tests import build, clock
from tests.pages import forms_on, seen

pytestmark = pytest.mark.django_db
HOURS, SHUT, MACHINE = "/pengaturan/jam/", "/pengaturan/tutup/", "/pengaturan/mesin/pontianak-band-1/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.at(9))


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
    return build.make_machine(house, slug="pontianak-band-1")


def form(client, page, action=""):
    """Return what a form of a page would send as it stands."""
    return next(one.data() for one in forms_on(client.get(page)) if (one.action or page) == (action or page))


def tuesdays(house):
    return list(house.opening_hours.filter(weekday=1).values_list("opens", "closes"))


def test_a_tuesday_that_somebody_reopened_is_not_closed_again_by_who_did_not_know(client, house):
    house.opening_hours.filter(weekday=1).delete()
    page = form(client, HOURS)
    reopened = page | {"opens_1_0": "08.00", "closes_1_0": "16.00"}
    assert client.post(HOURS, reopened).status_code == 302 and tuesdays(house) == [(480, 960)]
    answer = client.post(HOURS, page | {"opens_4_0": "09.00"})
    words = answer.content.decode()
    assert answer.status_code == 412 and tuesdays(house) == [(480, 960)]
    assert "Selasa buka" in words and "08.00" in words and 'value="09.00"' in words and "Simpan isian saya" in words


def test_a_week_that_is_gone_meanwhile_is_still_there_to_be_saved(client, house):
    week = form(client, f"{HOURS}?baru=1") | {"valid_from": "2027-02-08"}
    client.post(f"{HOURS}?baru=1", week)
    page = form(client, f"{HOURS}?minggu=2027-02-08")
    client.post(f"{HOURS}hapus/", {"minggu": "2027-02-08"} | seen(client, HOURS))
    answer = client.post(f"{HOURS}?minggu=2027-02-08", page | {"opens_0_0": "10.00"})
    assert answer.status_code == 412 and 'value="10.00"' in answer.content.decode()


def test_hours_and_closed_days_do_not_collide(client, house):
    page = form(client, HOURS)
    client.post(SHUT, {"first_on": "2026-12-01", "reason": "Rapat"} | seen(client, SHUT))
    assert Closure.objects.exists() and client.post(HOURS, page | {"opens_4_0": "09.00"}).status_code == 302


def test_a_machine_retired_by_another_stays_retired_for_who_presses_the_same(client, machine):
    action = f"{MACHINE}pensiun/"
    page = form(client, MACHINE, action)
    assert client.post(action, page | {"pensiun-retired_on": "2026-12-01"}).status_code == 302
    assert client.post(action, page | {"pensiun-retired_on": "2026-12-02"}).status_code == 412
    machine.refresh_from_db()
    assert machine.retired_on == date(2026, 12, 1)


def test_an_operator_who_stopped_stays_away_for_who_presses_the_same(client, house):
    dewi = build.make_operator(house, "Dewi")
    address = f"/pengaturan/giliran/{dewi.pk}/"
    page = form(client, address, f"{address}berhenti/")
    assert client.post(f"{address}berhenti/", page | {"akhir-ended_on": "2026-12-01"}).status_code == 302
    assert client.post(f"{address}berhenti/", page | {"akhir-ended_on": "2026-12-02"}).status_code == 412
    dewi.refresh_from_db()
    assert dewi.ended_on == date(2026, 12, 1)


def test_an_ability_added_meanwhile_does_not_take_the_rate_of_another(client, machine):
    action = f"{MACHINE}kemampuan/"
    page = form(client, MACHINE, action)
    machine.capabilities.create(form="bubuk", format="jar", rate=50)
    answer = client.post(action, page | {"bisa-rate-keripik-standing_pouch": "700"})
    assert answer.status_code == 412
    again = next(one.data() for one in forms_on(answer) if one.action == action)
    assert (again["bisa-rate-keripik-standing_pouch"], "bisa-use-bubuk-jar" in again) == ("700", False)
    assert client.post(action, again).status_code == 302
    assert list(machine.capabilities.values_list("form", "rate")) == [("keripik", 700)]


def test_an_ability_taken_away_meanwhile_can_be_given_again(client, machine):
    machine.capabilities.create(form="bubuk", format="jar", rate=50)
    action = f"{MACHINE}kemampuan/"
    page = form(client, MACHINE, action)
    machine.capabilities.filter(form="bubuk").delete()
    answer = client.post(action, page | {"bisa-rate-bubuk-jar": "60"})
    again = next(one.data() for one in forms_on(answer) if one.action == action)
    assert answer.status_code == 412 and client.post(action, again).status_code == 302
    assert machine.capabilities.get(form="bubuk").rate == 60


def test_the_second_person_confirms_only_the_evidence_they_have_read(client, machine, cahya):
    asked = {"from_line": "halal", "to_line": "non_halal", "asked_by": cahya, "asked_at": build.EARLY}
    first = LineChange.objects.create(machine=machine, evidence="Berita acara 1", **asked)
    client.force_login(build.fitri())
    read = form(client, f"{MACHINE}lini/", f"{MACHINE}lini/sahkan/")
    LineChange.objects.filter(pk=first.pk).update(withdrawn_at=build.EARLY)
    LineChange.objects.create(machine=machine, evidence="Berita acara 2", **asked)
    answer = client.post(f"{MACHINE}lini/sahkan/", read | {"sudah": "ya"})
    machine.refresh_from_db()
    assert answer.status_code == 412 and "Berita acara 2" in answer.content.decode() and machine.line == "halal"


def test_what_is_gone_is_not_written(house, cahya):
    closed = Closure.objects.create(facility=house, first_on="2026-12-01", last_on="2026-12-01", reason="Rapat")
    closed.refresh_from_db()
    version = versions.version_of(versions.closure, closed)
    Closure.objects.filter(pk=closed.pk).delete()
    with pytest.raises(Stale):
        versions.if_unchanged(
            versions.closure, closed, version, lambda: reopen(closure=closed, actor=cahya, now=build.EARLY)
        )


class Trial(forms.Form):
    """One field of each kind that is read differently."""

    version = VersionField()
    day = DayField(label="Hari")
    clock = ClockField(label="Jam")
    number = forms.IntegerField(label="Menit")
    kind = forms.ChoiceField(label="Cara", choices=[("a", "Sendiri"), ("b", "Dibantu")])
    several = forms.MultipleChoiceField(label="Jenis", choices=[("x", "Segel"), ("y", "Vakum")], required=False)
    sure = forms.BooleanField(label="Yakin", required=False)
    note = forms.CharField(label="Catatan", required=False)


def test_both_writings_stand_in_the_words_of_the_page():
    typed = Trial({"version": "1", "day": "2026-12-01", "clock": "8", "number": "1500", "kind": "a", "several": ["x"],
                   "sure": "on", "note": "sama"})  # fmt: skip
    assert typed.is_valid()
    stored = {"version": 4, "day": date(2026, 12, 2), "clock": 540, "number": 30, "kind": "b", "several": ["x", "y"],
              "sure": False, "note": "sama"}  # fmt: skip
    assert beaten(typed, Trial(initial=stored)) == 412
    assert [(one.label, one.typed, one.stored) for one in typed.beside] == [
        ("Hari", "1 Desember 2026", "2 Desember 2026"), ("Jam", "08.00", "09.00"), ("Menit", "1.500", "30"),
        ("Cara", "Sendiri", "Dibantu"), ("Jenis", "Segel", "Segel, Vakum"), ("Yakin", "ya", "tidak"),
    ]  # fmt: skip
    assert str(typed["version"].value()) == "4"


@pytest.mark.parametrize("said", ["", "x", "-1", "1.5", "９", "9" * 400])
def test_a_version_that_is_none_is_never_the_stored_one(said):
    assert VersionField().clean(said) == 0


def test_rules_stand_side_by_side_in_their_own_words_and_only_where_they_differ(client, house, machine):
    seasons = [{"name": "Lebaran", "first_on": "2027-02-01", "last_on": "2027-03-10", "weekly_quota": 5}]
    house.policy = {"peak_seasons": seasons}
    house.save()
    address = "/pengaturan/aturan/"
    page = form(client, address)
    assert client.post(address, page | {"notice": "2", "notice_unit": "60"}).status_code == 302
    answer = client.post(address, page | {"grace": "20", "grace_unit": "1"})
    rows = answer.context["form"].beside
    assert answer.status_code == 412
    said = {(one.typed.replace("\xa0", " "), one.stored.replace("\xa0", " ")) for one in rows}
    assert said == {("1 jam", "2 jam"), ("20 menit", "15 menit")}
