"""The changeover matrix: filled in, previewed, saved, put back; a house's and the province's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from accounts.models import AuditEntry
from bookings.setup.changeover_preview import preview_of_house, preview_of_province
from facilities import tasks
from facilities.errors import BadInput, Stale
from facilities.models import Changeover, Occupancy
from facilities.occupancy.matrices import matrix_of
from facilities.setup import changeovers
from facilities.time.changeover import FULL, REFUSED
from tests import build, clock

pytestmark = pytest.mark.django_db
HOUSE, PROVINCE = "/pengaturan/ganti-produk/", "/pengaturan/provinsi/ganti-produk/"
FISH_DRY = ("ikan", "kering")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock.stop(monkeypatch, build.EARLY)
    return build.EARLY


@pytest.fixture(autouse=True)
def province():
    """Fish needs twenty minutes before anything dry; all else is the full clean."""
    return Changeover.objects.create(before="ikan", after="kering", minutes=20, is_example=True)


@pytest.fixture
def house():
    return build.make_facility("pontianak")


@pytest.fixture
def cahya(client, house):
    user = build.cahya(house)
    client.force_login(user)
    return user


@pytest.fixture
def machine(house):
    return build.make_machine(house, slug="pontianak-band-1", cleaning=60)


@pytest.fixture
def neighbours(machine):
    """Fish from eight to ten, something dry from eleven to twelve: twenty minutes of cleaning between them."""
    return two_jobs(machine)


def two_jobs(machine, day: int = 0):
    user = build.make_owner(f"Orang {machine.pk} {day}")
    owner = build.producer_of(user)
    fish = build.make_product(owner, "Abon ikan", cleaning_class="ikan")
    dry = build.make_product(owner, "Keripik", cleaning_class="kering")
    return (
        build.make_booking(machine, 8, 10, day=day, by=user, product=fish),
        build.make_booking(machine, 11, 12, day=day, by=user, product=dry),
    )


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def cleaning(booking) -> int:
    held = booking.machines.get().occupancy
    return int((held.ends_at - held.cleaning_from).total_seconds() // 60)


def queued() -> list[int]:
    """Return the houses that the worker was asked to re-tail."""
    waiting = [one.task for one in OrmQ.objects.all()]
    return [task["args"][0] for task in waiting if task["func"] == changeovers.RETAIL]


def seen(client, address: str) -> dict[str, str]:
    return {"version": client.get(address).context["form"]["version"].value()}


def set_house(house, actor, now, cells, **more):
    return changeovers.set_house_changeovers(facility=house, cells=cells, actor=actor, now=now, **more)


def test_the_table_shows_every_pair_as_it_holds(client, cahya):
    page = text(client.get(HOUSE))
    assert page.count('name="sel-') == 100 and 'aria-label="Sesudah ikan, lalu kering"' in page
    assert 'name="sel-ikan-kering" value="20"' in page and 'name="sel-ikan-ikan" value="0"' in page
    assert 'name="sel-kering-ikan" value="penuh"' in page


def test_on_a_phone_one_class_is_chosen_first_and_then_tapped(client, cahya, house):
    page = text(client.get(f"{HOUSE}?sesudah=ikan"))
    assert page.count("<select") == 10 and "Provinsi: 20 menit" in page
    address = f"{HOUSE}?sesudah=ikan"
    assert client.post(address, {**seen(client, address), "sel-ikan-kering": "45"}).url == address
    assert matrix_of(house.pk).house == {FISH_DRY: 45}
    assert client.get(f"{HOUSE}?sesudah=kucing").status_code == 404


def test_a_changed_cell_is_previewed_and_nothing_is_saved(client, cahya, neighbours):
    shown = text(client.post(HOUSE, {**seen(client, HOUSE), "sel-ikan-kering": "30", "langkah": "pratinjau"}))
    assert "Bersih-bersih lebih lama: 30 menit, sebelumnya 20 menit." in shown
    assert all(booking.reference in shown for booking in neighbours)
    assert not Changeover.objects.filter(facility__isnull=False).exists() and cleaning(neighbours[0]) == 20


@pytest.mark.parametrize(
    "cell, words",
    [
        ("90", "Bersih-bersih lebih lama: 1 jam"),
        ("tidak", "Tidak boleh lagi pada hari yang sama."),
        ("0", "lebih singkat: 0 menit"),
    ],
)
def test_the_preview_names_what_becomes_of_a_pair(client, cahya, neighbours, cell, words):
    """No changeover takes longer than the machine's full clean: of ninety minutes sixty are left, and sixty there are."""
    shown = text(client.post(HOUSE, {**seen(client, HOUSE), "sel-ikan-kering": cell, "langkah": "pratinjau"}))
    assert words in shown


