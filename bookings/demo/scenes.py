"""The demo's story, house by house: what stands still, who of the cast comes, what happens now.

Minutes are of the local day; day numbers count days on which the house opens, today
being 0, so that the story is the same on every date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.models import AuditEntry
from bookings.demo import fates
from bookings.demo.diary import Life
from bookings.demo.ordinary import ordinary, past
from bookings.demo.shape import GRID, WEEKDAYS, fate, jobs, machine_weights
from bookings.demo.stage import AFTER, MAIN_CAST, Stage
from bookings.demo.world import Equipped
from facilities.models import Breakdown, Maintenance
from facilities.time.spans import Span

IDLE = {"sintang-ind-1": 41}
"""Machines whose last run was so many days ago."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A machine that stands still from one day's minute to another's. Open breakdowns have no `repair`."""

    machine: str
    kind: str
    first: tuple[int, int]
    last: tuple[int, int]
    words: str
    repair: str = ""


STOPS = (
    Stop("pontianak-vac2-1", "breakdown", (-1, 620), (4, 720), "Pompa vakum tidak menarik. Teknisi sudah dipanggil."),
    Stop("pontianak-retort-1", "maintenance", (0, 480), (1, 600), "Kalibrasi tahunan"),
    Stop("pontianak-vfsp-1", "breakdown", (-18, 560), (-16, 660), "Pemotong sachet macet", "Pisau diganti dan disetel"),
    Stop("pontianak-band-1", "maintenance", (-26, 780), (-26, 960), "Ganti pita teflon"),
    Stop("sintang-fwgh-1", "maintenance", (-11, 480), (-11, 720), "Kalibrasi timbangan"),
    Stop("sintang-fpis-1", "breakdown", (-30, 600), (-19, 540), "Kompresor mati", "Kompresor diservis di Pontianak"),
    Stop("singkawang-flow-1", "breakdown", (-22, 660), (-20, 600), "Pemanas segel putus", "Elemen pemanas diganti"),
    Stop("singkawang-cupa-1", "maintenance", (3, 480), (3, 720), "Bersih besar dan cek kompresor"),
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A booking of somebody of the cast: machine, day, minute, length, producer, and how it stands."""

    machine: str
    day: int
    minute: int
    length: int
    producer: str
    role: str


PROMISES = (
    Promise("pontianak-bandgas-1", 1, 495, 90, "Keripik Siti", "ahead"),
    Promise("pontianak-bandgas-1", 6, 600, 90, "Keripik Siti", "ahead"),
    Promise("pontianak-bandgas-1", -6, 495, 90, "Keripik Siti", "completed"),
    Promise("pontianak-bandgas-1", -13, 600, 120, "Keripik Siti", "completed"),
    Promise("pontianak-bandgas-1", -20, 495, 120, "Keripik Siti", "completed"),
    Promise("pontianak-bandgas-1", -34, 600, 90, "Keripik Siti", "completed"),
    Promise("pontianak-spin-1", -7, 780, 60, "Keripik Siti", "completed"),
    Promise("pontianak-fwgh-1", -27, 600, 120, "Keripik Siti", "completed"),
    Promise("pontianak-band-1", -16, 600, 90, "Keripik Siti", "cancelled"),
    Promise("pontianak-fwgh-1", 2, 510, 120, "Abon Budi", "ahead"),
    Promise("pontianak-band-1", 3, 495, 240, "Abon Budi", "waiting"),
    Promise("pontianak-band-1", -4, 495, 120, "Abon Budi", "completed"),
    Promise("pontianak-band-1", -11, 600, 120, "Abon Budi", "completed"),
    Promise("pontianak-spin-1", -12, 495, 60, "Abon Budi", "completed"),
    Promise("pontianak-fwgh-1", -25, 495, 120, "Abon Budi", "completed"),
    Promise("pontianak-band-2", -9, 495, 120, "Abon Budi", "no_show"),
    Promise("pontianak-fpis-1", 2, 495, 240, "Sambal Bu Yanti", "waiting"),
    Promise("pontianak-vfsp-1", 4, 525, 240, "CV Lada Sendoyan", "waiting"),
    Promise("pontianak-vac2-1", 1, 510, 120, "Kerupuk Temet Bu Ida", "displaced"),
    Promise("pontianak-vac2-1", 2, 660, 120, "Ikan Asin Kakap", "displaced"),
    Promise("sintang-fliq-1", 1, 510, 120, "Koperasi Mandau", "ahead"),
    Promise("sintang-band-1", 2, 510, 120, "Keripik Pisang Kelam", "waiting"),
    Promise("sintang-fliq-1", 3, 540, 150, "Madu Kelulut Ensaid", "ahead"),
    Promise("sintang-band-1", 3, 510, 120, "Keripik Ubi Bu Veronika", "waiting"),
    Promise("sintang-fliq-1", -5, 510, 120, "Koperasi Mandau", "completed"),
    Promise("sintang-band-1", -3, 510, 120, "Keripik Ubi Bu Veronika", "completed"),
    Promise("singkawang-vac1-2", 2, 510, 120, "Dendeng Bong", "ahead"),
)

NOW = {
    "pontianak-band-1": "running",
    "pontianak-band-2": "late",
    "pontianak-bandgas-1": "running",
    "pontianak-vac1-1": "due",
    "pontianak-fpis-1": "running",
    "pontianak-spin-1": "arrived",
    "pontianak-fwgh-1": "over",
    "pontianak-codj-1": "due",
    "pontianak-fliq-1": "running",
    "sintang-band-1": "running",
    "sintang-fwgh-1": "due",
    "sintang-vac1-1": "late",
    "sintang-fliq-1": "running",
    "singkawang-band-1": "running",
    "singkawang-fliq-1": "running",
    "singkawang-vac1-1": "late",
    "singkawang-cupa-1": "due",
    "singkawang-flow-1": "arrived",
}
"""What each machine is in the middle of, if the house is open now."""

AROUND_NOW = {"running": (-3, 5), "late": (-1, 6), "due": (3, 9), "arrived": (1, 7), "over": (-9, -1)}
"""About when they start and end, in grid steps from the one before now; running ones vary."""


def play(stage: Stage) -> None:
    """Write a house's whole story: first what is fixed, then ordinary days around it."""
    by_slug = {equipped.machine.slug: equipped for equipped in stage.machines}
    for stop in STOPS:
        if stop.machine in by_slug:
            _stand_still(stage, by_slug[stop.machine], stop)
    for slug, role in NOW.items():
        if slug in by_slug:
            _happen_now(stage, by_slug[slug], role)
    for promise in PROMISES:
        if promise.machine in by_slug:
            _keep(stage, by_slug[promise.machine], promise)
    _ordinary_days(stage)
    stage.diary.settle(stage.matrix)
    stage.remember_products()


def _stand_still(stage: Stage, equipped: Equipped, stop: Stop) -> None:
    start, end = _moment(stage, stop.first), _moment(stage, stop.last)
    if start is None or end is None or end <= start:
        return
    machine, staff = equipped.machine, stage.manager.pk
    occupancy = stage.diary.timetable.stop(machine, Span(start, end), stop.kind)
    stage.busy.setdefault(machine.pk, []).append(Span(start, end))
    reported = start if stop.kind == "breakdown" else min(start, stage.now) - timedelta(days=5)
    if stop.kind == "maintenance":
        key = stage.rows.add(
            Maintenance, machine_id=machine.pk, occupancy_id=occupancy, starts_at=start, ends_at=end,
            title=stop.words, made_by_id=staff, changed_at=reported,
        )  # fmt: skip
        action, target = "schedule_maintenance", f"facilities.maintenance:{key}"
    else:
        key = stage.rows.add(
            Breakdown, machine_id=machine.pk, occupancy_id=occupancy, started_at=start, expected_until=end,
            closed_at=end if stop.repair else None, reason=stop.words, repair=stop.repair, reported_by_id=staff,
            changed_at=end if stop.repair else reported,
        )  # fmt: skip
        action, target = "report_breakdown", f"facilities.breakdown:{key}"
    after = {"starts_at": start.isoformat(), "ends_at": end.isoformat(), "words": stop.words}
    stage.rows.add(AuditEntry, at=reported, actor_id=staff, action=action, target=target, after=after)


def _moment(stage: Stage, when: tuple[int, int]) -> datetime | None:
    number, minute = when
    day = stage.today if number == 0 else stage.open_day(number)
    if day is None:
        return None
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=stage.house.zone)


