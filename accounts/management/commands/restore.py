"""`manage.py restore FILE`: fill an empty installation; with --verify, only prove that it could."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import archive


class Command(BaseCommand):
    help = "Restore a backup into an empty installation, or check it without changing anything."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--verify", action="store_true", help="restore aside, check, compare, and remove it again")

    def handle(self, *, file: Path, verify: bool, **_: Any) -> None:
        try:
            manifest = archive.verify(file) if verify else archive.restore(file)
        except archive.ArchiveProblem as problem:
            raise CommandError(str(problem)) from None
        rows = sum(manifest["counts"].values())
        done = "is whole" if verify else "is restored"
        self.stdout.write(f"{file} {done}: made {manifest['made_at']}, {rows} rows, {len(manifest['files'])} files.")
