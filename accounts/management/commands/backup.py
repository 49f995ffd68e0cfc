"""`manage.py backup FILE`: database and media in one file, made while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import archive


class Command(BaseCommand):
    help = "Write database and media into one file with checksums. The site may go on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        try:
            manifest = archive.create(file.resolve(), now=timezone.now())
        except (archive.ArchiveProblem, OSError) as problem:
            raise CommandError(str(problem)) from None
        rows = sum(manifest["counts"].values())
        self.stdout.write(f"{file}: {rows} rows, {len(manifest['files'])} files, {file.stat().st_size} bytes.")
        self.stdout.write(f"Now copy it to another place and try it: manage.py restore {file} --verify")
