"""The region is kept between two questions, and read anew after every change, whoever made it and however."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from facilities import models
from facilities.database.watched import Watched
from facilities.models import Closure, Edition, Facility, Machine, OpeningHours, Shift, WorkedHoliday
from facilities.region import editions
from facilities.region import region as regions
from facilities.region.region import region
from tests import build

pytestmark = pytest.mark.django_db

WATCHED = [
    model
    for model in apps.get_app_config("facilities").get_models()
    if any(isinstance(constraint, Watched) for constraint in model._meta.constraints)
]


@pytest.fixture
def house():
    """A house with a row in every table that is watched."""
    found = build.make_facility("pontianak")
    machine = build.make_machine(found, operator_level="operator")
    build.make_tariff(machine)
    machine.breakdowns.create(started_at=build.EARLY, expected_until=build.at(9), reason="Macet")
    build.make_operator(found).absences.create(
        starts_at=build.at(8), ends_at=build.at(9), made_by=build.cahya(found), made_at=build.EARLY
    )
    WorkedHoliday.objects.create(facility=found, on=build.at(8).date())
    Closure.objects.create(facility=found, first_on=build.at(8).date(), last_on=build.at(8).date(), reason="Rapat")
    found.changeovers.create(before="ikan", after="kering", is_refused=True)
    return found


def told(known):
    """What a region says, in plain values."""
    plain = {"facility": _house, "tariffs": list}
    return (
        [{f.name: plain.get(f.name, lambda v: v)(getattr(one, f.name)) for f in fields(one)} for one in known.places],
        {
            pk: (one.week, [model_to_dict(closure) for closure in one.closures], one.matrix)
            for pk, one in known.laid_down.arrangements.items()
        },
        known.laid_down.operators,
    )


def _house(house):
    return {**model_to_dict(house), "district": model_to_dict(house.district)}


def stamp():
    return set(Edition.objects.values_list("pk", flat=True))


def test_a_region_that_stands_is_the_same_one_in_one_query(house, django_assert_num_queries):
    first = region()
    with django_assert_num_queries(1):
        assert region() is first


def test_a_region_that_changed_is_read_in_six_queries_whatever_its_size(house, django_assert_num_queries):
    for _ in range(2):
        for _ in range(3):
            build.make_machine(build.make_facility())
        with django_assert_num_queries(6):
            found = region()
        assert len(found.places) == Machine.objects.count()


def test_every_table_that_is_read_is_watched_and_no_other(house):
    with CaptureQueriesContext(connection) as read:
        regions._read()
    tables = {name for query in read for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert tables == {model._meta.db_table for model in WATCHED} and len(tables) == 14


@pytest.mark.parametrize("model", WATCHED, ids=lambda model: model.__name__)
def test_the_database_notices_rows_that_go_and_come(house, model):
    row, seen = model.objects.order_by("pk").first(), [stamp()]
    quote, key = connection.ops.quote_name, model._meta.pk.name
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {quote(model._meta.db_table)} WHERE {quote(key)} = %s", [row.pk])
        seen.append(stamp())
        row.save(force_insert=True)
        seen.append(stamp())
    assert all(one != other for one, other in zip(seen, seen[1:], strict=False)) and all(seen)


CHANGES = {
    "a district that lies elsewhere": lambda h: type(h.district).objects.update(latitude=1.5),
    "a house with another grid": lambda h: Facility.objects.update(grid=30),
    "a type that packs something else": lambda h: models.MachineType.objects.update(formats=["botol"]),
    "a machine that retires": lambda h: Machine.objects.update(retired_on=build.at(8).date()),
    "a machine on the other line": lambda h: Machine.objects.update(line="non_halal"),
    "an ability that goes": lambda h: models.Capability.objects.all().delete(),
    "a learned rate": lambda h: models.Capability.objects.update(learned_rate=77, learned_from=5),
    "a tariff that ends": lambda h: models.Tariff.objects.update(valid_until=build.at(8).date()),
    "a tariff that is corrected": lambda h: models.Tariff.objects.update(corrected_at=build.at(8)),
    "hours": lambda h: OpeningHours.objects.filter(weekday=0).update(closes=600),
    "a holiday": lambda h: Closure.objects.update(facility=None, kind="holiday"),
    "a changeover": lambda h: models.Changeover.objects.update(is_refused=False, minutes=5),
    "a repair": lambda h: models.Breakdown.objects.update(closed_at=build.at(8)),
    "an operator who leaves": lambda h: models.Operator.objects.update(ended_on=build.at(8).date()),
    "a shift": lambda h: Shift.objects.filter(weekday=1).update(ends=600),
    "an absence that lasts": lambda h: models.Absence.objects.update(ends_at=build.at(16)),
    "a machine that comes": lambda h: build.make_machine(h),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_after_a_change_the_region_says_what_the_rows_say(house, change):
    before = told(region())
    change(house)
    after = told(region())
    assert after == told(regions._read())
    assert after != before


def test_plain_sql_is_noticed_too(house):
    region()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facilities_machine SET name = 'Lain'")
    assert {place.name for place in region().places} == {"Lain"}


def test_a_number_of_another_kind_is_a_change(house):
    """To PostgreSQL 60 and 60.0 are equal in JSON; to a rule the one is minutes and the other nothing."""
    Facility.objects.update(policy={"weekly_quota": 60})
    seen = stamp()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facilities_facility SET policy = %s", ['{"weekly_quota": 60.0}'])
    assert stamp() != seen


def test_what_a_rolled_back_transaction_saw_never_stands_again(house):
    before = told(region())
    for name in ("Satu", "Dua"):
        with transaction.atomic():
            Machine.objects.update(name=name)
            assert {place.name for place in region().places} == {name}
            transaction.set_rollback(True)
        assert told(region()) == before


def test_a_region_without_an_edition_is_not_kept(house):
    Edition.objects.all().delete()
    first = region()
    assert region() is not first


def test_thinning_the_marks_leaves_one_and_begins_a_new_edition(house):
    Edition.objects.create(pk=7)
    before, known = stamp(), region()
    editions.thin()
    assert len(stamp()) == 1 and not stamp() & before
    again = region()
    assert again is not known and told(again) == told(known)
    editions.thin()
    assert region() is again