def test_saving_gives_coming_jobs_their_new_cleaning_and_leaves_a_trail(client, cahya, house, neighbours):
    assert cleaning(neighbours[0]) == 20
    assert client.post(HOUSE, {**seen(client, HOUSE), "sel-ikan-kering": "45"}).status_code == 302
    assert cleaning(neighbours[0]) == 45
    entry = AuditEntry.objects.get(action="set_changeovers")
    assert entry.actor == cahya and entry.after == {"ikan → kering": "45"}


def test_a_job_that_no_longer_fits_stays_and_is_cleaned_in_the_room_there_is(cahya, house, machine, now):
    machine.cleaning = 120
    machine.save()
    first, second = two_jobs(machine)
    preview = preview_of_house(house, {FISH_DRY: 90}, [], now=now)
    assert preview.counts == {"too_tight": 1} and preview.pairs[0].difference.room == 60
    assert set_house(house, cahya, now, {FISH_DRY: 90}) == 1
    assert cleaning(first) == 60 and cleaning(second) == 120
    first.refresh_from_db()
    assert first.status == "approved"


def test_what_is_refused_stays_too_and_nothing_overlaps(cahya, house, neighbours, now):
    set_house(house, cahya, now, {FISH_DRY: REFUSED, ("kering", "ikan"): REFUSED})
    spans = list(Occupancy.objects.order_by("starts_at").values_list("starts_at", "ends_at"))
    assert all(end <= start for (_s, end), (start, _e) in zip(spans, spans[1:], strict=False))
    assert cleaning(neighbours[0]) == 60


def test_an_own_cell_is_marked_and_put_back_by_emptying_it(client, cahya, house, neighbours, now):
    set_house(house, cahya, now, {FISH_DRY: 45})
    page = text(client.get(HOUSE))
    assert "1 pasangan berbeda dari provinsi" in page and 'class="own"' in page and "provinsi: 20 menit" in page
    assert client.post(HOUSE, {**seen(client, HOUSE), "sel-ikan-kering": ""}).status_code == 302
    assert matrix_of(house.pk).house == {} and cleaning(neighbours[0]) == 20


def test_writing_the_provinces_own_figure_puts_a_cell_back(client, cahya, house, now):
    set_house(house, cahya, now, {FISH_DRY: 45})
    assert client.post(HOUSE, {**seen(client, HOUSE), "sel-ikan-kering": "20"}).status_code == 302
    assert matrix_of(house.pk).house == {}


def test_sending_the_table_back_unchanged_changes_nothing(client, cahya, house):
    form = client.get(HOUSE).context["form"]
    cells = {cell.field.html_name: cell.value for row in form.rows() for cell in row["cells"]}
    shown = client.post(HOUSE, {**seen(client, HOUSE), **cells, "langkah": "pratinjau"})
    assert "Tidak ada yang berubah" in text(shown)


@pytest.mark.parametrize("cell", ["481", "-1", "besok", "1.5"])
def test_a_cell_that_cannot_be_is_named(client, cahya, house, cell):
    answer = client.post(HOUSE, {**seen(client, HOUSE), "sel-ikan-kering": cell})
    assert answer.status_code == 422 and "sel-ikan-kering" in answer.context["form"].errors
    with pytest.raises(BadInput):
        set_house(house, cahya, build.EARLY, {("ikan", "kucing"): 1})


