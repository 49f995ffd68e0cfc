"""The rules of a house and of a machine: set in sentences, shown with what they would break, then saved."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from bookings.models import Booking, Document
from bookings.rules import RULES, SETTINGS
from bookings.rules import services as rules
from bookings.rules.decision import policy_of
from bookings.rules.preview import breaches_of_house, breaches_of_machine
from bookings.rules.question import rules_of
from bookings.rules.sentences import sentence, value_words
from bookings.rules.time_settings import TIMES
from bookings.rules.values import checked
from facilities.errors import BadInput, Stale
from facilities.models import Closure, Machine
from facilities.setup import houses
from facilities.time.limits import Limits
from tests import build, clock

pytestmark = pytest.mark.django_db
HOUSE, MACHINE = "/pengaturan/aturan/", "/pengaturan/mesin/pontianak-band-1/aturan/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The Friday morning on which people book for Monday."""
    clock.stop(monkeypatch, build.EARLY + timedelta(hours=1))
    return build.EARLY + timedelta(hours=1)


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


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def filled(client, address: str, **more) -> dict[str, object]:
    """Return what a browser would send back from the page as it stands, with some of it changed."""
    form = client.get(address).context["form"]
    found: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if bound.field.__class__.__name__ == "MinutesField":
            found[bound.html_name], found[f"{bound.html_name}_unit"] = bound.field.widget.decompress(value)
        elif value not in (None, "", False, []):
            found[bound.html_name] = value
    return {name: value for name, value in {**found, **more}.items() if value is not None}


def set_rules(house, cahya, now, **values):
    return rules.set_house_rules(facility=house, values=values, actor=cahya, now=now)


def test_every_declared_setting_stands_on_the_page_as_a_sentence(client):
    shown = re.sub(r"<[^>]+>", " ", text(client.get(HOUSE)))
    shown = re.sub(r"\s+", " ", shown)
    for setting in (*SETTINGS.values(), *TIMES.values()):
        for part in setting.id.split("{}"):
            assert part.strip(" .:,") in shown, setting.name


def test_the_page_sent_back_unchanged_changes_nothing(client, house):
    before = {name: getattr(house, name) for name in (*TIMES, "policy")}
    asked = client.post(HOUSE, filled(client, HOUSE, langkah="pratinjau"))
    assert "Tidak ada yang berubah" in text(asked)
    assert client.post(HOUSE, filled(client, HOUSE)).status_code == 302
    house.refresh_from_db()
    assert {name: getattr(house, name) for name in (*TIMES, "policy")} == before


def test_a_quota_is_typed_in_hours_and_kept_in_minutes_with_a_trail(client, house):
    typed = filled(client, HOUSE, weekly_quota="7,5", documents_required=["pirt", "nib"], induction_required="ya")
    assert client.post(HOUSE, typed).status_code == 302
    house.refresh_from_db()
    assert house.policy == {"weekly_quota": 450, "documents_required": ["nib", "pirt"], "induction_required": True}
    assert AuditEntry.objects.get(action="change_facility").after["policy"]["weekly_quota"] == 450
    shown = client.get(HOUSE).context["form"]
    assert shown["weekly_quota"].value() == 450 and shown["induction_required"].value() == "ya"


def test_an_emptied_gap_turns_a_rule_off_even_where_it_is_on_by_default(client, house):
    assert client.post(HOUSE, filled(client, HOUSE, trial_runs="")).status_code == 302
    house.refresh_from_db()
    assert house.policy == {"trial_runs": None} and policy_of(house.policy)["trial_runs"] is None


def test_a_season_is_a_row_of_the_table_and_half_a_row_is_named(client, house):
    row = {
        "peak_seasons_0_name": "Lebaran",
        "peak_seasons_0_first_on": "2027-02-08",
        "peak_seasons_0_last_on": "2027-03-15",
    }
    half = client.post(HOUSE, filled(client, HOUSE, **row))
    assert half.status_code == 422 and "Lengkapi musim ini" in text(half)
    whole = {**row, "peak_seasons_0_weekly_quota": "4", "peak_seasons_0_weekly_quota_unit": "60"}
    assert client.post(HOUSE, filled(client, HOUSE, **whole)).status_code == 302
    house.refresh_from_db()
    assert house.policy["peak_seasons"] == [
        {"name": "Lebaran", "first_on": "2027-02-08", "last_on": "2027-03-15", "weekly_quota": 240}
    ]
    assert "Lebaran" in text(client.get(HOUSE))


