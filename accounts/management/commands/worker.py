"""`manage.py worker`: send messages, remind, release no-shows, sum the months. `up` starts it by itself."""

from typing import Any

from django.core.management.base import BaseCommand

from config import cluster


class Command(BaseCommand):
    help = "Do what waits in the queue and what the clock demands, until stopped."

    def handle(self, **_: Any) -> None:
        cluster.run()
