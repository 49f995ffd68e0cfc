"""Names in the database: stored without invisible marks, and each with the key by which it sorts and is found.

The key is kept by the fields and the rows themselves, so that no service has to remember it. Only plain SQL has
to write it on its own (`keys_of`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.db.migrations import RunPython
from django.db.models import Q

from accounts.writing.texts import LONGEST_KEY, folded, visible


class NameField(models.CharField):  # type: ignore[type-arg]
    """A name as people read it; marks that nobody sees are left out. For migrations an ordinary CharField."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            value = visible(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return visible(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class NameKey(models.CharField):  # type: ignore[type-arg]
    """The folded key of the name in column `of`; compared byte by byte, so that both engines sort alike."""

    def __init__(self, *, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"max_length": LONGEST_KEY, "default": "", "editable": False, "db_index": True, **options})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = folded(getattr(model_instance, self.of) or "")
        setattr(model_instance, self.attname, key)
        return key

    def db_parameters(self, connection: Any) -> Any:
        known = super().db_parameters(connection)
        return known | ({"collation": "C"} if connection.vendor == "postgresql" else {})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for given in ("max_length", "default", "editable", "db_index"):
            options.pop(given, None)
        return name, path, args, {**options, "of": self.of}


def keys_of(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the keys that belong to the names among these values."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, NameKey)]
    return {key.attname: folded(values[key.of]) for key in keys if isinstance(values.get(key.of), str)}


class NamedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows with names: `update` takes the keys along."""

    def update(self, **values: Any) -> int:
        return super().update(**values, **keys_of(self.model, values))


class Named(models.Model):
    """What has a name. `save` of some fields takes the keys of their names along."""

    objects = NamedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **options: Any) -> None:
        if update_fields is not None:
            keys = [field for field in self._meta.concrete_fields if isinstance(field, NameKey)]
            update_fields = {*update_fields, *(key.attname for key in keys if key.of in update_fields)}
        super().save(*args, update_fields=update_fields, **options)


def holding(words: str, *keys: str) -> Q:
    """Return the condition that every word stands in one of these key columns: `holding(q, "name_key")`."""
    if words.strip() and not folded(words):
        return Q(pk__in=[])  # nothing but marks: no name holds that
    found = Q()
    for word in folded(words).split():
        one = Q()
        for key in keys:
            one |= Q(**{f"{key}__contains": word})
        found &= one
    return found


def filling(app: str) -> RunPython:
    """Return the step of a migration for the rows an app has already: names without invisible marks, and their keys."""

    def fill(apps: Any, _schema_editor: Any) -> None:
        for model in apps.get_app_config(app).get_models():
            keys = [field for field in model._meta.concrete_fields if isinstance(field, NameKey)]
            names = {key.of for key in keys}
            rows = list(model._base_manager.only("pk", *names)) if keys else []
            for row in rows:
                for name in names:
                    _leave_marks_out(row, name)
                for key in keys:
                    key.pre_save(row, add=False)
            if keys:
                model._base_manager.bulk_update(rows, [key.attname for key in keys], batch_size=200)

    return RunPython(fill, RunPython.noop)


def _leave_marks_out(row: models.Model, name: str) -> None:
    """Store a name as people see it. Where another row is called so already and may not be, with a number behind it."""
    wanted = visible(getattr(row, name) or "")
    if wanted == getattr(row, name):
        return
    alone = [rule.fields for rule in row._meta.constraints if isinstance(rule, models.UniqueConstraint) and name in rule.fields]
    called, number = wanted, 1
    while any(_twins(row, {**{one: getattr(row, one) for one in fields}, name: called}) for fields in alone):
        number += 1
        called = f"{wanted} {number}"
    setattr(row, name, called)
    row.save(update_fields=[name])


def _twins(row: models.Model, values: Mapping[str, Any]) -> bool:
    return type(row)._base_manager.exclude(pk=row.pk).filter(**values).exists()
