"""One file that holds a whole house: database, media, and a list to check them by.

The archive is a tar with `manifest.json` (sizes, SHA-256, row counts), the database,
and `media/`. It is made while the site runs. The secret key is not in it: after a
restore people sign in again.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

MANIFEST, SQLITE, DUMP, MEDIA = "manifest.json", "database.sqlite3", "database.dump", "media"
FORMAT = 1


class ArchiveProblem(Exception):
    """A backup cannot be made or trusted; the words say why and what to do."""


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def create(target: Path, *, now: datetime) -> dict[str, Any]:
    """Write the archive to `target`, which must not exist yet; return its manifest.

    It appears under its name only when complete and on disk.
    """
    if target.exists():
        raise ArchiveProblem(f"{target} exists already; backups are never overwritten.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        room = Path(folder)
        if is_sqlite():
            database = _copy_sqlite(room / SQLITE)
            counts = _counts_in_copy(database)
        else:
            database, counts = _dump_postgres(room / DUMP)
        files = {database.name: database, **_media_files()}
        manifest = _manifest(files, counts=counts, now=now)
        (room / MANIFEST).write_text(json.dumps(manifest, indent=1))
        part = room / "archive.tar"
        with tarfile.open(part, "w") as archive:
            archive.add(room / MANIFEST, MANIFEST)
            for name, path in files.items():
                archive.add(path, name)
        with open(part, "rb") as written:
            os.fsync(written.fileno())
        os.link(part, target)  # fails if somebody made it meanwhile
    return manifest


def _copy_sqlite(copy: Path) -> Path:
    """Copy through SQLite itself: a file copied beside a running writer may be torn."""
    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60)) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    _check_sqlite(copy)
    return copy


def _check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        orphan = database.execute("PRAGMA foreign_key_check").fetchone()
    if answer != "ok" or orphan:
        raise ArchiveProblem(f"The database is damaged: {answer if answer != 'ok' else orphan}.")


def _counts_in_copy(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as copy:
        return {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in _tables()}


def _tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models())


def _media_files() -> dict[str, Path]:
    root = Path(settings.MEDIA_ROOT)
    found = (path for path in sorted(root.rglob("*")) if path.is_file()) if root.is_dir() else ()
    return {f"{MEDIA}/{path.relative_to(root)}": path for path in found}


def _manifest(files: dict[str, Path], *, counts: dict[str, int], now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "engine": connection.vendor,
        "counts": counts,
        "files": {name: {"size": path.stat().st_size, "sha256": _digest(path)} for name, path in files.items()},
        "not_included": ["secret_key", "environment"],
    }


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack into `folder` and check every size and checksum; return the manifest."""
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                _take_out(archive, member, folder)
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, tarfile.TarError, ValueError) as problem:
        raise ArchiveProblem(f"{source} is not a backup of this site ({problem}).") from None
    if manifest.get("format") != FORMAT:
        raise ArchiveProblem(f"{source} has the unknown format {manifest.get('format')}.")
    for name, known in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != known["size"] or _digest(path) != known["sha256"]:
            raise ArchiveProblem(f"{name} in {source} does not match its checksum.")
    return manifest


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file below `folder`: an archive may name paths and links that lead elsewhere."""
    place = (folder / member.name).resolve()
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or not place.is_relative_to(folder.resolve()):
        raise ArchiveProblem(f"{member.name} has no place in a backup.")
    place.parent.mkdir(parents=True, exist_ok=True)
    with content, open(place, "wb") as copy:
        shutil.copyfileobj(content, copy)


def verify(source: Path) -> dict[str, Any]:
    """Restore aside, check everything, compare row counts, and leave nothing behind."""
    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".verify-") as folder:
        manifest = unpack(source, Path(folder))
        database = Path(folder) / SQLITE
        if database.exists():
            _check_sqlite(database)
            _compare(manifest["counts"], _counts_in_copy(database))
        elif is_sqlite():
            raise ArchiveProblem("This is a backup of PostgreSQL; set DATABASE_URL to a server to try it on.")
        else:
            _compare(manifest["counts"], _counts_in_scratch_database(Path(folder) / DUMP))
    return manifest


def _compare(wanted: dict[str, int], found: dict[str, int]) -> None:
    wrong = [f"{table}: {found[table]} instead of {count}" for table, count in wanted.items() if found[table] != count]
    if wrong:
        raise ArchiveProblem(f"Rows are missing: {'; '.join(wrong)}.")


def restore(source: Path) -> dict[str, Any]:
    """Put the archive into an empty installation. Raises ArchiveProblem rather than replace anything."""
    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".restore-") as folder:
        room = Path(folder)
        manifest = unpack(source, room)
        if manifest["engine"] != connection.vendor:
            raise ArchiveProblem(f"This is a backup of {manifest['engine']}; DATABASE_URL names {connection.vendor}.")
        _refuse_if_in_use()
        _put_sqlite(room / SQLITE) if is_sqlite() else _put_postgres(room / DUMP)
        if (room / MEDIA).is_dir():
            shutil.copytree(room / MEDIA, settings.MEDIA_ROOT, dirs_exist_ok=True)
    return manifest


def _refuse_if_in_use() -> None:
    tables = connection.introspection.table_names()
    connection.close()
    if tables:
        raise ArchiveProblem("The database is not empty. Point RUMAH_DATA or DATABASE_URL at an empty one.")


def _put_sqlite(copy: Path) -> None:
    _check_sqlite(copy)
    place = Path(settings.DATABASES["default"]["NAME"])
    for leftover in ("-wal", "-shm", "-journal"):  # they belong to another database now
        Path(f"{place}{leftover}").unlink(missing_ok=True)
    shutil.copyfile(copy, f"{place}.new")
    os.replace(f"{place}.new", place)


def _dump_postgres(target: Path) -> tuple[Path, dict[str, int]]:
    """Dump and count in one snapshot, so that both speak of the same moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
            "--file", str(target), "--dbname", _address(),
        )  # fmt: skip
        return target, {table: _count(cursor, table) for table in _tables()}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')
    return cursor.fetchone()[0]


def _counts_in_scratch_database(dump: Path) -> dict[str, int]:
    """Restore the dump into a database of its own, count, and drop it again."""
    name = f"rumah_verify_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f'CREATE DATABASE "{name}"')
        except DatabaseError as problem:
            raise ArchiveProblem(f"A database to try the backup in cannot be made ({problem}).") from None
        try:
            _put_postgres(dump, name)
            counted = _run("psql", "-AtX", "--dbname", _address(name), "-c", _count_all()).split("|")
            return dict(zip(_tables(), map(int, counted), strict=True))
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _count_all() -> str:
    return "SELECT " + ", ".join(f'(SELECT count(*) FROM "{table}")' for table in _tables())


def _put_postgres(dump: Path, name: str | None = None) -> None:
    _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--dbname", _address(name), str(dump))


def _address(name: str | None = None) -> str:
    known = settings.DATABASES["default"]
    parts = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "dbname": name or known["NAME"]}
    return " ".join(f"{key}='{value}'" for key, value in parts.items() if value)


def _run(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise ArchiveProblem(f"{program} was not found; install PostgreSQL's client programs (postgresql-client).")
    environment = {**os.environ, "PGPASSWORD": settings.DATABASES["default"].get("PASSWORD", "")}
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise ArchiveProblem(f"{program} failed: {done.stderr.strip()[-400:]}")
    return done.stdout.strip()