def test_whoever_saw_an_older_matrix_is_told(client, cahya, house, now):
    old = seen(client, HOUSE)
    set_house(house, cahya, now, {FISH_DRY: 45})
    for step in ("pratinjau", ""):
        answer = client.post(HOUSE, {**old, "sel-ikan-susu": "5", "langkah": step})
        assert answer.status_code == 412 and 'value="5"' in text(answer)
    with pytest.raises(Stale):
        set_house(house, cahya, now, {FISH_DRY: 10}, seen=old["version"])


def test_another_houses_matrix_is_not_there_and_the_province_is_not_a_managers(client, cahya):
    build.make_facility("sintang")
    assert client.get(f"{HOUSE}?rumah=sintang").status_code == 404
    assert client.get(PROVINCE).status_code == 403


def test_what_a_refusal_lets_through_by_a_third_class_is_said(client, cahya, house, now):
    cells = {("ikan", "susu"): 40, ("ikan", "kering"): 5, ("kering", "susu"): 5}
    typed = {f"sel-{before}-{after}": str(cell) for (before, after), cell in cells.items()}
    shown = text(client.post(HOUSE, {**seen(client, HOUSE), **typed, "langkah": "pratinjau"}))
    assert "Ikan, lalu kering, lalu susu: dibersihkan lebih singkat" in shown
    assert preview_of_house(house, cells, [], now=now).loopholes


def test_the_province_changes_its_default_and_the_worker_tells_the_houses(client, house, neighbours, now):
    fitri = build.fitri()
    client.force_login(fitri)
    own = build.make_facility("sintang")
    apart = two_jobs(build.make_machine(own, cleaning=60))
    set_house(own, fitri, now, {FISH_DRY: 10})
    assert "1 angka masih contoh" in text(client.get(PROVINCE))
    shown = text(client.post(PROVINCE, {**seen(client, PROVINCE), "sel-ikan-kering": "35", "langkah": "pratinjau"}))
    assert "35 menit, sebelumnya 20 menit" in shown and neighbours[0].reference in shown
    assert apart[0].reference not in shown
    assert client.post(PROVINCE, {**seen(client, PROVINCE), "sel-ikan-kering": "35"}).status_code == 302
    assert cleaning(neighbours[0]) == 20 and queued() == [house.pk]
    tasks.retail_house(house.pk)
    assert cleaning(neighbours[0]) == 35 and cleaning(apart[0]) == 10
    row = Changeover.objects.get(facility__isnull=True)
    assert (row.minutes, row.is_example) == (35, False)


def test_the_province_cannot_leave_a_cell_empty(client):
    client.force_login(build.fitri())
    assert client.post(PROVINCE, {**seen(client, PROVINCE), "sel-ikan-kering": ""}).status_code == 422


def test_the_default_may_become_full_or_refused_and_is_stale_to_the_slower(now):
    fitri = build.fitri()
    cells = {FISH_DRY: FULL, ("susu", "ikan"): REFUSED}
    changeovers.set_default_changeovers(cells=cells, actor=fitri, now=now)
    assert matrix_of(None).province == cells
    with pytest.raises(Stale):
        changeovers.set_default_changeovers(cells=cells, actor=fitri, now=now, seen="0" * 16)


def test_a_preview_asks_as_often_for_many_machines_as_for_one(house, machine, neighbours, now):
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert preview_of_house(house, {FISH_DRY: 45}, [], now=now).total
            assert preview_of_province({FISH_DRY: 45}, now=now).total
        return len(asked)

    few = statements()
    for day in range(1, 4):
        two_jobs(build.make_machine(house, cleaning=60), day)
    assert statements() == few == 9


def test_saving_asks_little_where_nothing_changes(cahya, house, machine, neighbours, now):
    for day in range(1, 4):
        build.make_booking(build.make_machine(house, cleaning=60), 8, 10, day=day, by=build.make_owner(f"X {day}"))
    with CaptureQueriesContext(connection) as asked:
        assert set_house(house, cahya, now, {("susu", "telur"): 5}) == 0
    assert len(asked) <= 12
    assert set_house(house, cahya, now + timedelta(days=30), {FISH_DRY: 5}) == 0
    assert cleaning(neighbours[0]) == 20
