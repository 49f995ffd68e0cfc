"""The facts an installation starts from, as they lie in `facilities/data/*.csv`: each row names its source."""

from __future__ import annotations

import csv
from pathlib import Path

FACTS = Path(__file__).resolve().parent / "data"


def facts(name: str) -> list[dict[str, str]]:
    """Return the rows of `facilities/data/<name>.csv`."""
    with (FACTS / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
