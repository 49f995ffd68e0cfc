"""No two rows share time: one declaration on a model, kept by the database on both engines.

PostgreSQL gets a GiST exclusion constraint. SQLite knows none, so it gets two triggers
that abort the statement. Neither can be walked around: `bulk_create`, `update()`, raw SQL
and the admin all meet it. Neither needs a service to remember it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.migrations.operations.base import Operation
from django.db.models import BaseConstraint, DateTimeField, Field, Model, Q
from django.db.models.sql import Query
from django.utils.translation import gettext_lazy

EXCLUSION_VIOLATION = "23P01"
REFUSED = "no overlap allowed: "
"""How a message of our SQLite triggers begins; the constraint's name follows."""

TRIGGER = (
    "CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s FOR EACH ROW "
    "WHEN EXISTS (SELECT 1 FROM %(table)s AS other WHERE %(clash)s) "
    "BEGIN SELECT RAISE(ABORT, %(message)s); END"
)
# Rewrites, unchanged, every row that starts before the row ahead of it ends: none, or the trigger
# aborts. Among rows in order of start, if any two overlap then some neighbours do.
TOUCH_OVERLAPS = (
    "UPDATE %(table)s SET %(start)s = %(start)s WHERE rowid IN (SELECT id FROM (SELECT rowid AS id, "
    "%(start)s < lag(%(end)s) OVER (PARTITION BY %(keys)s ORDER BY %(start)s, %(end)s) AS clashes "
    "FROM %(table)s%(where)s) WHERE clashes)"
)


