"""Which edition stands of what houses have laid down."""

from __future__ import annotations

from django.db import models


class Edition(models.Model):
    """A mark that a watched table has changed (see `facilities.watched`). The marks together are the edition.

    Only the database adds marks, and no two editions have the same ones. Taking some away begins a new one too.
    """

    id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.id)
