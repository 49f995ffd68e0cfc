"""Kill the worker while it tells people, start it again as `up` does, and count what everybody got."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from datetime import timedelta

from benchmarks import live
from tests.faults.mailbox import Mailbox

AT_A_TIME = 3
"""Bookings between two kills: enough that some task is always under way."""

RANDOM = ("whole group", "a child", "sentinel")


def run(engine: str, scene: live.Scene, mailbox: Mailbox, *, kills: int, chance: random.Random) -> list[str]:
    """Kill `kills` times, mostly at named places, then let the worker finish in peace; return what is wrong."""
    worker = Kept()
    before = _made()
    killed: Counter = Counter()
    try:
        for number in range(kills):
            where = _where(number)
            _kill(worker, where, chance, lambda number=number: _book(scene, number))
            killed[where] += 1
        _book(scene, kills)
        _wait(_is_quiet, "the queue never became quiet", worker)
    finally:
        worker.end()
    how = ", ".join(f"{often} {where}" for where, often in sorted(killed.items()))
    print(f"{engine}: worker killed {sum(killed.values())} times ({how}); started {worker.starts} times")
    return _faults(mailbox, kills, before)


class Kept:
    """A worker that is started again whenever it ends, with all it left behind cleared away first."""

    def __init__(self) -> None:
        self.program, self.starts, self.over = (
            live.Program(["manage.py", "worker"], RUMAH_ROLE="worker"),
            1,
            threading.Event(),
        )
        self.keeper = threading.Thread(target=self._keep, daemon=True)
        self.keeper.start()

    def _keep(self) -> None:
        while not self.over.wait(0.1):
            if self.program.process.poll() is not None:
                self.program.end(signal.SIGKILL)
                self.program.start()
                self.starts += 1

    def end(self) -> None:
        self.over.set()
        self.keeper.join()
        self.program.end()

    def parts(self) -> tuple[int, list[int]]:
        """Return the sentinel and its children, once all three are there."""
        until = time.monotonic() + live.PATIENCE
        while time.monotonic() < until:
            for sentinel in live.children(self.program.process.pid):
                if len(those := live.children(sentinel)) == 3:
                    return sentinel, those
            time.sleep(0.05)
        raise SystemExit(f"the worker did not start:\n{self.program.said()[-2000:]}")


def _where(number: int) -> str:
    from tests.faults import traps

    return RANDOM[number // 3 % len(RANDOM)] if number % 3 == 2 else traps.WORKER[number % len(traps.WORKER)]


def _kill(worker: Kept, where: str, chance: random.Random, give_work) -> None:
    from tests.faults import traps

    (sentinel, those), starts = worker.parts(), worker.starts
    if where not in RANDOM:
        traps.arm(where)
    give_work()
    if where not in RANDOM:
        _wait(lambda: not traps.is_armed(where), f"{where} was never sprung", worker)
    else:
        time.sleep(chance.uniform(0, 1))
        victim = {"sentinel": sentinel, "a child": chance.choice(those)}.get(where)
        os.kill(victim, signal.SIGKILL) if victim else os.killpg(worker.program.process.pid, signal.SIGKILL)
    _wait(lambda: worker.starts > starts, "nobody started the worker again", worker)


def _book(scene: live.Scene, number: int) -> None:
    """Book three free times through the service, as the web process would: a year from the others."""
    from django.utils import timezone

    from bookings.models import Producer
    from bookings.ordering import services as ordering
    from facilities.models import Machine

    machine = Machine.objects.get(slug=scene.machines[0])
    for n in range(AT_A_TIME):
        start = scene.first_day + timedelta(days=200, hours=2 * (AT_A_TIME * number + n))
        producer = Producer.objects.order_by("pk")[n]
        ordering.reserve(
            machine_id=machine.pk, starts_at=start, ends_at=start + timedelta(hours=2), producer=producer,
            actor=producer.memberships.get().user, now=timezone.now(),
        )  # fmt: skip


def _made() -> int:
    from bookings.models import Booking

    return Booking.objects.count()


def _is_quiet() -> bool:
    from django_q.models import OrmQ

    from bookings.models import BookingEvent, Message

    tasks = OrmQ.objects.count()
    waiting = BookingEvent.objects.filter(awaits_follow_up=True).exists()
    return not tasks and not waiting and not Message.objects.filter(next_try_at__isnull=False).exists()


def _wait(for_what, sentence: str, worker: Kept) -> None:
    until = time.monotonic() + 4 * live.PATIENCE
    while not for_what():
        if time.monotonic() > until:
            raise SystemExit(f"{sentence}:\n{worker.program.said()[-2000:]}")
        time.sleep(0.1)


def _faults(mailbox: Mailbox, kills: int, before: int) -> list[str]:
    """Compare what was written, what was marked, and what the mail server really got."""
    from django.utils import timezone

    from bookings.messages import mail_services
    from bookings.models import Booking, Message

    mail_services.settle_interrupted(now=timezone.now() + timedelta(minutes=11))
    bookings = Booking.objects.count()
    told, mails = Message.objects.filter(channel="app").count(), Message.objects.filter(channel="email")
    got = Counter(mailbox.ids())
    marked = {mail_services.message_id_of(mail.key) for mail in mails if mail.sent_at}
    unsure = {mail_services.message_id_of(mail.key) for mail in mails if mail.failure == mail_services.INTERRUPTED}
    print(f"  {bookings} bookings, {bookings - before} of them while the worker was killed: {told} messages in the app, "
          f"{mails.count()} e-mails")  # fmt: skip
    print(f"  e-mails received {sum(got.values())}, marked sent {len(marked)}, interrupted and not sent again {len(unsure)} "
          f"(of these received {len(unsure & set(got))})")  # fmt: skip
    faults = [f"{id} came {often} times" for id, often in got.items() if often > 1]
    if told != bookings or mails.count() != bookings:
        faults.append(f"{bookings} bookings, but {told} messages in the app and {mails.count()} e-mails")
    if marked - set(got):
        faults.append(f"{len(marked - set(got))} e-mails are marked sent and never came")
    if len(marked) + len(unsure) != bookings or len(unsure) > kills:
        faults.append(f"{bookings} e-mails, {len(marked)} sent, {len(unsure)} interrupted by {kills} kills")
    return faults
