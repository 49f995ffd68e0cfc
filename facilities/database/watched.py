"""Tables whose every change begins a new edition, kept by the database itself.

What houses have laid down changes seldom and is asked for often. Whoever keeps it between two questions
must hear of every change: by a service, the shell, an import or plain SQL. So not those who write say so,
which one of them will forget, but the tables: a trigger adds a mark to `models.Edition` in the transaction
that writes. Marks are random, so that what a rolled back transaction has seen never stands again.
"""

from __future__ import annotations

from secrets import randbits
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Model

# SQLite knows no triggers for a whole statement, and one writer at a time: there the newest mark is enough.
ROW = (
    "CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s FOR EACH ROW BEGIN "
    "DELETE FROM facilities_edition; INSERT INTO facilities_edition (id) VALUES (random()); END"
)
# On PostgreSQL writers add marks beside each other: renewing one row would make them wait for one another.
STATEMENT = (
    "CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s %(rows)s"
    "FOR EACH STATEMENT EXECUTE FUNCTION facilities_new_edition()"
)
ROWS = {
    "INSERT": "REFERENCING NEW TABLE AS written ",
    "UPDATE": "REFERENCING OLD TABLE AS before NEW TABLE AS written ",
    "DELETE": "REFERENCING OLD TABLE AS written ",
    "TRUNCATE": "",
}
"""What the function sees of a statement, for one that changes nothing begins nothing. Such a trigger has one event only."""
FUNCTION = """
CREATE OR REPLACE FUNCTION facilities_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- As text: 60 and 60.0 are equal in JSON, and some types cannot be compared.
        PERFORM FROM (SELECT w::text FROM written AS w EXCEPT SELECT b::text FROM before AS b) AS changed;
    ELSIF TG_OP <> 'TRUNCATE' THEN
        PERFORM FROM written;
    END IF;
    IF FOUND OR TG_OP = 'TRUNCATE' THEN
        EXECUTE format('INSERT INTO %I.facilities_edition (id) VALUES (floor(random() * 9007199254740992))', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$
"""


class Watched(BaseConstraint):
    """Every write to the table begins a new edition: `Watched(name="machines_are_watched")`.

    A constraint because Django then keeps the triggers where it makes a table anew. PostgreSQL needs
    `begin` in an earlier migration, both engines the table of `models.Edition`.
    """

    def constraint_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Promise the triggers for when the table bears its final name; as `NoOverlap` does."""
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))

    create_sql = constraint_sql

    def remove_sql(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        quote = schema_editor.quote_name
        on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {quote(model._meta.db_table)}"
        for event in ROWS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {quote(self._name(event))}{on}")

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Refuse nothing."""

    def __eq__(self, other: object) -> bool:
        return self.deconstruct() == other.deconstruct() if isinstance(other, Watched) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as Django's own

    def _name(self, event: str) -> str:
        return f"{self.name}_on_{event.lower()}"

    def _triggers(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        quote = schema_editor.quote_name
        table = Table(model._meta.db_table, quote)
        if schema_editor.connection.vendor == "sqlite":
            events = [event for event in ROWS if event != "TRUNCATE"]
            return [Statement(ROW, name=quote(self._name(event)), event=event, table=table) for event in events]
        return [
            Statement(STATEMENT, name=quote(self._name(event)), event=event, table=table, rows=rows)
            for event, rows in ROWS.items()
        ]


def begin(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Begin the first edition, and give PostgreSQL the function that its triggers call; for a migration."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
    apps.get_model("facilities", "Edition").objects.create(pk=randbits(53))


def end(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `begin`, but for the marks, which go with their table."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS facilities_new_edition()")
