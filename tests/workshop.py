"""Two throwaway tables, machines and their jobs, made and changed by real migration operations."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Model, Q

from facilities.database.constraints import EnableBtreeGist, NoOverlap

LABEL = "workshop"
GUARD = NoOverlap(name="one_job_at_a_time", fields=["machine"], start="starts_at", end="ends_at")
GUARD_OF_WORK = NoOverlap(
    name="one_job_at_a_time",
    fields=["machine"],
    start="starts_at",
    end="ends_at",
    condition=Q(kind__in=["run", "maintenance"]),
)


def hour(number: int) -> datetime:
    return datetime(2026, 11, 24, number, tzinfo=UTC)


class Workshop:
    """One machine with jobs from 8 to 10 and from 10 to 12, on whichever engine is configured."""

    def __init__(self, *constraints: models.BaseConstraint) -> None:
        self.state = ProjectState()
        machine = [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=20))]
        job = [
            ("id", models.AutoField(primary_key=True)),
            ("machine", models.ForeignKey(f"{LABEL}.Machine", models.CASCADE)),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            ("kind", models.CharField(max_length=20, default="run")),
            ("note", models.CharField(max_length=20, default="", blank=True)),
        ]
        self.apply(EnableBtreeGist(), CreateModel("Machine", machine))
        self.apply(CreateModel("Job", job, options={"constraints": list(constraints)}))
        self.machine_id = self.machines.objects.create(name="Band sealer").pk
        self.write(8, 10)
        self.write(10, 12)

    def apply(self, *operations: Operation) -> None:
        """Run the operations as one migration."""
        with connection.schema_editor() as editor:
            for operation in operations:
                after = self.state.clone()
                operation.state_forwards(LABEL, after)
                operation.database_forwards(LABEL, editor, self.state, after)
                self.state = after

    def close(self) -> None:
        with connection.schema_editor() as editor:
            for model in (self.jobs, self.machines):
                editor.delete_model(model)

    @property
    def jobs(self) -> type[Model]:
        """The model of jobs as it now is, whatever it is now called."""
        return next(model for model in self.state.apps.get_models() if model is not self.machines)

    @property
    def machines(self) -> type[Model]:
        return next(model for model in self.state.apps.get_models() if _is_named(model))

    def job(self, start: int, end: int, **values: Any) -> Model:
        """A job that is not saved, from one hour of the day to another, in columns of any name."""
        columns = {field.name for field in self.jobs._meta.fields}
        starts_at = "starts_at" if "starts_at" in columns else "begins_at"
        values = {"machine_id": self.machine_id, starts_at: hour(start), "ends_at": hour(end)} | values
        return self.jobs(**values)

    def write(self, start: int, end: int, **values: Any) -> Model:
        job = self.job(start, end, **values)
        job.save(force_insert=True)
        return job

    def hours(self) -> list[tuple[int, int]]:
        """When jobs are, as hours, in order."""
        return sorted((job.starts_at.hour, job.ends_at.hour) for job in self.jobs.objects.all())

    def guards(self) -> list[str]:
        """What the database itself says guards the jobs' table."""
        table = self.jobs._meta.db_table
        if connection.vendor == "sqlite":
            question = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        else:
            question = (
                "SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
                "WHERE c.contype = 'x' AND t.relname = %s"
            )
        with connection.cursor() as cursor:
            cursor.execute(question, [table])
            return [row[0] for row in cursor.fetchall()]


def _is_named(model: type[Model]) -> bool:
    return any(field.name == "name" for field in model._meta.fields)
