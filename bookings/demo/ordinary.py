"""Bookings that nobody has to remember: as they were asked for, and as far as they have come."""

from __future__ import annotations

from datetime import timedelta

from bookings.demo import fates
from bookings.demo.diary import Asked, Life
from bookings.demo.stage import MAIN_CAST, Stage
from bookings.demo.world import Equipped
from facilities.time.hours import local_date
from facilities.time.spans import Span


def ordinary(stage: Stage, equipped: Equipped, run: Span, how: str) -> bool:
    """Write one booking that nobody has to remember, as far as it has come by now; return whether it was written.

    Nobody brings what fits, nobody is there to run it, or the run is just being counted: then nothing is.
    """
    now = stage.now
    offer = stage.offer_for(equipped, local_date(run.start, stage.house.zone), without=MAIN_CAST)
    if offer is None:
        return False
    settled = run.end + timedelta(minutes=equipped.machine.cleaning + 35)
    if run.end <= now < settled:
        return False
    asked = stage.ask(equipped, run, offer, walk_in=stage.random.random() < 0.06)
    if asked is None:
        return False
    known = {"now": now, "random": stage.random, "staff_id": stage.operator.pk}
    if settled <= now:
        stage.write(asked, past(stage, asked, how))
    elif run.start <= now:
        stage.write(asked, fates.under_way(asked, running=True, **known))
    elif how == "cancelled":
        stage.write(asked, _no_later_than_now(stage, asked, past(stage, asked, how)))
    elif asked.by_hand and run.start - now > timedelta(hours=20) and stage.random.random() < 0.25:
        asked.made_at = now - timedelta(minutes=stage.random.randrange(30, 26 * 60))
        stage.write(asked, Life())
    else:
        stage.write(asked, fates.ahead(asked, **known))
    return True


def past(stage: Stage, asked: Asked, how: str) -> Life:
    """Return the whole life of a booking of the past that ended as `how` says."""
    staff = stage.manager if how in ("declined", "expired") else stage.operator
    return fates.plausible(asked, how, random=stage.random, staff_id=staff.pk, staff_name=staff.name)


def _no_later_than_now(stage: Stage, asked: Asked, life: Life) -> Life:
    """Bring what was drawn for later back to some minute between asking and now."""
    latest = stage.now - timedelta(minutes=2)
    life.decided_at = min(life.decided_at, latest - timedelta(minutes=1)) if life.decided_at else None
    known = life.decided_at or asked.made_at
    if life.ended_at and life.ended_at > latest:
        minutes = max(1, int((latest - known).total_seconds() // 60))
        life.ended_at = known + timedelta(minutes=stage.random.randrange(1, minutes + 1))
    return life
