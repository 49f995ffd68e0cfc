"""NoOverlap: what the database refuses, by whatever way it is written, on the configured engine."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations import AddConstraint, RemoveConstraint
from django.db.models import F

from facilities.database.constraints import is_overlap
from tests.workshop import GUARD, GUARD_OF_WORK, Workshop, hour

pytestmark = pytest.mark.django_db(transaction=True)
AS_WERE = [(8, 10), (10, 12)]


@pytest.fixture
def workshop():
    workshop = Workshop(GUARD)
    yield workshop
    workshop.close()


@pytest.fixture
def shared():
    """A workshop where only runs and maintenance count."""
    workshop = Workshop(GUARD_OF_WORK)
    yield workshop
    workshop.close()


def refused(write) -> bool:
    """Return whether the database refuses what `write` does, and for overlap."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return is_overlap(error, "one_job_at_a_time")
    return False


@pytest.mark.parametrize(("start", "end"), [(9, 11), (7, 9), (8, 10), (7, 13), (11, 13), (9, 10)])
def test_an_overlapping_job_is_refused(workshop, start, end):
    assert refused(lambda: workshop.write(start, end))
    assert workshop.hours() == AS_WERE


@pytest.mark.parametrize(("start", "end"), [(6, 8), (12, 14), (14, 15)])
def test_a_touching_job_is_taken(workshop, start, end):
    workshop.write(start, end)

    assert (start, end) in workshop.hours()


def test_another_machine_has_time_of_its_own(workshop):
    other = workshop.machines.objects.create(name="Cup sealer")

    workshop.write(9, 11, machine_id=other.pk)

    assert (9, 11) in workshop.hours()


def test_bulk_create_is_refused(workshop):
    assert refused(lambda: workshop.jobs.objects.bulk_create([workshop.job(13, 14), workshop.job(9, 11)]))
    assert workshop.hours() == AS_WERE


def test_a_batch_that_overlaps_itself_is_refused(workshop):
    assert refused(lambda: workshop.jobs.objects.bulk_create([workshop.job(13, 15), workshop.job(14, 16)]))
    assert workshop.hours() == AS_WERE


def test_ignoring_conflicts_never_lets_an_overlap_in(workshop):
    batch = [workshop.job(9, 11)]

    # SQLite refuses the batch, PostgreSQL leaves the job out: both keep the promise.
    told = refused(lambda: workshop.jobs.objects.bulk_create(batch, ignore_conflicts=True))

    assert told is (connection.vendor == "sqlite")
    assert workshop.hours() == AS_WERE


def test_an_upsert_is_refused(workshop):
    first = workshop.jobs.objects.earliest("starts_at")
    moved = workshop.job(11, 13, id=first.pk)

    assert refused(
        lambda: workshop.jobs.objects.bulk_create(
            [moved], update_conflicts=True, unique_fields=["id"], update_fields=["starts_at", "ends_at"]
        )
    )
    assert workshop.hours() == AS_WERE


def test_update_is_refused(workshop):
    first = workshop.jobs.objects.filter(starts_at=hour(8))

    assert refused(lambda: first.update(ends_at=hour(11)))
    assert refused(lambda: workshop.jobs.objects.update(starts_at=hour(8), ends_at=F("ends_at")))
    assert workshop.hours() == AS_WERE


def test_moving_a_job_to_another_machine_is_refused_where_its_time_is_taken(workshop):
    other = workshop.machines.objects.create(name="Cup sealer")
    job = workshop.write(9, 11, machine_id=other.pk)

    assert refused(lambda: workshop.jobs.objects.filter(pk=job.pk).update(machine_id=workshop.machine_id))


def test_bulk_update_is_refused(workshop):
    first = workshop.jobs.objects.earliest("starts_at")
    first.ends_at = hour(11)

    assert refused(lambda: workshop.jobs.objects.bulk_update([first], ["ends_at"]))
    assert workshop.hours() == AS_WERE


