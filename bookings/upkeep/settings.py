"""A setting that would strand bookings is not saved before whoever saves it has seen which, and said what becomes of them.

Nothing is guessed: inside one transaction the setting is made, and every coming booking asked again by the rules that
decide about new ones. What stood before and stands no longer is refused with a list, and the setting undone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from accounts.models import User
from bookings.rules.preview import Breach, standing
from bookings.upkeep.services import Affected, set_aside
from facilities.errors import Reason
from facilities.models import Facility, Machine
from facilities.occupancy.writing import lock
from facilities.transactions import in_one_transaction

T = TypeVar("T")
AFFECTED = "bookings_affected"


@dataclass(frozen=True, slots=True)
class Answer:
    """What whoever saves a setting said: the bookings they were shown, and whether these stay all the same.

    `months`: those they confirmed to rewrite, as `facilities.past` names them.
    """

    seen: frozenset[str] = frozenset()
    stay: bool = False
    months: str = ""


NOT_ASKED = Answer()


@in_one_transaction
def save_setting(
    change: Callable[[], T],
    *,
    facility: Facility,
    why: str,
    actor: User,
    now: datetime,
    answer: Answer = NOT_ASKED,
    machine: Machine | None = None,
) -> T:
    """Make a change of a house, or of one `machine` of it, and give the bookings it strands what the answer says: their time, or word and a new one.

    Raises `Affected` (`bookings_affected`, with a `Breach` for each) unless all were seen, and what the change raises.
    `why` is the reason the producers read. Machines are locked first, so that no booking is made meanwhile.
    """
    lock([machine.pk] if machine else facility.machines.values_list("pk", flat=True))
    before = {one.part.pk: one.rules for one in standing(facility, machine, now=now)}
    done = change()
    lost = [one for one in standing(facility, machine, now=now) if one.rules - before.get(one.part.pk, frozenset())]
    if any(one.booking.reference not in answer.seen for one in lost):
        raise Affected(_stranded(lost), lost)
    if not answer.stay:
        set_aside([one.part for one in lost], actor=actor, now=now, why=why, words="")
    return done


def _stranded(lost: list[Breach]) -> Reason:
    references = sorted({one.booking.reference for one in lost})
    return Reason(
        AFFECTED,
        id=f"{len(references)} pesanan tidak cocok lagi dengan pengaturan ini.",
        en=f"{len(references)} bookings no longer fit this setting.",
        values={"bookings": references},
        overridable=True,
    )
