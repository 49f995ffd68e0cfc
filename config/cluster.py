"""The worker: django-q2's cluster, made to end when it is hurt, so that a whole one takes its place.

django-q2 replaces a killed child and carries on. But whoever is killed while waiting
for a task takes the lock of the queue along, and no later child ever gets a task: the
cluster looks alive and does nothing. So a sudden death ends all of it, and whoever
started it (`up`, systemd) starts a new one. Tasks that were under way come back by
themselves. What no death explains is found by the clock: work waits and none gets done.
"""

import logging
import os
import signal
import sys
import time
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess

from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone
from django_q import cluster
from django_q.models import OrmQ, Task

logger = logging.getLogger("rumah.worker")

LOOK_EVERY = 15  # seconds
STUCK_AFTER = timedelta(minutes=5)
"""No task may take longer than a minute (Q_CLUSTER): five without one finished, while some wait, is no coincidence."""
HURT = 70


class Sentinel(cluster.Sentinel):
    """Replaces children that were recycled or took too long; ends with all the others when one was killed."""

    def reincarnate(self, process: BaseProcess) -> None:
        if process in self.pool and int(process.timer.value) in (0, -2):
            super().reincarnate(process)
            return
        logger.critical("a process of the worker died suddenly; ending, to be started afresh")
        for child in [*self.pool, self.monitor, self.pusher]:
            child.kill()
        os._exit(HURT)


def run() -> None:
    """Work until told to stop, or until hurt."""
    cluster.Sentinel = Sentinel
    started = timezone.now()  # noqa: TID251 - a process begins here
    workers = cluster.Cluster()
    workers.start()
    while workers.sentinel.is_alive():
        workers.sentinel.join(LOOK_EVERY)
        if workers.sentinel.is_alive() and is_stuck(since=started, now=timezone.now()):  # noqa: TID251
            logger.critical("tasks wait and none gets done; ending, to be started afresh")
            _end_all(workers.sentinel)
    sys.exit(HURT if workers.sentinel.exitcode else 0)


def is_stuck(*, since: datetime, now: datetime) -> bool:
    """Whether tasks wait and none was finished for five minutes, `since` being the earliest that counts."""
    try:
        last = Task.objects.aggregate(last=Max("stopped"))["last"]
        waiting = OrmQ.objects.exists()
    except DatabaseError:
        return False  # the database is away, which is another matter
    finally:
        connection.close()
    return waiting and now - max(last or since, since) > STUCK_AFTER


def _end_all(sentinel: BaseProcess) -> None:
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    sentinel.kill()
    time.sleep(0.1)
    os._exit(HURT)
