"""The changeover matrix as people fill it in: one small field per cell, all of them or those of one class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import formats
from accounts.voice import SpokenForm
from facilities.errors import BadInput
from facilities.time.cells import Pair, fingerprint, read, written
from facilities.time.changeover import FULL, REFUSED, Matrix
from facilities.vocabulary import CLASSES, class_word

STEPS = (0, 5, 10, 15, 20, 25, 30, 40, 45, 60, 90, 120)
"""Minutes offered to tap on a phone; any other can be typed in the table."""


@dataclass(frozen=True, slots=True)
class CellField:
    """One cell: its field, who it is between, and for a house what the province says."""

    field: Any
    value: str
    words: str
    after: str
    is_own: bool
    default: str
    options: list[tuple[str, str]]


class ChangeoversForm(SpokenForm):
    """Cells of a house's matrix, or of the province's (`house` false). Cells that were not sent stay."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, data: Any = None, *, matrix: Matrix, house: bool, before: str = "") -> None:
        super().__init__(data, initial={"version": fingerprint(matrix)})
        self.matrix, self.is_house, self.language = matrix, house, get_language() or "id"
        self.befores = [before] if before else list(CLASSES)
        for pair in self._pairs():
            label = _("Sesudah %(before)s, lalu %(after)s") % self._named(pair)
            cell = written(matrix.cell(*pair), self.language)
            self.fields[name_of(pair)] = forms.CharField(label=label, required=False, max_length=16, initial=cell)

    def _pairs(self) -> list[Pair]:
        return [(before, after) for before in self.befores for after in CLASSES]

    def _named(self, pair: Pair) -> dict[str, str]:
        before, after = (class_word(code, self.language).lower() for code in pair)
        return {"before": before, "after": after}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.cells: dict[Pair, int | None] = {}
        self.back: list[Pair] = []
        for pair in self._pairs():
            if name_of(pair) in self.data and name_of(pair) not in self.errors:
                self._read(pair, data[name_of(pair)])
        return data

    def _read(self, pair: Pair, text: str) -> None:
        own = pair in self.matrix.house
        if not text.strip() and self.is_house:
            self.back += [pair] if own else []
            return
        try:
            cell = read(text, name_of(pair))
        except BadInput as bad:
            self.add_error(name_of(pair), bad.sentence(self.language))
            return
        if cell == self.matrix.cell(*pair):
            return
        if own and cell == default_of(self.matrix, pair):
            self.back.append(pair)
        else:
            self.cells[pair] = cell

    @property
    def changes(self) -> bool:
        return bool(self.cells or self.back)

    def rows(self) -> list[dict[str, Any]]:
        """Return the table: each class that was packed, and what follows."""
        return [
            {"code": code, "word": class_word(code, self.language),
             "cells": [self._cell((code, after)) for after in CLASSES]}
            for code in self.befores
        ]  # fmt: skip

    def columns(self) -> list[str]:
        return [class_word(code, self.language) for code in CLASSES]

    def _cell(self, pair: Pair) -> CellField:
        cell, own = self.matrix.cell(*pair), self.is_house and pair in self.matrix.house
        default = default_of(self.matrix, pair) if self.is_house else cell
        bound = self[name_of(pair)]
        typed = self.data.get(name_of(pair)) if self.is_bound else None
        return CellField(
            field=bound,
            value=written(cell, self.language) if typed is None else typed,
            words=cell_words(cell),
            after=class_word(pair[1], self.language),
            is_own=own,
            default=cell_words(default) if self.is_house else "",
            options=self._options(cell, typed),
        )

    def _options(self, cell: int | None, typed: str | None) -> list[tuple[str, str]]:
        """Return what can be tapped, also what holds now, and what was typed when something else held."""
        others = {cell, int(typed) if typed and typed.isdecimal() and len(typed) < 5 else None} - {FULL, REFUSED}
        minutes = sorted({*STEPS, *(one for one in others if one is not None)})
        return [(written(one, self.language), cell_words(one)) for one in (*minutes, FULL, REFUSED)]

    def own(self) -> list[dict[str, Any]]:
        """Return what the house says otherwise than the province, in words."""
        return [
            {**self._named(pair), "name": name_of(pair), "now": cell_words(cell),
             "default": cell_words(default_of(self.matrix, pair))}
            for pair, cell in sorted(self.matrix.house.items())
        ]  # fmt: skip

    def changed(self) -> list[dict[str, str]]:
        """Return the cells that would change, in words; only after `clean`."""
        news: Mapping[Pair, int | None] = {**self.cells, **{pair: default_of(self.matrix, pair) for pair in self.back}}
        return [
            {**self._named(pair), "now": cell_words(cell), "was": cell_words(self.matrix.cell(*pair))}
            for pair, cell in news.items()
        ]


def default_of(matrix: Matrix, pair: Pair) -> int | None:
    """Return what the province says of a pair."""
    return Matrix({}, matrix.province).cell(*pair)


def name_of(pair: Pair) -> str:
    return f"sel-{pair[0]}-{pair[1]}"


def cell_words(cell: int | None) -> str:
    """Return a cell in words: tanpa bersih-bersih, 20 menit, bersih penuh, tidak boleh."""
    if cell == REFUSED:
        return _("tidak boleh sehari")
    if cell is FULL:
        return _("bersih penuh")
    return formats.duration(cell) if cell else _("tanpa bersih-bersih")
