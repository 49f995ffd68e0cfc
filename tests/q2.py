"""Run django-q2's own code inside a test: broker, worker, monitor and scheduler, without forking.

The cluster command cannot serve: it forks and closes every connection, and its
`--run-once` leaves tasks behind (2–7 of 30 were done).
"""

from __future__ import annotations

from contextlib import ExitStack
from multiprocessing import Value
from queue import Queue
from unittest.mock import patch

from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.monitor import monitor
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage
from django_q.worker import worker


def drain(*, schedules: bool = False, limit: int = 1000) -> int:
    """Do the waiting tasks, and those they make, until none is due; return how many were done.

    With `schedules`, what is due by schedule is put in the queue first.
    """
    with ExitStack() as stack:
        for module in ("worker", "monitor", "scheduler"):  # they would close the test's own transaction
            stack.enter_context(patch(f"django_q.{module}.close_old_django_connections", lambda: None))
        broker = get_broker(Conf.CLUSTER_NAME)
        if schedules:
            Schedule.objects.update(next_run=timezone.now())
            scheduler(broker=broker)
        done = 0
        while done < limit and OrmQ.objects.filter(lock__lte=timezone.now()).exists():
            done += _one_round(broker)
        return done


def _one_round(broker: Broker) -> int:
    tasks, results, taken = Queue(), Queue(), 0
    for ack_id, payload in broker.dequeue() or []:
        task = SignedPackage.loads(payload)
        task["cluster"], task["ack_id"] = Conf.CLUSTER_NAME, ack_id
        tasks.put(task)
        taken += 1
    tasks.put("STOP")
    worker(tasks, results, Value("f", -1))
    results.put("STOP")
    monitor(results, broker)
    return taken
