"""The same promises on PostgreSQL, with its own programs."""

import io
import os
import shutil

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from config import archive
from tests import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has a test of its own"),
]


@pytest.fixture(autouse=True)
def programs():
    if shutil.which("pg_dump") is None:
        message = "pg_dump was not found: backups of PostgreSQL were not tried"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


def databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'rumah_verify_%%'")
        return cursor.fetchall()


def test_a_backup_is_tried_in_a_database_of_its_own_that_is_gone_afterwards(tmp_path):
    build.make_user("Siti")
    call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())

    manifest = archive.verify(tmp_path / "b.tar")

    assert (manifest["engine"], manifest["counts"]["accounts_user"]) == ("postgresql", 1)
    assert databases() == []


def test_rows_written_after_the_backup_are_not_expected_in_it(tmp_path):
    call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())
    build.make_user("Budi")

    assert archive.verify(tmp_path / "b.tar")["counts"]["accounts_user"] == 0


def test_a_restore_never_replaces_what_is_there(tmp_path):
    build.make_user("Siti")
    call_command("backup", str(tmp_path / "b.tar"), stdout=io.StringIO())

    with pytest.raises(archive.ArchiveProblem, match="not empty"):
        archive.restore(tmp_path / "b.tar")
    assert User.objects.count() == 1