@pytest.mark.parametrize(
    "more",
    [{"weekly_quota": "0"}, {"weekly_quota": "x"}, {"weekly_quota": "1e999"}, {"weekly_quota": "nan"},
     {"reserved_share": "81"}, {"open_bookings": "-1"}, {"documents_required": ["paspor"]}, {"notice": ""},
     {"grid": "7"}, {"approval": "maybe"}, {"longest": "10", "longest_unit": "1"}, {"notice": "0,01"}],
)  # fmt: skip
def test_what_cannot_be_is_named_beside_its_field_and_nothing_is_saved(client, house, more):
    answer = client.post(HOUSE, filled(client, HOUSE, **more))
    assert answer.status_code == 422 and next(iter(more)) in answer.context["form"].errors
    house.refresh_from_db()
    assert house.version == 1


def test_whoever_saw_older_rules_is_told_and_loses_nothing_typed(client, house, cahya, now):
    typed = filled(client, HOUSE, open_bookings="3")
    set_rules(house, cahya, now, grace=20)
    for step in ("pratinjau", ""):
        answer = client.post(HOUSE, {**typed, "langkah": step})
        assert answer.status_code == 412 and 'value="3"' in text(answer)
    with pytest.raises(Stale):
        rules.set_house_rules(facility=house, values={"grace": 10}, actor=cahya, now=now, version=1)


def test_the_rules_of_another_house_are_not_there(client, house):
    other = build.make_facility("sintang")
    build.make_machine(other, slug="sintang-band-1")
    assert client.get(f"{HOUSE}?rumah=sintang").status_code == 404
    assert client.get("/pengaturan/mesin/sintang-band-1/aturan/").status_code == 404


def test_a_preview_lists_the_coming_bookings_that_break_the_new_rules_and_saves_nothing(client, house, machine):
    short, long = build.make_booking(machine, 8, 9), build.make_booking(machine, 10, 14)
    typed = filled(client, HOUSE, longest="3", longest_unit="60", langkah="pratinjau")
    shown = text(client.post(HOUSE, typed))
    assert "1 pesanan mendatang melanggar aturan baru" in shown and "Sebelumnya: 8 jam" in shown
    assert long.reference in shown and short.reference not in shown and "Paling lama 3 jam; diminta 4 jam." in shown
    house.refresh_from_db()
    assert (house.version, house.longest) == (1, 480)


def test_the_preview_carries_all_that_was_typed_to_the_saving_step_and_back(client, house, machine):
    typed = filled(client, HOUSE, open_bookings="3", documents_required=["nib", "halal"], langkah="pratinjau")
    kept = client.post(HOUSE, typed).context["typed"]
    again: dict[str, list[str]] = {}
    for key, value in kept:
        again.setdefault(key, []).append(value)
    back = client.post(HOUSE, {**again, "langkah": "ubah"})
    assert back.status_code == 200 and 'value="3"' in text(back)
    assert client.post(HOUSE, again).status_code == 302
    house.refresh_from_db()
    assert house.policy == {"open_bookings": 3, "documents_required": ["nib", "halal"]}


def test_of_bookings_beyond_a_quota_only_the_latest_made_are_named(house, machine, now):
    siti = build.siti()
    made = [
        build.make_booking(machine, 8 + 2 * n, 10 + 2 * n, by=siti, now=build.EARLY + timedelta(minutes=9 - n))
        for n in range(3)
    ]
    changes = rules.house_changes(house, {"weekly_quota": 240})
    assert [one.booking.pk for one in breaches_of_house(house, changes, now=now)] == [made[0].pk]
    changes = rules.house_changes(house, {"open_bookings": 1})
    assert [one.booking.pk for one in breaches_of_house(house, changes, now=now)] == [made[0].pk, made[1].pk]


def test_a_cooperative_counts_with_its_members_in_a_preview(house, machine, now):
    rosa = build.rosa()
    mandau = build.producer_of(rosa)
    member = mandau.members.get()
    build.make_booking(machine, 8, 10, by=rosa, producer=mandau)
    second = build.make_booking(machine, 10, 12, by=rosa, producer=member, now=build.EARLY + timedelta(minutes=5))
    changes = rules.house_changes(house, {"cooperative_quota": 180})
    (found,) = breaches_of_house(house, changes, now=now)
    assert found.booking.pk == second.pk and found.reasons[0].values["used"] == 120


def test_notice_is_judged_from_when_a_booking_was_made(house, machine, now):
    build.make_booking(machine, 8, 10)
    three_days = 3 * 1440
    assert breaches_of_house(house, {"notice": three_days}, now=build.at(7)) == []
    (found,) = breaches_of_house(house, {"notice": three_days + 1}, now=now)
    assert [reason.code for reason in found.reasons] == ["too_soon"]


