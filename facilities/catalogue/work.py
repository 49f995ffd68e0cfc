"""What a machine of a type does, what it leaves to people, and what goes into it, as `facilities/data` knows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from facilities.facts import facts

EMPTY, FILLED, FILM, PACKS, PRODUCT, NOTHING = "empty", "filled", "film", "packs", "product", "nothing"
"""What is brought to a machine: empty packs and the product; filled packs; film and the product; packs alone; …"""


@dataclass(frozen=True, slots=True)
class Work:
    """One type: what it does and what it leaves, in both languages; `brings` is one of the words above."""

    does: tuple[str, str] = ("", "")
    leaves: tuple[str, str] = ("", "")
    brings: str = EMPTY

    def words(self, language: str) -> str:
        """Return both in one line: Menutup saja. Isi dulu dengan tangan."""
        number = language.startswith("en")
        return " ".join(filter(None, (self.does[number], self.leaves[number])))


def work_of(code: str) -> Work:
    """Return the work of a machine type, by its code; of an unknown one nothing is said."""
    return _works().get(code, Work())


def goes_with(pack_format: str, language: str) -> str:
    """Return what belongs to a pack of this format besides itself, one to each: tutup botol; or nothing."""
    return _words().get(("with", pack_format), ("", ""))[language.startswith("en")]


def readiness(form: str, language: str) -> str:
    """Return how a product of this form is brought: sudah dingin dan kering; or nothing where nobody can say."""
    return _words().get(("ready", form), ("", ""))[language.startswith("en")]


@cache
def _works() -> dict[str, Work]:
    return {
        row["code"]: Work((row["does_id"], row["does_en"]), (row["leaves_id"], row["leaves_en"]), row["brings"])
        for row in facts("work")
    }


@cache
def _words() -> dict[tuple[str, str], tuple[str, str]]:
    return {(row["kind"], row["code"]): (row["words_id"], row["words_en"]) for row in facts("bring")}