class NoOverlap(BaseConstraint):
    """Rows with equal `fields` never overlap in `[start, end)`; touching is no overlap.

        NoOverlap(name="one_job_at_a_time_per_machine", fields=["machine"], start="starts_at", end="ends_at")

    `start` and `end` are DateTimeFields that are never null. A null in `fields` equals
    nothing. With a `condition` only the rows that meet it count. That every row ends after
    it starts is for a CheckConstraint beside this one. Breaking it is an IntegrityError
    that `is_overlap()` recognises, and in `full_clean()` a ValidationError `taken`.
    PostgreSQL needs `EnableBtreeGist` in an earlier migration.
    """

    default_violation_error_message = gettext_lazy("Jam ini sudah diambil.")
    violation_error_code = "taken"

    def __init__(
        self,
        *,
        name: str,
        fields: Sequence[str],
        start: str,
        end: str,
        condition: Q | None = None,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        self.fields = tuple(fields)
        self.start = start
        self.end = end
        self.condition = condition
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def constraint_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement | None:
        """Return the clause for CREATE TABLE; on SQLite, promise the triggers for later.

        SQLite cannot alter most of a table in place. Django makes it anew under another
        name, and the old one takes its triggers with it. This is called for the new one
        too, and deferred statements run once it bears its final name.
        """
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
            return None
        return self._exclusion(model, schema_editor)

    def create_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement | None:
        if schema_editor.connection.vendor == "sqlite":
            return self.constraint_sql(model, schema_editor)
        return Statement(
            "ALTER TABLE %(table)s ADD %(exclusion)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            exclusion=self._exclusion(model, schema_editor),
        )

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement | None:
        quote = schema_editor.quote_name
        if schema_editor.connection.vendor == "sqlite":
            for event in ("INSERT", "UPDATE"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {quote(self._trigger_name(event))}")
            return None
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
        )

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError `taken` if a stored row overlaps: a kind word before the database's."""
        if not self._counts(model, instance, set(exclude or ()), using):
            return
        keys, start, end = self._values(model, instance)
        if None in (*keys.values(), start, end):
            return
        # The base manager: a default manager that hides rows hides them from no database.
        rivals = model._base_manager.using(using).filter(
            self.condition or Q(), **keys, **{f"{self.start}__lt": end, f"{self.end}__gt": start}
        )
        if not instance._state.adding and instance.pk is not None:
            rivals = rivals.exclude(pk=instance.pk)
        if rivals.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        if self.violation_error_code == type(self).violation_error_code:
            del kwargs["violation_error_code"]
        kwargs |= {"fields": self.fields, "start": self.start, "end": self.end}
        if self.condition is not None:
            kwargs["condition"] = self.condition
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoOverlap):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # as Django's own: equal by value, and a Q may be mutable

    def __repr__(self) -> str:
        condition = "" if self.condition is None else f" condition={self.condition}"
        return f"<{type(self).__name__}: fields={self.fields} [{self.start}, {self.end}) name={self.name!r}{condition}>"

    def _check(self, model: type[Model], connection: BaseDatabaseWrapper) -> list[checks.CheckMessage]:
        references = {(name,) for name in (*self.fields, self.start, self.end)}
        if self.condition is not None:
            references |= set(model._get_expr_references(self.condition))
        found: list[checks.CheckMessage] = self._check_references(model, references)
        if connection.vendor not in ("postgresql", "sqlite"):
            found.append(
                checks.Error(f"{connection.display_name} cannot keep NoOverlap.", obj=model, id="facilities.E001")
            )
        for name in (self.start, self.end):
            try:
                field = model._meta.get_field(name)
            except FieldDoesNotExist:
                continue  # reported above
            if not isinstance(field, DateTimeField) or field.null:
                said = f"NoOverlap needs '{name}' to be a DateTimeField that is never null."
                found.append(checks.Error(said, obj=model, id="facilities.E002"))
        return found

    def _exclusion(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        columns = self._columns(model, schema_editor)
        condition = self._condition_sql(model, schema_editor)
        return Statement(
            "CONSTRAINT %(name)s EXCLUDE USING gist (%(keys)s, tstzrange(%(start)s, %(end)s, '[)') WITH &&)%(where)s",
            name=schema_editor.quote_name(self.name),
            keys=", ".join(f"{key} WITH =" for key in columns["keys"]),
            start=columns["start"],
            end=columns["end"],
            where=f" WHERE ({condition})" if condition else "",
        )

    def _triggers(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        """Return what guards a table in SQLite, and what refuses it if its rows overlap already."""
        table = Table(model._meta.db_table, schema_editor.quote_name)
        columns = self._columns(model, schema_editor)
        condition = self._condition_sql(model, schema_editor)
        triggers = [
            Statement(
                TRIGGER,
                name=schema_editor.quote_name(self._trigger_name(event)),
                event=event,
                table=table,
                clash=self._clash_sql(model, schema_editor),
                message=schema_editor.quote_value(REFUSED + self.name),
            )
            for event in ("INSERT", "UPDATE")
        ]
        touch = Statement(
            TOUCH_OVERLAPS,
            table=table,
            start=columns["start"],
            end=columns["end"],
            keys=", ".join(columns["keys"]),
            where=f" WHERE ({condition})" if condition else "",
        )
        return [*triggers, touch]

    def _clash_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        """Return when the row `other` clashes with NEW, the row just written.

        The triggers fire *after* the write: before it, a new row has no rowid yet.
        """
        columns = self._columns(model, schema_editor)
        start, end = columns["start"], columns["end"]
        clash = [
            *(f"other.{key} = NEW.{key}" for key in columns["keys"]),
            f"other.{start} < NEW.{end}",
            f"other.{end} > NEW.{start}",
            "other.rowid <> NEW.rowid",
        ]
        if condition := self._condition_sql(model, schema_editor):
            # The condition speaks of bare columns: here `other`'s, and inside its own
            # little table those of NEW. So one text serves both rows.
            names = sorted({reference[0] for reference in model._get_expr_references(self.condition)})
            bare = [schema_editor.quote_name(_field(model, name).column) for name in names]
            new = ", ".join(f"NEW.{column} AS {column}" for column in bare)
            clash += [f"({condition})", f"EXISTS (SELECT 1 FROM (SELECT {new}) WHERE {condition})"]
        return " AND ".join(clash)

    def _condition_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        """Return the condition with bare column names and its values written out, or nothing.

        Not with aliases: fields remember their column together with its table, and a model
        that was queried before would name the table that a remake is about to drop.
        """
        if self.condition is None:
            return ""
        query = Query(model, alias_cols=False)
        where = query.build_where(self.condition)
        sql, params = where.as_sql(query.get_compiler(connection=schema_editor.connection), schema_editor.connection)
        return str(sql % tuple(schema_editor.quote_value(value) for value in params))

    def _columns(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> dict[str, Any]:
        def quoted(name: str) -> str:
            return str(schema_editor.quote_name(_field(model, name).column))

        return {
            "keys": [quoted(name) for name in self.fields],
            "start": quoted(self.start),
            "end": quoted(self.end),
        }

    def _trigger_name(self, event: str) -> str:
        return f"{self.name}_on_{event.lower()}"

    def _counts(self, model: type[Model], instance: Model, exclude: set[str], using: str) -> bool:
        """Return whether the row can be judged: its fields are valid, and it meets the condition."""
        if exclude & {*self.fields, self.start, self.end}:
            return False
        if self.condition is None:
            return True
        if self._expression_refs_exclude(model, self.condition, exclude):
            return False
        against = instance._get_field_expression_map(meta=model._meta, exclude=exclude)
        return bool(self.condition.check(against, using=using))

    def _values(self, model: type[Model], instance: Model) -> tuple[dict[str, Any], Any, Any]:
        attributes = [_field(model, name).attname for name in self.fields]
        keys = {attribute: getattr(instance, attribute) for attribute in attributes}
        return keys, getattr(instance, self.start), getattr(instance, self.end)


class EnableBtreeGist(Operation):
    """Let PostgreSQL compare keys and ranges in one index; elsewhere, nothing.

    Ours, for Django's own operation cannot be imported without psycopg. The extension is
    trusted: the owner of a database may create it. It stays when the migration is undone.
    """

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        pass

    def describe(self) -> str:
        return "Enable btree_gist on PostgreSQL"


def is_overlap(error: IntegrityError, name: str | None = None) -> bool:
    """Return whether an error is NoOverlap's, on either engine; of one constraint, if named."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) == EXCLUSION_VIOLATION:
        broken = cause.diag.constraint_name
    elif str(error).startswith(REFUSED):
        broken = str(error).removeprefix(REFUSED)
    else:
        return False
    return name is None or name == broken


def _field(model: type[Model], name: str) -> Field:
    return model._meta.get_field(name)
