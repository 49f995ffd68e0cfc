"""The environment: what is understood, and that a wrong value ends the start with a sentence."""

import stat

import pytest

from config import environment as env


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "perhaps", lambda tmp: env.flag("DEBUG")),
        ("LOG_FORMAT", "xml", lambda tmp: env.choice("LOG_FORMAT", ["text", "json"])),
        ("WORKERS", "0", lambda tmp: env.number("WORKERS", 1, least=1, most=16)),
        ("WORKERS", "viele", lambda tmp: env.number("WORKERS", 1, least=1, most=16)),
        ("SECRET_KEY", "short", env.secret_key),
        ("PUBLIC_URL", "rumah.example.id", lambda tmp: env.public_url()),
        ("PUBLIC_URL", "https://rumah.example.id/app", lambda tmp: env.public_url()),
        ("ALLOWED_HOSTS", "*", lambda tmp: env.hosts(env.public_url())),
        ("DATABASE_URL", "mysql://a/b", lambda tmp: env.database(tmp, web=False)),
        ("DATABASE_URL", "postgres://a", lambda tmp: env.database(tmp, web=False)),
        ("DATABASE_URL", "postgres://a:port/b", lambda tmp: env.database(tmp, web=False)),
        ("EMAIL_URL", "mailto:a@b", lambda tmp: env.mail()),
        ("EMAIL_URL", "smtp://", lambda tmp: env.mail()),
        ("WHATSAPP_TOKEN", "only-half", lambda tmp: env.whatsapp()),
        ("RUMAH_DATA", "/proc/nowhere", env.data_folder),
    ],
)
def test_a_wrong_value_ends_the_start_naming_the_variable(monkeypatch, tmp_path, name, value, read):
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match=name):
        read(tmp_path)


def test_a_secret_key_is_made_once_and_read_by_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    first = env.secret_key(tmp_path)

    assert len(first) > 50
    assert env.secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_sqlite_queues_writers_and_syncs_every_commit(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    options = env.database(tmp_path, web=True)["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


@pytest.mark.parametrize(
    ("version", "journal"), [((3, 40, 1), "TRUNCATE"), ((3, 51, 2), "TRUNCATE"), ((3, 51, 3), "WAL")]
)
def test_wal_is_used_only_where_it_cannot_corrupt(tmp_path, monkeypatch, version, journal):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(env.sqlite3, "sqlite_version_info", version)

    assert f"journal_mode={journal};" in env.database(tmp_path, web=True)["OPTIONS"]["init_command"]


def test_postgresql_is_named_by_its_address_and_pooled_for_the_web_only(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://dinas:p%40ss@db.example:5433/rumah?sslmode=require")

    web, command = env.database(tmp_path, web=True), env.database(tmp_path, web=False)

    assert (web["NAME"], web["USER"], web["PASSWORD"], web["HOST"], web["PORT"]) == (
        "rumah", "dinas", "p@ss", "db.example", "5433",
    )  # fmt: skip
    assert web["OPTIONS"]["sslmode"] == "require"
    assert "pool" in web["OPTIONS"] and "pool" not in command["OPTIONS"]


def test_a_socket_folder_may_stand_in_the_query(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres:///rumah?host=/run/postgresql")

    assert env.database(tmp_path, web=False)["HOST"] == "/run/postgresql"


def test_mail_is_sent_by_the_server_named(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp://a%40b.id:rahasia@mail.example:2525/?from=rumah@example.id")

    mail = env.mail()

    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("mail.example", 2525, True)
    assert (mail["EMAIL_HOST_USER"], mail["DEFAULT_FROM_EMAIL"]) == ("a@b.id", "rumah@example.id")
