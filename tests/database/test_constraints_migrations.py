"""NoOverlap outlives every change of the schema. SQLite drops triggers with the tables it remakes."""

import pytest
from django.core import checks
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    DeleteModel,
    RemoveConstraint,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.writer import MigrationWriter
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Now

from facilities.database.constraints import EnableBtreeGist, NoOverlap, is_overlap
from tests.workshop import GUARD, GUARD_OF_WORK, LABEL, Workshop, hour

pytestmark = pytest.mark.django_db(transaction=True)


def text(**options) -> models.CharField:
    return models.CharField(max_length=40, **options)


def key_to_machine(**options) -> models.ForeignKey:
    return models.ForeignKey(f"{LABEL}.Machine", models.PROTECT, **options)


def from_begins_at(guard: NoOverlap) -> NoOverlap:
    _, _, kwargs = guard.deconstruct()
    return NoOverlap(**kwargs | {"start": "begins_at"})


CHANGES = {
    "nothing": lambda guard: [],
    "a column with a default": lambda guard: [AddField("Job", "code", text(default=""))],
    "a column with a default of the database": lambda guard: [
        AddField("Job", "made_at", models.DateTimeField(db_default=Now()))
    ],
    "a column that may be null": lambda guard: [AddField("Job", "code", text(null=True))],
    "a longer column": lambda guard: [AlterField("Job", "kind", text(default="run"))],
    "a guarded column altered": lambda guard: [AlterField("Job", "ends_at", models.DateTimeField(db_index=True))],
    "a guarded column in another column": lambda guard: [
        AlterField("Job", "starts_at", models.DateTimeField(db_column="begin"))
    ],
    "a column dropped": lambda guard: [RemoveField("Job", "note")],
    "the key altered": lambda guard: [AlterField("Job", "machine", key_to_machine(db_index=False))],
    "the key in another column": lambda guard: [AlterField("Job", "machine", key_to_machine(db_column="on_machine"))],
    "the key unconstrained": lambda guard: [AlterField("Job", "machine", key_to_machine(db_constraint=False))],
    "a machine's column altered": lambda guard: [AlterField("Machine", "name", text())],
    "the machines remade": lambda guard: [AddField("Machine", "code", text(null=True, unique=True))],
    "the machines' own key altered": lambda guard: [AlterField("Machine", "id", models.BigAutoField(primary_key=True))],
    "the jobs' own key altered": lambda guard: [AlterField("Job", "id", models.BigAutoField(primary_key=True))],
    "the model renamed": lambda guard: [RenameModel("Job", "Task")],
    "the machines renamed": lambda guard: [RenameModel("Machine", "Sealer")],
    "the table renamed": lambda guard: [AlterModelTable("Job", "work of machines")],
    "a guarded column renamed alone": lambda guard: [RenameField("Job", "starts_at", "begins_at")],
    "a guarded column renamed as Django plans it": lambda guard: [
        RemoveConstraint("Job", guard.name),
        RenameField("Job", "starts_at", "begins_at"),
        AddConstraint("Job", from_begins_at(guard)),
    ],
    "the guard taken away and set again": lambda guard: [
        RemoveConstraint("Job", guard.name),
        AddConstraint("Job", guard),
    ],
    "another constraint": lambda guard: [
        AddConstraint("Job", CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="job_ends_after_it_starts"))
    ],
    "an index": lambda guard: [AddIndex("Job", models.Index(fields=["machine", "ends_at"], name="job_by_machine"))],
    "twice remade in one migration": lambda guard: [
        AddField("Job", "code", text(default="")),
        AlterField("Job", "code", text(default="", unique=False, blank=True)),
        RenameModel("Job", "Task"),
        RemoveField("Task", "code"),
    ],
}


@pytest.fixture(params=[GUARD, GUARD_OF_WORK], ids=["every row", "some rows"])
def guard(request) -> NoOverlap:
    return request.param


@pytest.fixture
def workshop(guard):
    workshop = Workshop(guard)
    yield workshop
    workshop.close()


