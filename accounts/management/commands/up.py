"""`manage.py up`: everything a house needs on one machine, started and stopped together."""

import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django_q.tasks import async_task

from accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from accounts.formats import phone as phone_for_people
from accounts.models import User
from config.supervisor import Child, keep_alive


class Command(BaseCommand):
    help = "Prepare the database, load demo data into an empty one, and run the site with its worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
        parser.add_argument("--no-worker", action="store_true", help="do not start the background worker")

    def handle(self, *, host: str, port: int, no_demo: bool, no_worker: bool, **_: Any) -> None:
        door = _open_door(host, port)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if not no_demo and not User.objects.exists():
            self.stdout.write("Loading demo data …")
            call_command("demo", verbosity=0)
        self._greet(host, door.getsockname()[1])
        async_task("accounts.tasks.beat")  # /readyz need not wait for the first minute
        children = [_web(door)] if no_worker else [_web(door), _worker()]
        keep_alive(children)
        self.stdout.write("Stopped.")

    def _greet(self, host: str, port: int) -> None:
        named = f"[{host}]" if ":" in host else host
        self.stdout.write(f"\nRumah Produksi: http://{named}:{port}/   (Ctrl+C stops the site and its worker)\n")
        if host not in {"127.0.0.1", "::1", "localhost"}:
            self.stdout.write(f"It answers for these hosts: {', '.join(settings.ALLOWED_HOSTS)} (ALLOWED_HOSTS).")
        people = User.objects.filter(is_demo=True).order_by("phone").values_list("phone", "name")
        if people:
            self.stdout.write(f"\nDemo sign-ins, all with the password {DEMO_PASSWORD}:")
            for phone, name in people:
                self.stdout.write(f"  {phone_for_people(phone).replace('-', '')}  {DEMO_PEOPLE.get(phone, name)}")
        self.stdout.flush()


def _open_door(host: str, port: int) -> socket.socket:
    """Take the port before any other work, so that a busy one is said at once."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(128)
    except OSError as problem:
        raise CommandError(f"{host}:{port} cannot be used ({problem.strerror}). Choose another with --port.") from None
    return door


def _web(door: socket.socket) -> Child:
    command = [sys.executable, "-m", "config.serve", str(door.fileno())]
    return Child("web", command, {"RUMAH_ROLE": "web"}, keep_open=(door.fileno(),))


def _worker() -> Child:
    return Child("worker", [sys.executable, str(settings.ROOT / "manage.py"), "worker"], {"RUMAH_ROLE": "worker"})
