"""The ways to say no. Imports nothing, so that every layer may raise them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

REFUSE, ASK, WARN = "refuse", "ask", "warn"
"""What a reason does: says no, wants a person to look first, or is only said."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against a request: a stable code, words a person can act on, and the numbers behind them.

    `overridable` says whether a facility manager may go on with a recorded reason.
    `way_out` is one more sentence: what to do instead.
    """

    code: str
    id: str
    en: str
    values: Mapping[str, object] = field(default_factory=dict)
    overridable: bool = False
    way_out_id: str = ""
    way_out_en: str = ""
    effect: str = REFUSE

    def sentence(self, language: str) -> str:
        return self.en if language.startswith("en") else self.id

    def way_out(self, language: str) -> str:
        return self.way_out_en if language.startswith("en") else self.way_out_id


class Refusal(Exception):
    """A no that is nobody's mistake: 409 in JSON, a message with its way out in HTML."""

    def __init__(self, reasons: Iterable[Reason], *, alternatives: Sequence[object] = ()) -> None:
        self.reasons: tuple[Reason, ...] = tuple(reasons)
        self.alternatives: tuple[object, ...] = tuple(alternatives)
        if not self.reasons:
            raise ValueError("a refusal needs at least one reason")
        super().__init__(", ".join(reason.code for reason in self.reasons))

    @property
    def code(self) -> str:
        return self.reasons[0].code


class WrongState(Refusal):
    """The thing is no longer in a state that allows this action: somebody was faster."""

    def __init__(self, *, action: str, status: str) -> None:
        self.action, self.status = action, status
        super().__init__(
            [
                Reason(
                    "wrong_state",
                    id="Keadaan pesanan sudah berubah. Muat ulang untuk melihat yang terbaru.",
                    en="This booking has changed meanwhile. Reload to see its state.",
                    values={"action": action, "status": status},
                )
            ]
        )


class BadInput(Exception):
    """Something typed cannot be understood: 422, with the field named."""

    def __init__(self, field: str, code: str, id: str, en: str) -> None:
        self.field, self.code, self.id, self.en = field, code, id, en
        super().__init__(f"{field}: {code}")

    def sentence(self, language: str) -> str:
        return self.en if language.startswith("en") else self.id


class Stale(Exception):
    """The writer saw an older version than the one stored: 412."""


class Versioned(Protocol):
    """A row that counts its changes."""

    @property
    def version(self) -> int: ...


def check_version(row: Versioned, version: int | None) -> None:
    """Raise `Stale` when the writer saw another version of a row than the stored one; None: whatever they saw."""
    if version is not None and version != row.version:
        raise Stale


class NotAllowed(Exception):
    """The asker may not do this at all: 403. Foreign objects are 404 instead, never this."""