def test_a_walk_in_gave_no_notice_and_breaks_none(house, machine, now):
    booking = build.make_booking(machine, 8, 10)
    Booking.objects.filter(pk=booking.pk).update(is_walk_in=True)
    assert breaches_of_house(house, {"notice": 10_000}, now=now) == []


def test_what_the_old_rules_refused_as_well_is_no_news(house, machine, now):
    build.make_booking(machine, 8, 12)
    house.longest = 120
    assert breaches_of_house(house, {"longest": 60}, now=now) == []


def test_missing_documents_break_a_new_rule_unless_a_trial_run_is_left(house, machine, now):
    booking = build.make_booking(machine, 8, 10)
    strict = rules.house_changes(house, {"documents_required": ["nib"], "trial_runs": None})
    (found,) = breaches_of_house(house, strict, now=now)
    assert found.reasons[0].code == "document_missing"
    assert breaches_of_house(house, rules.house_changes(house, {"documents_required": ["nib"]}), now=now) == []
    Document.objects.create(producer=booking.producer, kind="nib", number="1", made_at=now)
    assert breaches_of_house(house, strict, now=now) == []


def test_the_share_kept_for_newcomers_names_who_asked_last_too_early(house, machine, now):
    siti = build.siti()
    done = build.make_booking(machine, 8, 9, by=siti)
    Booking.objects.filter(pk=done.pk).update(status="completed")
    first = build.make_booking(machine, 9, 13, by=siti)
    second = build.make_booking(machine, 13, 16, by=siti, now=build.EARLY + timedelta(minutes=1))
    changes = rules.house_changes(house, {"reserved_share": 50, "reserved_opens": 1})
    found = breaches_of_house(house, changes, now=now)
    assert [one.booking.pk for one in found] == [second.pk] and found[0].reasons[0].code == "kept_for_others"
    assert first.pk not in [one.booking.pk for one in found]


def test_a_preview_asks_the_database_as_often_for_one_booking_as_for_many(house, machine, now):
    changes = rules.house_changes(
        house,
        {"weekly_quota": 60, "documents_required": ["nib"], "induction_required": True, "reserved_share": 20},
    )
    build.make_booking(machine, 8, 10)
    with CaptureQueriesContext(connection) as one:
        assert len(breaches_of_house(house, changes, now=now)) == 1
    for day in range(1, 4):
        build.make_booking(build.make_machine(house), 8, 10, day=day, by=build.make_owner(f"Orang {day}"))
    with CaptureQueriesContext(connection) as many:
        assert len(breaches_of_house(house, changes, now=now)) == 4
    assert len(one) == len(many) == 5


def test_a_machine_follows_its_house_until_it_is_ticked(client, house, machine):
    typed = filled(client, MACHINE, notice="5")
    lost = client.post(MACHINE, typed)
    assert lost.status_code == 422 and "Centang ini" in text(lost)
    ticks = {"own_notice": "on", "own_open_bookings": "on", "open_bookings": "2"}
    assert client.post(MACHINE, {**typed, **ticks}).status_code == 302
    machine = Machine.objects.select_related("facility").get(pk=machine.pk)
    assert machine.limits.notice == 5 * 60 and machine.policy == {"open_bookings": 2}
    assert rules_of(machine).policy["open_bookings"] == 2 and AuditEntry.objects.filter(action="change_rules").exists()
    assert client.post(MACHINE, filled(client, MACHINE, own_notice=None, notice="1")).status_code == 302
    machine = Machine.objects.get(pk=machine.pk)
    assert machine.notice is None and machine.policy == {"open_bookings": 2}


def test_a_machine_turns_off_what_its_house_asks(house, machine, cahya, now):
    set_rules(house, cahya, now, induction_required=True, open_bookings=3)
    machine.facility.refresh_from_db()
    values = {"induction_required": False, "open_bookings": None}
    rules.set_machine_rules(machine=machine, values=values, actor=cahya, now=now)
    assert rules_of(machine).policy["induction_required"] is False and rules_of(machine).policy["open_bookings"] is None


def test_a_machines_preview_looks_at_its_own_bookings_only(house, machine, now):
    mine = build.make_booking(machine, 8, 12)
    build.make_booking(build.make_machine(house), 8, 12)
    found = breaches_of_machine(machine, {"longest": 60}, {}, now=now)
    assert [one.booking.pk for one in found] == [mine.pk]


