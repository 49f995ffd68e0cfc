"""Backups: made beside a running site, proven by restoring, and never trusted when touched."""

import io
import sqlite3
import tarfile

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from config import archive
from tests import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the file of SQLite; PostgreSQL has a test of its own"),
]


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A database with Siti in it, one photo, and settings that point at both."""
    build.make_user("Siti")
    media = tmp_path / "media"
    media.mkdir()
    (media / "foto.webp").write_bytes(b"not really a picture")
    monkeypatch.setattr(settings, "MEDIA_ROOT", media)
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", connection.settings_dict["NAME"])
    return tmp_path


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_backup_is_whole_and_says_so(house):
    run("backup", str(house / "b.tar"))

    assert "is whole" in run("restore", str(house / "b.tar"), "--verify")
    assert [path.name for path in house.iterdir() if path.name.startswith(".")] == []


def test_the_copy_holds_the_rows_and_the_media(house):
    run("backup", str(house / "b.tar"))

    archive.unpack(house / "b.tar", house / "out")
    with sqlite3.connect(house / "out/database.sqlite3") as copy:
        assert copy.execute("SELECT name FROM accounts_user").fetchall() == [("Siti",)]
    assert (house / "out/media/foto.webp").read_bytes() == b"not really a picture"
    assert not list((house / "out").rglob("secret_key"))


def test_a_backup_never_replaces_another(house):
    (house / "b.tar").write_text("the one from yesterday")

    with pytest.raises(CommandError, match="never overwritten"):
        run("backup", str(house / "b.tar"))
    assert (house / "b.tar").read_text() == "the one from yesterday"


def test_a_changed_backup_is_not_trusted(house):
    run("backup", str(house / "b.tar"))
    data = (house / "b.tar").read_bytes()
    (house / "b.tar").write_bytes(data.replace(b"not really", b"NOT REALLY"))

    with pytest.raises(CommandError, match="checksum"):
        run("restore", str(house / "b.tar"), "--verify")


def test_a_restore_never_replaces_what_is_there(house):
    run("backup", str(house / "b.tar"))

    with pytest.raises(CommandError, match="not empty"):
        run("restore", str(house / "b.tar"))


@pytest.mark.parametrize("content", [b"", b"no archive at all"])
def test_something_else_is_not_a_backup(house, content):
    (house / "x.tar").write_bytes(content)

    with pytest.raises(CommandError, match="not a backup"):
        run("restore", str(house / "x.tar"), "--verify")


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/cron.d/x"])
def test_an_archive_writes_nowhere_else(house, name):
    with tarfile.open(house / "x.tar", "w") as made:
        made.addfile(tarfile.TarInfo(name))

    with pytest.raises(archive.ArchiveProblem, match="no place"):
        archive.unpack(house / "x.tar", house / "out")
