"""Making `.venv` with nothing but the standard library. The whole way, with the network, is walked by `.ci/run`."""

import hashlib
import subprocess
import sys

import pytest

from config import bootstrap

pytestmark = pytest.mark.once


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A clone that was never started: a folder for `.venv` and two locks."""
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "BIN", tmp_path / ".venv/bin")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv/bin/python")
    for name in ("RUN_LOCK", "TEST_LOCK"):
        monkeypatch.setattr(bootstrap, name, tmp_path / name.lower())
        (tmp_path / name.lower()).write_text(name)
    (tmp_path / ".venv").mkdir()
    return tmp_path


def test_an_environment_laid_by_hand_is_an_environment_of_its_own(fresh):
    bootstrap._lay_environment_by_hand()

    told = subprocess.run([bootstrap.PYTHON, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True)
    assert told.stdout.strip() == str(fresh / ".venv")


def test_without_the_venv_module_it_is_laid_by_hand(fresh, monkeypatch):
    monkeypatch.setitem(sys.modules, "venv", None)

    bootstrap._lay_environment()

    assert bootstrap._runs(bootstrap.PYTHON)


def test_an_interpreter_that_is_gone_does_not_run(fresh):
    (fresh / ".venv/bin").mkdir()
    (fresh / ".venv/bin/python").symlink_to("/usr/bin/python9.99")

    assert not bootstrap._runs(bootstrap.PYTHON)


def test_an_interrupted_install_is_not_complete(fresh):
    bootstrap._lay_environment_by_hand()

    assert not bootstrap._is_complete(bootstrap.RUN_LOCK)


def test_a_changed_lock_is_not_complete(fresh):
    bootstrap._lay_environment_by_hand()
    (fresh / ".venv" / bootstrap.STAMP).write_text(bootstrap._digest(bootstrap.RUN_LOCK))
    assert bootstrap._is_complete(bootstrap.RUN_LOCK)

    bootstrap.RUN_LOCK.write_text("another version")

    assert not bootstrap._is_complete(bootstrap.RUN_LOCK)


def test_a_pip_with_another_checksum_is_never_used(fresh, monkeypatch):
    monkeypatch.setattr(bootstrap, "_download_pip", lambda: b"something else")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)

    with pytest.raises(SystemExit, match="wrong checksum"):
        bootstrap._pip_wheel()
    assert not (fresh / ".venv" / bootstrap.PIP_WHEEL).exists()


def test_a_pip_from_a_local_folder_needs_no_network(fresh, monkeypatch):
    (fresh / bootstrap.PIP_WHEEL).write_bytes(b"a wheel")
    monkeypatch.setattr(bootstrap, "PIP_SHA256", hashlib.sha256(b"a wheel").hexdigest())
    monkeypatch.setenv("PIP_FIND_LINKS", str(fresh))
    monkeypatch.setattr(bootstrap, "_download_pip", lambda: pytest.fail("asked the network"))

    assert bootstrap._pip_wheel().read_bytes() == b"a wheel"


def test_no_network_is_said_in_a_sentence(fresh, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")

    with pytest.raises(SystemExit, match="needs the network"):
        bootstrap._download_pip()


def test_the_index_is_the_one_pip_would_use(fresh, monkeypatch):
    (fresh / "pip.conf").write_text("[global]\nindex-url = https://mirror.example/simple\n")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(fresh / "pip.conf"))
    assert bootstrap._index() == "https://mirror.example/simple"

    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    assert bootstrap._index() == "https://other.example/simple"


def test_both_locks_agree_on_every_version():
    def pins(lock):
        return {line.split(" ")[0] for line in lock.read_text().splitlines() if "==" in line}

    assert pins(bootstrap.ROOT / "requirements.lock") <= pins(bootstrap.ROOT / "requirements-test.lock")


def test_the_locks_hold_hashes_and_no_addresses():
    for lock in (bootstrap.ROOT / "requirements.lock", bootstrap.ROOT / "requirements-test.lock"):
        assert "://" not in lock.read_text()
        assert lock.read_text().count("==") <= lock.read_text().count("--hash=sha256:")
