"""What must hold before the site starts, and what `doctor` looks at afterwards."""

import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.mail import get_connection
from django.db import DatabaseError, connection

from accounts.models import User
from config import health
from config.environment import WAL_IS_SAFE_FROM

LEAST_FREE_BYTES = 500 * 1024 * 1024


@register()
def tasks_are_given_up_before_they_are_taken_again(**_: Any) -> list[CheckMessage]:
    queue = settings.Q_CLUSTER
    if queue["retry"] > queue["timeout"]:
        return []
    return [Error("Q_CLUSTER retry must be longer than timeout: a slow task would run twice at once.", id="rumah.E001")]


@register()
def wal_only_where_it_is_safe(**_: Any) -> list[CheckMessage]:
    command = settings.DATABASES["default"].get("OPTIONS", {}).get("init_command", "").lower().replace(" ", "")
    if "journal_mode=wal" not in command or sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM:
        return []
    version = ".".join(map(str, WAL_IS_SAFE_FROM))
    return [Error(f"WAL needs SQLite {version}; {sqlite3.sqlite_version} can corrupt it.", id="rumah.E002")]


@register()
def addresses_are_named(**_: Any) -> list[CheckMessage]:
    if settings.SECURE and settings.PUBLIC.hostname not in settings.ALLOWED_HOSTS:
        return [Warning("ALLOWED_HOSTS does not hold the host of PUBLIC_URL.", id="rumah.W001")]
    return []


def examine() -> Iterator[tuple[str, bool, str]]:
    """Yield each finding of `doctor`: what was looked at, whether it is well, what to know or do."""
    yield "Python", sys.version_info >= (3, 11), sys.version.split()[0]
    yield from _database()
    yield "debug", not settings.DEBUG, "DEBUG is on: unset it." if settings.DEBUG else "off"
    if settings.SECURE:
        yield "address", True, settings.PUBLIC_URL
    else:
        yield "address", True, f"{settings.PUBLIC_URL}; before people use it, put HTTPS in front and set PUBLIC_URL"
    free = shutil.disk_usage(settings.DATA).free
    yield "disk", free > LEAST_FREE_BYTES, f"{free // 1024**2} MB free in {settings.DATA}"
    key = settings.DATA / "secret_key"
    closed = not key.exists() or key.stat().st_mode & 0o077 == 0
    yield "secret key", closed, "kept" if closed else f"readable by others: chmod 600 {key}"
    yield "clock", time.time() > 1_767_225_600, time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    yield from _mail()


def _database() -> Iterator[tuple[str, bool, str]]:
    for part, state in health.checks().items():
        advice = {"migrations": " – run: manage.py migrate", "worker": " – start: manage.py worker (up does)"}
        yield part, state == "ok", state if state == "ok" else state + advice.get(part, "")
    try:
        if connection.vendor == "sqlite":
            mode = settings.DATABASES["default"]["OPTIONS"]["init_command"].split(";")[0].split("=")[1]
            yield "engine", True, f"SQLite {sqlite3.sqlite_version}, journal {mode}"
        else:
            version = connection.pg_version
            yield "engine", version >= 140000, f"PostgreSQL {version // 10000}.{version % 10000}"
        demo = User.objects.filter(is_demo=True, is_active=True).count()
    except DatabaseError as problem:
        yield "engine", False, type(problem).__name__
        return
    if demo:
        refused = settings.SECURE
        yield (
            "demo sign-ins",
            not refused,
            f"{demo} with a public password" + (": start from an empty database" if refused else ""),
        )


def _mail() -> Iterator[tuple[str, bool, str]]:
    if not settings.MAIL_IS_ON:
        yield "mail", True, "off (EMAIL_URL is not set); messages stay in the app"
        return
    try:
        post = get_connection()
        post.open()
        post.close()
        yield "mail", True, "the server answers"
    except OSError as problem:
        yield "mail", False, f"the server of EMAIL_URL does not answer: {problem}"
