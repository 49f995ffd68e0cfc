"""Editions of the region among several connections: nobody sees what is not committed, and writers do not wait."""

from __future__ import annotations

from threading import Barrier, Event, Thread

import pytest
from django.db import connection, connections, transaction

from facilities.models import Facility
from facilities.region.region import region
from tests import build
from tests.races.race import PATIENCE, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def names():
    return {place.facility.name for place in region().places}


def test_a_change_is_seen_when_it_is_committed_and_not_before():
    build.make_machine(build.make_facility(name="Lama"))
    written, seen = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            Facility.objects.update(name="Baru")
            written.set()
            assert seen.wait(PATIENCE)
        connections.close_all()

    writer = Thread(target=write)
    writer.start()
    assert written.wait(PATIENCE)
    meanwhile = names(), names()
    seen.set()
    writer.join()
    assert meanwhile == ({"Lama"}, {"Lama"}) and names() == {"Baru"}


def test_those_who_change_two_houses_do_not_wait_for_each_other():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    both, houses = Barrier(2), [build.make_facility() for _ in range(2)]

    def change(house):
        def run() -> str:
            with transaction.atomic():
                Facility.objects.filter(pk=house.pk).update(name="Baru")
                both.wait(PATIENCE)
            return "done"

        return run

    assert race([change(house) for house in houses]) == ["done", "done"]


def test_many_readers_and_a_writer_end_with_what_was_written_last():
    machine = build.make_machine(build.make_facility(name="0"))

    def write() -> None:
        for number in range(1, 20):
            Facility.objects.update(name=str(number))

    def read() -> list[int]:
        return [int(region().places[0].facility.name) for _ in range(60)]

    _, *read_by = race([write, read, read, read])
    assert all(isinstance(numbers, list) and numbers == sorted(numbers) for numbers in read_by)
    assert names() == {"19"} and machine.pk