def assert_guarded(workshop: Workshop) -> None:
    """Both ways of writing are refused, touching is not, and nothing speaks of a table that is gone."""
    for write in (lambda: workshop.write(9, 11), lambda: workshop.jobs.objects.update(ends_at=hour(23))):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            write()
        assert is_overlap(error.value, "one_job_at_a_time")
    workshop.write(12, 14)

    guards = workshop.guards()
    assert len(guards) == (2 if connection.vendor == "sqlite" else 1)
    assert not any("new__" in guard for guard in guards)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_guard_outlives(workshop, guard, change):
    workshop.apply(*change(guard))

    assert_guarded(workshop)


def test_the_guard_outlives_the_renaming_of_its_conditions_column():
    workshop = Workshop(GUARD_OF_WORK)
    workshop.apply(RenameField("Job", "kind", "sort"))

    assert_guarded(workshop)
    workshop.write(9, 11, sort="offer")
    workshop.close()


def test_many_changes_one_after_another(workshop, guard):
    for name in ("a longer column", "the machines remade", "a column dropped", "the key altered", "the table renamed"):
        workshop.apply(*CHANGES[name](guard))

    assert_guarded(workshop)


def test_a_guard_taken_away_guards_nothing(workshop, guard):
    workshop.apply(RemoveConstraint("Job", guard.name))
    workshop.write(9, 11)

    assert workshop.guards() == []


def test_a_guard_can_be_added_and_removed_without_a_remake(workshop, guard):
    with connection.schema_editor() as editor:
        BaseEditor = super(type(editor), editor)
        BaseEditor.remove_constraint(workshop.jobs, guard)
    assert workshop.guards() == []

    with connection.schema_editor() as editor:
        BaseEditor = super(type(editor), editor)
        BaseEditor.add_constraint(workshop.jobs, guard)
    assert_guarded(workshop)


def test_a_dropped_table_takes_its_guard_with_it(guard):
    workshop = Workshop(guard)
    table = workshop.jobs._meta.db_table
    workshop.apply(DeleteModel("Job"), DeleteModel("Machine"))

    assert table not in connection.introspection.table_names()


def test_a_guard_equals_its_clone_and_no_other(guard):
    assert guard == guard.clone()
    assert guard != from_begins_at(guard)
    assert guard != CheckConstraint(condition=Q(), name=guard.name)
    assert "one_job_at_a_time" in repr(guard)


def test_a_migration_writes_the_guard_down_whole(guard):
    written, imports = MigrationWriter.serialize(guard)
    scope: dict[str, object] = {}
    exec("\n".join(imports), scope)

    assert eval(written, scope) == guard
    assert "violation" not in written


def test_an_unchanged_guard_makes_no_migration(workshop, guard):
    same = workshop.state.clone()
    same.models[LABEL, "job"].options["constraints"] = [guard.clone()]

    assert MigrationAutodetector(workshop.state, same)._detect_changes() == {}


def test_another_message_alters_no_table():
    told = NoOverlap(**GUARD.deconstruct()[2] | {"violation_error_message": "Sudah ada giliran."})

    assert told != GUARD
    assert told.get_violation_error_message() == "Sudah ada giliran."
    assert set(told.deconstruct()[2]) - set(GUARD.deconstruct()[2]) == {"violation_error_message"}


def found_by_check(workshop: Workshop, **changes) -> list[str]:
    broken = NoOverlap(**GUARD.deconstruct()[2] | changes)
    return [error.id for error in broken._check(workshop.jobs, connection)]


def test_a_check_finds_what_cannot_be_guarded(workshop, guard):
    assert guard._check(workshop.jobs, connection) == []
    assert found_by_check(workshop, end="note") == ["facilities.E002"]
    assert found_by_check(workshop, fields=["nothing"]) == ["models.E012"]
    assert found_by_check(workshop, start="nothing") == ["models.E012"]
    assert found_by_check(workshop, condition=Q(machine__name="x")) == ["models.E041"]


def test_a_check_finds_an_engine_that_cannot_guard(workshop):
    class Elsewhere:
        vendor = "mysql"
        display_name = "MySQL"

    (error,) = GUARD._check(workshop.jobs, Elsewhere())
    assert isinstance(error, checks.Error)
    assert error.id == "facilities.E001"


def test_the_extension_says_what_it_does():
    assert EnableBtreeGist().describe() == "Enable btree_gist on PostgreSQL"
