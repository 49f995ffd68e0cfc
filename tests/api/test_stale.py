"""Every form of staff × what its writer saw: of two who write, the second is told, keeps all they typed, and may insist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bookings.runs import services as runs
from bookings.upkeep import services as upkeep
from facilities.models import Closure, LineChange, OpeningHours, Shift
from facilities.upkeep import services as facility_upkeep
from tests import build
from tests.api import test_matrix as matrix
from tests.api.calling import coming
from tests.api.matrix import API, ROLES, TABLE
from tests.api.stale import REASONS, Written, day, written
from tests.api.world import World, book, checked_in, make_world
from tests.pages import PageForm, forms_on

STAFF = ("dewi", "cahya", "fitri")
FORMS = written()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for all, with something set of everything; every test is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world()
        _set_all(made)
        yield made
        transaction.set_rollback(True)


def _set_all(world: World) -> None:
    """Give the house a closed day, a second week, an open change of line, and a job that somebody runs."""
    house, cahya = world.house, world.people["cahya"]
    closed = Closure.objects.create(facility=house, first_on=day(30), last_on=day(30), reason="Rapat", made_by=cahya)
    OpeningHours.objects.create(facility=house, weekday=0, opens=480, closes=720, valid_from=day(100))
    for rule in house.opening_hours.filter(valid_from__lt=day(0)):  # what is back when the week in force is dropped
        rule.pk, rule.valid_from = None, day(-4000)
        rule.save()
    hasan = house.operators.get()
    Shift.objects.create(operator=hasan, weekday=0, starts=480, ends=720, valid_from=day(100))
    vacuum = build.make_type("VAC")
    operated = build.make_machine(house, slug="pontianak-vac-1", type=vacuum, operator_level="operator")
    named = {one: build.make_operator(house, one, types=["VAC"]).pk for one in ("Dewi", "Eka")}
    build.make_machine(house, slug="pontianak-band-8")
    waiting = build.make_machine(house, slug="pontianak-band-9")
    LineChange.objects.create(machine=waiting, from_line="halal", to_line="non_halal", evidence="Sertu, surat 9/2026",
                              asked_by=cahya, asked_at=build.MONDAY_8)  # fmt: skip
    day_ahead = (coming(0) - build.at(0)).days
    moved = build.make_booking(build.make_machine(house, slug="pontianak-band-7"), 9, 10, day=day_ahead)
    job = build.make_booking(operated, 9, 10, day=day_ahead)
    world.ids |= {"moved": [moved.reference]} | _repaired(house, cahya, day_ahead)
    world.ids |= _sheets(house, world)
    world.ids |= {"closure_id": [closed.pk], "waiting": [waiting.slug], "job": [job.reference], "free": ["pontianak-band-8"]}
    world.ids |= {"Dewi": [named["Dewi"]], "Eka": [named["Eka"]]}


def _sheets(house: Any, world: World) -> dict[str, list[Any]]:
    """Give the house a job whose producer is here, and another whose run is signed."""
    cahya, now, siti = world.people["cahya"], timezone.now(), world.people["siti"]
    jobs = [checked_in(book(build.make_machine(house), siti, clock), cahya) for clock in (12, 13)]
    runs.record_run(booking_id=jobs[1].pk, actor=cahya, now=now, started_at=now - timedelta(minutes=20),
                    stopped_at=now, good=100, rejected=0)  # fmt: skip
    return {"unsigned": [jobs[0].reference], "signed": [jobs[1].reference]}


def _repaired(house: Any, cahya: Any, day_ahead: int) -> dict[str, list[Any]]:
    """Give the house a machine that runs again, and a job that lost its time on it meanwhile."""
    machine, who = build.make_machine(house, slug="pontianak-band-6"), {"actor": cahya, "now": timezone.now()}
    aside = build.make_booking(machine, 9, 10, day=day_ahead)
    type(aside).objects.filter(pk=aside.pk).update(status="approved", expires_at=None, decided_at=who["now"])
    stop = upkeep.report_breakdown(machine_id=machine.pk, expected_until=coming(12), reason="Motor", displace=True, **who)
    facility_upkeep.close_breakdown(breakdown_id=stop.pk, repair="Diganti", **who)
    return {"aside": [aside.reference], "repaired": [machine.slug]}


@pytest.fixture
def fresh(world):
    """The world, as it was before every test."""
    cache.clear()
    with transaction.atomic():
        yield world
        transaction.set_rollback(True)


def addresses() -> list[str]:
    """Return every address that takes a form from somebody of staff: read from the URLconf, judged by the matrix."""
    posts = [route.removeprefix("POST ") for route in TABLE if route.startswith("POST ") and f" {API}" not in route]
    letters = {address: dict(zip(ROLES, TABLE[f"POST {address}"][0], strict=True)) for address in posts}
    known = set(matrix.addresses())
    return [one for one in posts if one in known and any(letters[one][role] in "ox" for role in STAFF)]


def test_every_form_of_staff_carries_what_its_writer_saw_or_says_why_not():
    assert sorted(set(addresses()) - {*FORMS, *REASONS}) == [], "decide in tests/api/stale.py"
    assert sorted({*FORMS, *REASONS} - set(addresses())) == [], "these are gone"
    assert set(FORMS) & set(REASONS) == set()


def test_the_api_writes_no_setting_of_a_house():
    """Where it will, its forms of JSON carry If-Match, as those of bookings and runs do."""
    written_there = {route.split("/")[2] for route in TABLE if f" {API}" in route and not route.startswith("GET")}
    assert written_there <= {"bookings", "products", "needs", "calendar-feeds", "runs", "holidays", "machines", "maintenance", "breakdowns"}
    stops = {route.rsplit("/", 1)[1] for route in TABLE if f"POST {API}machines/" in route}
    assert stops == {"maintenance", "breakdowns"}


def everything() -> dict[str, list[Any]]:
    """Return every row of ours."""
    models = [model for app in ("accounts", "facilities", "bookings") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}


def where(world: World, address: str, form: str = "") -> str:
    """Return an address of a thing that can be written there: by `form`, where that is elsewhere."""
    form = form or address
    slug = next((name for part, name in MACHINES.items() if part in form), "slug")
    address = address.replace("<slug:slug>", world.first(slug))
    known = {"tutup/": "closure_id", "libur/": "holiday_id", "giliran/berhalangan/": "absence_id", "giliran/": "operator_id",
             "perawatan/batal/": "maintenance_id", "kerusakan/": "breakdown_id"}  # fmt: skip
    kind = next((name for part, name in known.items() if part in address), "")
    address = address.replace("<int:number>", str(world.first(kind) if kind and "<int:number>" in address else ""))
    job = next((name for part, name in BOOKED.items() if part in form), "job")
    return "/" + address.replace("<str:reference>", world.first(job))


MACHINES = {"lini/sahkan/": "waiting", "lini/tarik/": "waiting", "lini/": "free", "rusak/": "free", "jadwal/": "free",
            "siap/": "broken", "kembali/": "repaired"}  # fmt: skip
"""Which machine an address is tried on; else the first one of the house."""
BOOKED = {"pindah/": "moved", "batal/": "moved", "kembali/": "aside", "koreksi": "signed",
          "pemakaian/": "unsigned"}  # fmt: skip
"""Which booking an address is tried on; else the one that an operator runs."""


def page_of(world: World, address: str, one: Written) -> str:
    return where(world, one.page or address, address)


def form_in(answer: Any, action: str, page: str) -> PageForm:
    """Return the form of a page that leads to an address and says what it saw."""
    ours = [one for one in forms_on(answer) if (one.action or page).partition("?")[0] == action and version_name(one)]
    assert ours, f"no form leads to {action}"
    return ours[0]


def version_name(form: PageForm) -> str:
    return next((name for name in form.data() if name.rsplit("-", 1)[-1] == "version"), "")


def first_writes(world: World, client: Client, address: str, one: Written) -> None:
    """Send what the first of two writes, from their own page."""
    way, page = one.way if one.way[0] else (address, one.page or address)
    action, page = where(world, way), page_of(world, way, replace(one, page=page))
    answer = client.post(action, form_in(client.get(page), action, page).data() | typed_by(world, one.first))
    assert answer.status_code in (302, 303)


def typed_by(world: World, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what somebody types, with the operator there is where one is asked for."""
    return {name: str(world.first(value) if name == "operator" else value) for name, value in typed.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("address", FORMS)
def test_a_form_that_saw_something_else_is_refused_with_all_that_was_typed(fresh, address):
    one, client = FORMS[address], Client()
    client.force_login(fresh.people[one.role])
    page, action = page_of(fresh, address, one), where(fresh, address)
    form, typed = form_in(client.get(page), action, page), typed_by(fresh, one.second)
    name = version_name(form)
    before = everything()
    for said in ("", "0" * 16, "99"):
        answer = client.post(action, form.data() | typed | {name: said})
        assert answer.status_code == 412 and everything() == before
        again = form_in(answer, action, action)
        assert again.data()[name] == form.data()[name], "it carries what is stored now"
        assert typed.items() <= _sent(again, typed).items(), "everything typed is still there"
    assert client.post(action, again.data() | _buttons(again, typed)).status_code in (302, 303)


def _sent(form: PageForm, typed: Mapping[str, str]) -> dict[str, str]:
    return {name: str(value) for name, value in (form.data() | _buttons(form, typed)).items()}


def _buttons(form: PageForm, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is no field but pressed or ticked anew: a person who is told looks before they confirm."""
    boxes = {"kerja", "sudah"}
    return {name: value for name, value in typed.items() if name in boxes}


@pytest.mark.django_db
@pytest.mark.parametrize("address", [address for address, one in FORMS.items() if not one.gone])
def test_of_two_who_write_the_same_the_second_sees_both_and_may_insist(fresh, address):
    one, client = FORMS[address], Client()
    client.force_login(fresh.people[one.role])
    page, action = page_of(fresh, address, one), where(fresh, address)
    form = form_in(client.get(page), action, page)
    second = typed_by(fresh, one.second)
    first_writes(fresh, client, address, one)
    answer = client.post(action, form.data() | second)
    assert answer.status_code == 412
    if second.keys() - {"kerja", "sudah", "operator"}:
        assert one.beside in answer.content.decode()
        again = form_in(answer, action, action)
        assert second.items() <= _sent(again, second).items()
        assert client.post(action, again.data()).status_code == one.anew


def faulty(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what somebody types, with a slip in its first field: far too long for any, and no choice of any list."""
    first = next(iter(typed))
    return {**typed, first: "x" * 6000}


@pytest.mark.django_db
@pytest.mark.parametrize("address", [address for address, one in FORMS.items() if one.second and not one.taps])
def test_a_slip_that_is_mended_does_not_make_its_writer_see_what_another_has_saved_meanwhile(fresh, address):
    one, client = FORMS[address], Client()
    client.force_login(fresh.people[one.role])
    page, action = page_of(fresh, address, one), where(fresh, address)
    form, second = form_in(client.get(page), action, page), typed_by(fresh, one.second)
    first_writes(fresh, client, address, one)
    slipped = client.post(action, form.data() | faulty(second))
    assert slipped.status_code in (422, 412), "what is wrong is said, or that somebody was faster"
    if slipped.status_code == 422:
        before, mended = everything(), form_in(slipped, action, action).data() | second
        assert client.post(action, mended).status_code == 412 and everything() == before
