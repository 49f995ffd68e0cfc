"""Turn a time that was asked for into a life: when decided, who came, what came out. Values only.

`plausible()` is the past; `Today` in `demo.py` makes what is going on now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from bookings.demo.diary import Asked, Life, Ran
from bookings.packs.estimate import packs_possible

CANCEL_REASONS = ("changed_plans", "material_missing", "ill", "weather", "machine_unsuitable")
DECLINE_REASONS = (
    ("documents", "Nomor P-IRT belum ada. Bawa suratnya, lalu pesan lagi."),
    ("no_operator", "Operator mesin ini tidak bertugas hari itu."),
    ("does_not_fit", "Ukuran kemasan Anda tidak muat di mesin ini."),
)
DOWNTIME_REASONS = ("machine", "material", "material", "power", "operator")


def plausible(asked: Asked, fate: str, *, random: Random, staff_id: int | None, staff_name: str = "") -> Life:
    """Return how a booking of the past went, ending as `fate` says."""
    life = Life(staff_id=staff_id)
    if fate == "expired" and asked.by_hand:
        return Life("expired", asked.answered_by + timedelta(minutes=1), reason_code="no_answer")
    if fate == "declined" and asked.by_hand:
        code, words = random.choice(DECLINE_REASONS)
        at = _between(asked.made_at, asked.answered_by, random)
        return Life("declined", at, staff_id, code, words)
    if asked.by_hand:
        life.decided_at, life.decided_by_id = _between(asked.made_at, asked.answered_by, random), staff_id
    if fate == "no_show":
        grace = asked.machine.facility.grace
        life.end, life.reason_code = "no_show", "no_show"
        life.ended_at = asked.starts_at + timedelta(minutes=grace + random.randrange(2))
    elif fate in ("cancelled", "late_cancelled"):
        _cancel(life, asked, late=fate == "late_cancelled", random=random)
    else:
        _complete(life, asked, signed=fate != "unsigned", random=random, staff_name=staff_name)
    return life


def under_way(asked: Asked, *, now: datetime, random: Random, staff_id: int | None, running: bool) -> Life:
    """Return the life of somebody who is in the house now: running, or arrived and about to."""
    life = Life(staff_id=staff_id)
    if asked.by_hand:
        life.decided_at, life.decided_by_id = _between(asked.made_at, asked.answered_by, random), staff_id
    here = min(asked.starts_at, now) - timedelta(minutes=random.randrange(3, 14))
    life.checked_in_at = max(here, (life.decided_at or asked.made_at) + timedelta(minutes=1))
    if running:
        life.run = Ran(max(life.checked_in_at + timedelta(minutes=1), asked.starts_at - timedelta(minutes=2)))
    return life


def ahead(asked: Asked, *, now: datetime, random: Random, staff_id: int | None) -> Life:
    """Return the life so far of a booking that is approved and still to come."""
    life = Life(staff_id=staff_id)
    if asked.by_hand:
        life.decided_at = _between(asked.made_at, min(now, asked.answered_by), random)
        life.decided_by_id = staff_id
    return life


def quantity(minutes: int, rate: int, random: Random) -> int:
    """Return the packs somebody asks a run for: a round number the machine can make in time."""
    possible = max(packs_possible(minutes, rate=rate), 10)
    wanted = possible * random.uniform(0.55, 0.92)
    step = 50 if wanted > 500 else 10
    return max(step, int(wanted) // step * step)


def _complete(life: Life, asked: Asked, *, signed: bool, random: Random, staff_name: str) -> None:
    here = asked.starts_at - timedelta(minutes=random.randrange(4, 26))
    # The approval of somebody who booked an hour before may come after they have arrived.
    life.checked_in_at = max(here, (life.decided_at or asked.made_at) + timedelta(minutes=1))
    started = max(
        life.checked_in_at + timedelta(minutes=1), asked.starts_at + timedelta(minutes=random.randrange(0, 9))
    )
    length = max(10, int(asked.minutes * random.uniform(0.72, 1.02)))
    latest = asked.ends_at + timedelta(minutes=asked.machine.cleaning)
    stopped = max(started + timedelta(minutes=5), min(started + timedelta(minutes=length), latest))
    run = Ran(started, stopped)
    if signed:
        run.signed_at = stopped + timedelta(minutes=random.randrange(3, 16))
        _count(run, asked, random)
        run.cleaned_by = staff_name
    life.run, life.end = run, "completed"
    life.ended_at = run.signed_at or stopped + timedelta(minutes=random.randrange(2, 20))


def _count(run: Ran, asked: Asked, random: Random) -> None:
    assert run.stopped_at is not None
    minutes = int((run.stopped_at - run.started_at).total_seconds() // 60)
    if random.random() < 0.22 and minutes > 30:
        lost = random.randrange(5, max(6, minutes // 4))
        run.downtimes = ((lost, random.choice(DOWNTIME_REASONS)),)
        minutes -= lost
    packs = packs_possible(minutes, rate=max(asked.rate, 1)) * random.uniform(0.7, 0.98)
    wanted = asked.quantity or int(packs)
    made = max(1, int(min(packs, wanted * random.uniform(0.94, 1.03))))
    run.rejected = min(made, int(made * random.choice((0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.06))))
    run.good = made - run.rejected
    local = asked.starts_at.astimezone(asked.machine.facility.zone)
    run.lot_code = f"{local:%y%m%d}-{asked.machine.type_id}-{random.randrange(10, 99)}"


def _cancel(life: Life, asked: Asked, *, late: bool, random: Random) -> None:
    deadline = asked.starts_at - timedelta(minutes=asked.machine.facility.cancel_deadline)
    known = life.decided_at or asked.made_at
    first = max(known, deadline) if late else known
    last = asked.starts_at - timedelta(minutes=20) if late else max(deadline, known + timedelta(minutes=2))
    life.end, life.ended_by_id = "cancelled", asked.made_by_id
    life.ended_at = _between(first, max(last, first + timedelta(minutes=2)), random)
    life.reason_code = random.choice(CANCEL_REASONS)


def _between(first: datetime, last: datetime, random: Random) -> datetime:
    """Return a minute after `first` and before `last`, nearer to the first: most things are done soon."""
    minutes = int((last - first).total_seconds() // 60)
    return first + timedelta(minutes=max(1, int(minutes * random.random() ** 2 * 0.9)))
