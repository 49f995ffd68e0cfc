"""A machine's line: two people, evidence, no booking in the way, and a history that stays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from bookings.models import Message
from facilities.errors import BadInput, Refusal, WrongState
from facilities.models import LineChange
from facilities.setup import lines, machines
from tests import build, clock
from tests.pages import seen

pytestmark = pytest.mark.django_db
NOW = build.at(7)
LINE = "/pengaturan/mesin/pontianak-band-1/lini/"
EVIDENCE = "Sertu selesai 20 November, berita acara 12/RP/2026"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, NOW)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def machine(house):
    return build.make_machine(house, slug="pontianak-band-1", line="non_halal")


@pytest.fixture
def cahya(house):
    return build.cahya(house)


@pytest.fixture
def second(house):
    return build._on_duty("Hana", "manager", facility=house)


def ask(machine, cahya, **how):
    return lines.ask_line_change(
        **{"machine": machine, "to_line": "halal", "evidence": EVIDENCE, "actor": cahya, "now": NOW, **how}
    )


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_one_asks_and_another_confirms(machine, cahya, second):
    change = ask(machine, cahya)
    assert lines.confirm_line_change(change_id=change.pk, actor=second, now=NOW).line == "halal"
    change.refresh_from_db()
    assert (change.confirmed_by, change.from_line, change.to_line) == (second, "non_halal", "halal")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor")) == [
        ("ask_line_change", cahya.pk),
        ("confirm_line_change", second.pk),
    ]


def test_nobody_confirms_their_own_request(machine, cahya):
    change = ask(machine, cahya)
    with pytest.raises(Refusal) as refusal:
        lines.confirm_line_change(change_id=change.pk, actor=cahya, now=NOW)
    machine.refresh_from_db()
    assert refusal.value.code == "needs_second_person" and machine.line == "non_halal"
    with pytest.raises(IntegrityError), transaction.atomic():
        LineChange.objects.filter(pk=change.pk).update(confirmed_by=cahya, confirmed_at=NOW)


def test_a_line_does_not_change_while_somebody_holds_time_on_it(machine, cahya, second):
    change = ask(machine, cahya)
    build.make_booking(machine, 9, 11, line="non_halal")
    with pytest.raises(Refusal) as refusal:
        lines.confirm_line_change(change_id=change.pk, actor=second, now=NOW)
    assert refusal.value.code == "bookings_affected"
    lines.withdraw_line_change(change_id=change.pk, actor=cahya, now=NOW)
    with pytest.raises(Refusal) as refusal:
        ask(machine, cahya)
    assert refusal.value.code == "bookings_affected"


def test_what_is_over_stands_in_nobodys_way(machine, cahya, second):
    build.make_booking(machine, 9, 11, line="non_halal")
    later = build.at(12)
    change = ask(machine, cahya, now=later)
    assert lines.confirm_line_change(change_id=change.pk, actor=second, now=later).line == "halal"


def test_one_request_at_a_time_and_each_ends_once(machine, cahya, second):
    change = ask(machine, cahya)
    with pytest.raises(Refusal) as refusal:
        ask(machine, second)
    assert refusal.value.code == "line_change_is_open"
    lines.withdraw_line_change(change_id=change.pk, actor=cahya, now=NOW)
    for late in (lines.confirm_line_change, lines.withdraw_line_change):
        with pytest.raises(WrongState):
            late(change_id=change.pk, actor=second, now=NOW)


@pytest.mark.parametrize("how", [{"evidence": " ok "}, {"to_line": "non_halal"}, {"to_line": "campur"}])
def test_a_request_says_what_and_why(machine, cahya, how):
    with pytest.raises(BadInput):
        ask(machine, cahya, **how)


def test_changing_a_machine_never_changes_its_line(machine, cahya):
    with pytest.raises(BadInput):
        machines.change_machine(machine=machine, changes={"line": "halal"}, actor=cahya, now=NOW)


def test_cahya_asks_and_fitri_of_the_province_confirms(client, machine, cahya):
    fitri = build.fitri()
    client.force_login(cahya)
    client.post(LINE, {"evidence": EVIDENCE} | seen(client, LINE, LINE))
    page = text(client.get("/pengaturan/mesin/pontianak-band-1/lini/"))
    waiting = seen(client, LINE, f"{LINE}tarik/")
    assert "Anda yang meminta" in page and "Sahkan ke" not in page
    assert client.post(f"{LINE}sahkan/", {"sudah": "ya"} | waiting).status_code == 409
    assert Message.objects.get(user=fitri).kind == "line_asked"
    client.force_login(fitri)
    assert client.post(f"{LINE}sahkan/", waiting).status_code == 422
    assert client.post(f"{LINE}sahkan/", {"sudah": "ya"} | waiting).status_code == 302
    machine.refresh_from_db()
    assert machine.line == "halal" and Message.objects.get(user=cahya).kind == "line_confirmed"
    assert "disahkan Fitri" in text(client.get("/pengaturan/mesin/pontianak-band-1/lini/"))


def test_bookings_in_the_way_are_listed(client, machine, cahya):
    booking = build.make_booking(machine, 9, 11, line="non_halal")
    client.force_login(cahya)
    answer = client.post(LINE, {"evidence": EVIDENCE} | seen(client, LINE, LINE))
    assert answer.status_code == 409 and booking.reference in text(answer) and not LineChange.objects.exists()


@pytest.mark.parametrize("who", [build.dewi, lambda house: build.siti(), lambda house: build.gunawan()])
def test_the_page_is_for_those_two_kinds_of_people_only(client, machine, house, who):
    client.force_login(who(house))
    assert client.get("/pengaturan/mesin/pontianak-band-1/lini/").status_code == 403


def test_fitri_confirms_but_does_not_ask(client, machine):
    client.force_login(build.fitri())
    assert client.post("/pengaturan/mesin/pontianak-band-1/lini/", {"evidence": EVIDENCE}).status_code == 403