@pytest.mark.parametrize(
    "values, field",
    [({"weekly_quota": 1}, "weekly_quota"), ({"weekly_quota": True}, "weekly_quota"), ({"cat": 1}, "cat"),
     ({"notice": -1}, "notice"), ({"notice": "60"}, "notice"), ({"grid": 7}, "grid"), ({"approval": "x"}, "approval"),
     ({"documents_required": ["x"]}, "documents_required"), ({"induction_required": "ya"}, "induction_required"),
     ({"closed_on_holidays": 1}, "closed_on_holidays"), ({"shortest": 600}, "longest"),
     ({"peak_seasons": [{}] * 13}, "peak_seasons"), ({"peak_seasons": ["x"]}, "peak_seasons")],
)  # fmt: skip
def test_the_service_names_what_it_cannot_take(house, cahya, now, values, field):
    with pytest.raises(BadInput) as bad:
        set_rules(house, cahya, now, **values)
    assert bad.value.field == field


def test_a_house_cannot_contradict_a_machine_that_has_rules_of_its_own(house, machine, cahya, now):
    rules.set_machine_rules(machine=machine, values={"longest": 120}, actor=cahya, now=now)
    with pytest.raises(BadInput) as bad:
        set_rules(house, cahya, now, shortest=180)
    assert bad.value.field == "shortest" and "Segel kontinu 1" in bad.value.id
    with pytest.raises(BadInput, match="answer_within"):
        rules.set_machine_rules(machine=machine, values={"answer_within": 60}, actor=cahya, now=now)
    with pytest.raises(BadInput, match="longest"):
        rules.set_machine_rules(machine=machine, values={"longest": 15}, actor=cahya, now=now)


def test_the_rules_of_time_are_all_there_with_their_bounds():
    assert set(Limits.NAMES) <= set(TIMES) and not set(TIMES) & set(SETTINGS)
    assert {name for name, one in TIMES.items() if one.per_machine} == set(Limits.NAMES)
    assert all(one.id.count("{}") == one.en.count("{}") == 1 for one in (*TIMES.values(), *SETTINGS.values()))
    assert len(SETTINGS) == sum(len(rule.settings) for rule in RULES)


@pytest.mark.parametrize(
    "name, value, words",
    [("weekly_quota", 450, "7 jam 30 menit"), ("reserved_far", 100, "100 km"), ("reserved_share", 20, "20 %"),
     ("open_bookings", 3, "3"), ("induction_required", True, "ya"), ("documents_required", ["nib", "md"], "NIB, izin BPOM MD"),
     ("pause_after", None, "tidak berlaku"), ("approval", "manual", "selalu oleh petugas"), ("grid", 15, "15 menit")],
)  # fmt: skip
def test_values_read_as_people_say_them(name, value, words):
    setting = {**TIMES, **SETTINGS}[name]
    assert value_words(setting, value).replace("\xa0", " ") == words
    assert words in sentence(setting, value).replace("\xa0", " ")


def test_seasons_are_kept_in_order_and_read_whole():
    later = {"name": "Natal", "first_on": "2026-12-01", "last_on": "2026-12-24", "weekly_quota": 120}
    sooner = {**later, "name": "Imlek", "first_on": "2026-01-20", "last_on": "2026-02-17"}
    kept = checked(SETTINGS["peak_seasons"], [later, sooner])
    assert [one["name"] for one in kept] == ["Imlek", "Natal"]
    told = value_words(SETTINGS["peak_seasons"], kept).replace("\xa0", " ")
    assert told.startswith("Imlek (20 Januari 2026 – 17 Februari 2026, 2 jam); Natal")
    for wrong in ({"last_on": "2026-11-01"}, {"name": " "}, {"weekly_quota": -1}, {"first_on": "soon"}):
        with pytest.raises(BadInput, match="bad_season"):
            checked(SETTINGS["peak_seasons"], [{**later, **wrong}])


def test_keeping_holidays_again_lists_who_booked_one(machine):
    house = machine.facility
    houses.change_facility(facility=house, changes={"closed_on_holidays": False}, actor=build.cahya(house), now=build.EARLY)
    Closure.objects.create(first_on=build.at(8).date(), last_on=build.at(8).date(), reason="Maulid", kind="public")
    booking = build.make_booking(machine, 8, 10)
    found = breaches_of_house(house, {"closed_on_holidays": True}, now=build.EARLY)
    assert [one.booking for one in found] == [booking]
    assert breaches_of_house(house, {"notice": 60}, now=build.EARLY) == []
