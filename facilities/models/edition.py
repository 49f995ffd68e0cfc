"""Which edition stands of what houses have laid down."""

from __future__ import annotations

from django.db import models


class Edition(models.Model):
    """A mark that a watched table has changed (see `facilities.watched`). The marks together are the edition.

    Only the database adds marks, and no two editions have the same ones; who takes some away adds another
    (`region.editions`). On SQLite the triggers of other tables write here, so that Django cannot make this table anew:
    a change of it drops them first.
    """

    id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.id)
