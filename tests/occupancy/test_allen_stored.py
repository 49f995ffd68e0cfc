"""The thirteen ways of `test_allen` through the service: what it refuses, and what it stores of cleaning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from facilities.errors import Refusal
from facilities.models import Changeover, Occupancy
from tests import build
from tests.time.test_allen import FULL, SETUP, TAKEN, THERE, WAYS, named

STORED = {
    # the new run, and minutes of cleaning after the earlier and the later job: of the same class, of another
    (8.5, 10): ((0, 30), (30, 30)),
    (8.5, 10.25): ((0, 30), (30, 30)),
    (8.5, 10.5): ((0, 30), None),
    (9, 10.75): ((0, 30), None),
    (13.25, 14): ((0, 30), None),
    (13.5, 14.5): ((0, 30), None),
    (13.75, 14.5): ((0, 30), (30, 30)),
    (15, 16): ((0, 30), (30, 30)),
}


@pytest.mark.parametrize("cleaning_class", ["kering", "ikan", "susu"])
@pytest.mark.parametrize(("name", "start", "end", "same", "other"), **named(WAYS))
def test_the_service_says_and_stores_the_same(db, name, start, end, same, other, cleaning_class):
    Changeover.objects.create(before="kering", after="susu", is_refused=True)
    machine = build.make_machine(build.make_facility(hours=(360, 1200)), setup=SETUP, cleaning=FULL)
    build.make_booking(machine, *THERE, cleaning_class="kering")
    heard = {"kering": same, "ikan": other, "susu": [*(TAKEN if same == TAKEN else []), "products_never_mix"]}
    try:
        build.make_booking(machine, start, end, by=build.budi(), cleaning_class=cleaning_class)
    except Refusal as refusal:
        assert [reason.code for reason in refusal.reasons] == heard[cleaning_class] != []
        return
    assert heard[cleaning_class] == []
    rows = Occupancy.objects.order_by("starts_at").values_list("cleaning_from", "ends_at")
    stored = tuple((after - end) // timedelta(minutes=1) for end, after in rows)
    assert stored == STORED[start, end][cleaning_class != "kering"]
