"""Read the written cases: tables a manager can check. What is not understood is an error, never skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.cases.case import Case
from tests.cases.phrases import PHRASES
from tests.cases.words import MONDAY, WEEK, Unreadable, day_of, pieces

FIRST_DAY = re.compile(rf"\b({'|'.join(WEEK)}|\d+ [A-Z][a-z]+(?: \d{{4}})?)\b")


def cases_in(path: Path, header: list[str]) -> list[Case]:
    """Return every row of the tables of a file; a table with another header, or no row at all, is an error."""
    found = [
        Case(f"{path.stem}: {cells[0]}", dict(zip(header, cells, strict=True)))
        for cells in rows_of(path.read_text(), header, path.name)
    ]
    if not found:
        raise Unreadable(f"{path.name} has no cases")
    if len({case.name for case in found}) != len(found):
        raise Unreadable(f"{path.name} has two cases of one name")
    for case in found:
        understand(case)
    return found


def rows_of(text: str, header: list[str], name: str) -> Iterator[list[str]]:
    """Yield the cells of every row of every table in a text."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not inside:
            inside = True
            if cells != header:
                raise Unreadable(f"{name}:{number} wants the columns {header}, has {cells}")
        elif set("".join(cells)) == {"-"}:
            continue
        elif len(cells) != len(header) or not all(cells):
            raise Unreadable(f"{name}:{number} has {len(cells)} cells, some perhaps empty: {line}")
        else:
            yield cells


def understand(case: Case) -> None:
    """Take every phrase of *Keadaan* into the case; *biasa* says that nothing is special."""
    day = FIRST_DAY.search(case.columns.get("Diminta", ""))
    case.day = day_of(day[1]) if day else MONDAY
    for phrase in pieces(case.columns["Keadaan"], nothing="biasa"):
        for pattern, take in PHRASES.items():
            if match := re.fullmatch(pattern, phrase):
                take(case, *match.groups())
                break
        else:
            raise Unreadable(f"{case.name}: nobody knows what this means: {phrase!r}")
