"""Twenty writers want the same two hours of one machine, and each has looked first."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, transaction

from facilities.database.constraints import is_overlap
from tests.races.race import PATIENCE, race
from tests.workshop import GUARD, Workshop, hour

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WRITERS = 20
ROUNDS = 10


@pytest.fixture
def workshop(request):
    workshop = Workshop(*request.param)
    yield workshop
    workshop.close()


def look_then_write(workshop: Workshop, all_have_looked: threading.Barrier, *, lock: bool) -> str:
    """Book 14 to 16 if nobody has: right for one writer alone, wrong for two. The barrier is the bad moment."""
    is_free = not workshop.jobs.objects.filter(starts_at__lt=hour(16), ends_at__gt=hour(14)).exists()
    all_have_looked.wait(PATIENCE)
    assert is_free
    try:
        with transaction.atomic():
            if lock:
                workshop.machines.objects.select_for_update(no_key=True).get(pk=workshop.machine_id)
            workshop.write(14, 16)
    except IntegrityError as error:
        return "taken" if is_overlap(error) else str(error)
    except OperationalError as error:
        return "deadlock" if "deadlock detected" in str(error) else str(error)
    return "booked"


def one_round(workshop: Workshop, *, lock: bool) -> list[str]:
    all_have_looked = threading.Barrier(WRITERS)
    results = race([lambda: look_then_write(workshop, all_have_looked, lock=lock)] * WRITERS)
    return sorted(map(str, results))


@pytest.mark.parametrize("workshop", [[]], indirect=True, ids=["no guard"])
def test_without_the_guard_looking_first_books_one_time_for_all(workshop):
    """The negative control: the very race below, guard off. A lock after looking does not help."""
    assert one_round(workshop, lock=True) == ["booked"] * WRITERS


@pytest.mark.parametrize("workshop", [[GUARD]], indirect=True, ids=["guard"])
def test_the_guard_alone_books_once(workshop):
    """It keeps the promise, but PostgreSQL may choose losers by deadlock: why services lock first."""
    results = one_round(workshop, lock=False)

    assert results.count("booked") == 1
    assert set(results) <= {"booked", "taken", "deadlock"}


@pytest.mark.parametrize("workshop", [[GUARD]], indirect=True, ids=["guard"])
def test_behind_the_machines_lock_one_is_booked_and_the_others_hear_taken(workshop):
    for _ in range(ROUNDS):
        assert one_round(workshop, lock=True) == ["booked"] + ["taken"] * (WRITERS - 1)
        assert workshop.hours() == [(8, 10), (10, 12), (14, 16)]
        workshop.jobs.objects.filter(starts_at=hour(14)).delete()