def test_saving_a_moved_job_is_refused_and_a_free_move_is_saved(workshop):
    first = workshop.jobs.objects.earliest("starts_at")
    first.starts_at, first.ends_at = hour(11), hour(13)
    assert refused(first.save)

    first.starts_at, first.ends_at = hour(12), hour(14)
    first.save()

    assert workshop.hours() == [(10, 12), (12, 14)]


def test_a_job_may_move_within_its_own_time(workshop):
    first = workshop.jobs.objects.earliest("starts_at")
    first.ends_at = hour(9)
    first.full_clean()
    first.save()

    assert workshop.hours() == [(8, 9), (10, 12)]


def test_raw_sql_is_refused(workshop):
    table = connection.ops.quote_name(workshop.jobs._meta.db_table)

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET starts_at = %s", [connection.ops.adapt_datetimefield_value(hour(7))])

    assert refused(write)


def test_a_row_of_any_number_is_guarded(workshop):
    """SQLite numbers a new row -1 until it is stored: a guard that fires too early misses these."""
    workshop.write(14, 16, id=-1)

    assert refused(lambda: workshop.write(15, 17))


def test_a_freed_time_can_be_taken_again(workshop):
    workshop.jobs.objects.filter(starts_at=hour(8)).delete()
    workshop.write(7, 10)

    assert workshop.hours() == [(7, 10), (10, 12)]


def test_full_clean_says_taken_in_words(workshop):
    with pytest.raises(ValidationError) as refusal:
        workshop.job(9, 11).full_clean()

    (error,) = refusal.value.error_dict["__all__"]
    assert error.code == "taken"
    assert str(error.message) == "Jam ini sudah diambil."


def test_full_clean_lets_touching_jobs_and_the_job_itself_pass(workshop):
    workshop.job(12, 14).full_clean()
    workshop.jobs.objects.earliest("starts_at").full_clean()


def test_full_clean_judges_no_row_that_is_not_whole(workshop):
    workshop.job(9, 11).full_clean(exclude=["starts_at"])
    workshop.job(9, 11, machine_id=None).validate_constraints()


def test_rows_outside_the_condition_do_not_count(shared):
    shared.write(9, 11, kind="offer")
    shared.write(9, 11, kind="offer")
    shared.job(9, 11, kind="offer").full_clean()

    assert len(shared.hours()) == 4


def test_a_row_that_counts_may_lie_over_one_that_does_not(shared):
    shared.write(14, 16, kind="offer")
    shared.job(15, 17).full_clean()
    shared.write(15, 17)

    assert refused(lambda: shared.write(14, 16))


def test_rows_inside_the_condition_are_guarded(shared):
    assert refused(lambda: shared.write(9, 11, kind="maintenance"))
    with pytest.raises(ValidationError):
        shared.job(9, 11, kind="maintenance").full_clean()
    shared.job(9, 11, kind="maintenance").full_clean(exclude=["kind"])


def test_a_row_that_comes_to_count_is_guarded(shared):
    offer = shared.write(9, 11, kind="offer")

    assert refused(lambda: shared.jobs.objects.filter(pk=offer.pk).update(kind="run"))


def test_a_table_with_overlaps_cannot_be_guarded(workshop):
    workshop.apply(RemoveConstraint("Job", GUARD.name))
    workshop.write(9, 11)

    with pytest.raises(IntegrityError) as error:
        workshop.apply(AddConstraint("Job", GUARD))
    assert is_overlap(error.value)


def test_overlaps_outside_the_condition_do_not_keep_a_guard_away(workshop):
    workshop.apply(RemoveConstraint("Job", GUARD.name))
    workshop.write(9, 11, kind="offer")
    workshop.apply(AddConstraint("Job", GUARD_OF_WORK))

    assert refused(lambda: workshop.write(9, 11))


def test_other_errors_are_not_overlaps(workshop):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        workshop.write(14, 15, id=workshop.jobs.objects.earliest("starts_at").pk)

    assert not is_overlap(error.value)


def test_an_overlap_knows_its_constraint(workshop):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        workshop.write(9, 11)

    assert is_overlap(error.value)
    assert not is_overlap(error.value, "another_constraint")
