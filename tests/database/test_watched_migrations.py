"""A watched table stays watched through every change of the schema. SQLite drops triggers with the tables it remakes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations import AddConstraint, RemoveConstraint
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.writer import MigrationWriter
from django.db.models import F

from facilities.database.watched import Watched
from facilities.models import Edition
from tests.database.test_constraints_migrations import CHANGES
from tests.workshop import LABEL, Workshop

pytestmark = pytest.mark.django_db(transaction=True)

WATCH = Watched(name="jobs_are_watched")
CHANGES = {name: change for name, change in CHANGES.items() if name != "a guarded column renamed as Django plans it"}


@pytest.fixture
def workshop():
    workshop = Workshop(WATCH)
    yield workshop
    workshop.close()


def marks():
    return set(Edition.objects.values_list("pk", flat=True))


def notices(write) -> bool:
    before = marks()
    write()
    return marks() != before


def touch(workshop) -> None:
    """Write every row as it is."""
    workshop.jobs.objects.update(machine=workshop.machine_id)


def move(workshop) -> None:
    workshop.jobs.objects.update(ends_at=F("ends_at") - timedelta(minutes=1))


def assert_watched(workshop) -> None:
    assert notices(lambda: workshop.write(14, 16))
    assert notices(lambda: move(workshop))
    assert notices(workshop.jobs.objects.all().delete)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_watch_outlives(workshop, change):
    workshop.apply(*change(WATCH))

    assert_watched(workshop)


def test_a_table_is_watched_from_when_it_is_said(workshop):
    workshop.apply(RemoveConstraint("Job", WATCH.name))
    assert not notices(lambda: workshop.write(14, 16)) and not notices(lambda: move(workshop))

    workshop.apply(AddConstraint("Job", WATCH))
    assert_watched(workshop)


def test_emptying_a_table_at_once_is_noticed(workshop):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL truncates")

    def truncate() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {connection.ops.quote_name(workshop.jobs._meta.db_table)}")

    assert notices(truncate)


def test_a_statement_that_changes_nothing_is_no_change(workshop):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite counts a row that was written as it was")
    assert not notices(lambda: touch(workshop))
    assert not notices(lambda: workshop.jobs.objects.filter(pk=-1).update(note="x"))
    assert not notices(workshop.jobs.objects.filter(pk=-1).delete)
    assert notices(lambda: workshop.jobs.objects.update(note="x"))


def test_a_writer_without_a_search_path_is_noticed(workshop):
    if connection.vendor != "postgresql":
        pytest.skip("as a restore of PostgreSQL's own writes")

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = ''")
            cursor.execute(f'UPDATE public."{workshop.jobs._meta.db_table}" SET note = %s', ["z"])
            cursor.execute("RESET search_path")

    assert notices(write)


def test_a_migration_writes_the_watch_down_and_makes_none_for_the_same(workshop):
    written, imports = MigrationWriter.serialize(WATCH)
    scope: dict[str, object] = {}
    exec("\n".join(imports), scope)
    assert eval(written, scope) == WATCH != Watched(name="other")

    same = workshop.state.clone()
    same.models[LABEL, "job"].options["constraints"] = [WATCH.clone()]
    assert MigrationAutodetector(workshop.state, same)._detect_changes() == {}