def _happen_now(stage: Stage, equipped: Equipped, role: str) -> None:
    """Put somebody in the middle of it, if the house is open now and long enough."""
    now, machine = stage.now, equipped.machine
    current = next((span for span in stage.days.get(stage.today, []) if span.contains(now)), None)
    offer = stage.offer_for(equipped, stage.today, without=MAIN_CAST | stage.here) or stage.offer_for(
        equipped, stage.today, without=MAIN_CAST
    )
    if current is None or offer is None:
        return
    stage.here.add(offer.producer)
    step = timedelta(minutes=GRID)
    base = datetime.fromtimestamp(now.timestamp() // step.total_seconds() * step.total_seconds(), tz=now.tzinfo)
    first, last = AROUND_NOW[role]
    if role == "late" and now - base >= timedelta(minutes=5):
        first = 0
    if role in ("running", "due"):
        first, last = first + stage.random.randrange(-2, 3), last + stage.random.randrange(-3, 4)
    earliest = current.start + timedelta(minutes=-(-machine.setup // GRID) * GRID)
    start = max(base + first * step, earliest)
    end = min(base + last * step, current.end)
    if end - start < timedelta(minutes=30) or (role in ("running", "late") and start > now):
        return
    run = Span(start, end)
    if any(taken.overlaps(run) for taken in stage.busy.get(machine.pk, [])):
        return
    asked = stage.ask(equipped, run, offer)
    if asked is None:
        return
    stage.take(equipped, run)
    known = {"now": now, "random": stage.random, "staff_id": stage.operator.pk}
    if role in ("running", "over", "arrived"):
        stage.write(asked, fates.under_way(asked, running=role != "arrived", **known))
    else:
        stage.write(asked, fates.ahead(asked, **known))


def _keep(stage: Stage, equipped: Equipped, promise: Promise) -> None:
    day = stage.open_day(promise.day)
    offer = stage.offer_for(equipped, producer=promise.producer)
    if day is None or offer is None:
        return
    if promise.role == "displaced":
        _displaced(stage, equipped, promise, day)
        return
    run = stage.fit(equipped, day, promise.minute, promise.length)
    if run is None:
        return
    waiting = promise.role == "waiting"
    made_at = stage.now - timedelta(minutes=stage.random.randrange(40, 22 * 60)) if waiting else None
    asked = stage.ask(equipped, run, offer, made_at=made_at)
    if asked is None:
        return
    stage.take(equipped, run)
    if waiting:
        stage.write(asked, Life())
    elif promise.role == "ahead":
        stage.write(asked, fates.ahead(asked, now=stage.now, random=stage.random, staff_id=stage.manager.pk))
    else:
        stage.write(asked, past(stage, asked, promise.role))


def _displaced(stage: Stage, equipped: Equipped, promise: Promise, day: date) -> None:
    """Somebody whose machine broke: the booking waits for a new place and holds no time."""
    stop = next(stop for stop in STOPS if stop.machine == promise.machine and not stop.repair)
    broken_at, offer = _moment(stage, stop.first), stage.offer_for(equipped, producer=promise.producer)
    if broken_at is None or offer is None or day not in stage.days:
        return
    opens = stage.days[day][0].start
    start = opens + timedelta(minutes=promise.minute - 480 + 15)
    run = Span(start, start + timedelta(minutes=promise.length))
    asked = stage.ask(equipped, run, offer, made_at=broken_at - timedelta(days=2))
    life = Life("displaced", broken_at, stage.manager.pk, "broken", stop.words)
    if asked is not None:
        stage.write(asked, life)


def _ordinary_days(stage: Stage) -> None:
    weights = machine_weights(len(stage.machines), stage.random)
    for equipped, weight in zip(stage.machines, weights, strict=True):
        quiet_for = IDLE.get(equipped.machine.slug)
        last = stage.today - timedelta(days=quiet_for) if quiet_for else None
        final = max((day for day in stage.days if last and day <= last), default=None)
        for day in stage.days:
            if last and day > last:
                continue
            count = 1 if day == final else _count(stage, day, weight)
            for run in jobs(
                stage.free(equipped, day), count, setup=equipped.machine.setup, cleaning=equipped.machine.cleaning,
                random=stage.random,
            ):  # fmt: skip
                ordinary(stage, equipped, run, "completed" if day == final else fate(stage.random))


def _count(stage: Stage, day: date, weight: float) -> int:
    distance = (day - stage.today).days
    fades = max(0.15, 1 - distance / (AFTER.days + 1)) if distance > 0 else 1.0
    wanted = min(stage.load * weight * WEEKDAYS[day.weekday()] * fades, 3.0)
    return int(wanted) + (stage.random.random() < wanted % 1)
