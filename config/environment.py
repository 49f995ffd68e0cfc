"""Read the environment once, at the start. A wrong value ends the start with a sentence.

Standard library only; `settings.py` is the one reader.
"""

import os
import secrets
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

# Libraries 3.7.0–3.51.2 can corrupt a WAL file that two processes write and checkpoint
# at once, which is exactly what the site and its worker do (sqlite.org/wal.html).
WAL_IS_SAFE_FROM = (3, 51, 3)


def wrong(name: str, sentence: str) -> NoReturn:
    """End the start: nobody should find out on the first request."""
    sys.exit(f"{name}: {sentence}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """Return whether the variable says yes; unset is no."""
    value = text(name, "0").lower()
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        wrong(name, f"“{value}” is neither 1 nor 0.")
    return value in {"1", "true", "yes", "on"}


def choice(name: str, options: Sequence[str]) -> str:
    """Return one of `options`; the first is the default."""
    value = text(name, options[0])
    if value not in options:
        wrong(name, f"“{value}” is not one of {', '.join(options)}.")
    return value


def number(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        wrong(name, f"“{value}” is not a whole number from {least} to {most}.")
    return int(value)


def data_folder(default: Path) -> Path:
    """Return the folder of everything that is not code, made if missing."""
    folder = Path(text("RUMAH_DATA", str(default))).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as problem:
        wrong("RUMAH_DATA", f"the folder {folder} cannot be made ({problem.strerror}).")
    if not os.access(folder, os.W_OK):
        wrong("RUMAH_DATA", f"the folder {folder} cannot be written to.")
    return folder


def secret_key(folder: Path) -> str:
    """Return SECRET_KEY, or the key kept in the data folder, made on the first start (0600)."""
    given = os.environ.get("SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            wrong("SECRET_KEY", "it must have at least 32 characters; leave it unset to have one made.")
        return given
    path = folder / "secret_key"
    if not path.exists():
        draft = folder / f".secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # appears whole or not at all, and never replaces another's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def public_url() -> SplitResult:
    """Return the address people use, e.g. https://rumah.example.id; links in messages start with it."""
    parts = urlsplit(text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        wrong("PUBLIC_URL", "write it like https://rumah.example.id, without a path.")
    return parts


def hosts(public: SplitResult) -> list[str]:
    given = [host.strip() for host in text("ALLOWED_HOSTS").split(",") if host.strip()]
    if "*" in given:
        wrong("ALLOWED_HOSTS", "“*” would accept forged addresses; name the hosts, separated by commas.")
    return given or sorted({"localhost", "127.0.0.1", "[::1]", public.hostname or "localhost"})


def database(folder: Path, *, web: bool) -> dict[str, Any]:
    """Return Django's settings for DATABASE_URL: SQLite in the data folder, or PostgreSQL.

    Only the web process pools PostgreSQL connections: the worker forks, and a pool
    does not survive that.
    """
    url = text("DATABASE_URL")
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path[1:])) if url else folder / "rumah.sqlite3")
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        wrong("DATABASE_URL", "write postgres://user:password@host:5432/name or sqlite:////path/to/file.sqlite3.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", unquote(parts.hostname or ""))
    try:
        port = str(parts.port or "")
    except ValueError:
        wrong("DATABASE_URL", "the port is not a number.")
    if web:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    journal = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "TRUNCATE"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # A deferred transaction that turns to writing fails at once when another
            # writes; IMMEDIATE queues at the start instead.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def mail() -> dict[str, Any]:
    """Return Django's EMAIL_* settings for EMAIL_URL; unset means no mail leaves the house."""
    url = text("EMAIL_URL")
    parts = urlsplit(url)
    backends = {"": "dummy", "console": "console", "file": "filebased", "smtp": "smtp", "smtps": "smtp"}
    if parts.scheme not in backends or (parts.scheme.startswith("smtp") and not parts.hostname):
        wrong("EMAIL_URL", "write smtp://user:password@host:587/?tls=1, smtps://…, file:///folder, or console:.")
    query = dict(parse_qsl(parts.query))
    settings: dict[str, Any] = {"EMAIL_BACKEND": f"django.core.mail.backends.{backends[parts.scheme]}.EmailBackend"}
    if parts.scheme == "file":
        settings["EMAIL_FILE_PATH"] = unquote(parts.path)
    if parts.scheme.startswith("smtp"):
        settings |= {
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp" and query.get("tls", "1") == "1",
            "EMAIL_TIMEOUT": 20,
        }
    sender = query.get("from") or text("EMAIL_FROM")
    return settings | ({"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender} if sender else {})


def whatsapp() -> dict[str, str] | None:
    """Return the WhatsApp Cloud API account, or None: then only `wa.me` links are offered."""
    account = {"token": text("WHATSAPP_TOKEN"), "phone_id": text("WHATSAPP_PHONE_ID")}
    if not any(account.values()):
        return None
    if not all(account.values()):
        wrong("WHATSAPP_TOKEN and WHATSAPP_PHONE_ID", "set both, or neither.")
    return account
