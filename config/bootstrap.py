"""Make `.venv` and fill it from the hashed lock, with the standard library alone.

A bare Debian `python3` has no pip, no ensurepip and perhaps no venv module, and the
home folder may be empty. So the environment is laid by hand where it must be, and pip
comes as one wheel whose checksum is written below. Then the process starts itself
again inside the environment.
"""

import configparser
import hashlib
import html
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUN_LOCK, TEST_LOCK = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
STAMP, BUSY = ".installed", ".busy"

PIP_WHEEL = "pip-26.1.1-py3-none-any.whl"
PIP_SHA256 = "99cb1c2899893b075ff56e4ed0af55669a955b49ad7fb8d8603ecdaf4ed653fb"
DEFAULT_INDEX = "https://pypi.org/simple"


def ensure(*, testing: bool = False) -> None:
    """Return inside a complete `.venv`; everywhere else, complete it and start again there.

    The test lock holds all of the run lock, so an environment made for `test` serves
    every other command too. Exits with a sentence when that is not possible.
    """
    wanted = TEST_LOCK if testing else RUN_LOCK
    if not _is_complete(wanted):
        with _Turn():
            if not _is_complete(wanted):  # another start may have finished it meanwhile
                _install(wanted)
    if Path(sys.prefix).resolve() != VENV.resolve():
        _start_again()


def run_tests(arguments: list[str]) -> int:
    """Run the suite on all cores unless the arguments choose otherwise; return pytest's code."""
    import pytest

    chosen = any(a in ("-n", "--pdb") or a.startswith(("-n", "--numprocesses")) for a in arguments)
    alone = "no:xdist" in " ".join(arguments)
    spread = [] if chosen or alone else ["-n", "auto"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    return int(pytest.main([*spread, *arguments]))


def _is_complete(lock: Path) -> bool:
    try:
        return PYTHON.exists() and _digest(lock) in (VENV / STAMP).read_text().split()
    except OSError:
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class _Turn:
    """One start at a time: two commands typed together must not fill `.venv` twice at once."""

    def __enter__(self):
        VENV.mkdir(exist_ok=True)
        self._file = open(VENV / BUSY, "w")
        try:
            import fcntl
        except ImportError:  # Windows: nothing to hold, the stamp alone protects
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another start is preparing .venv; waiting for it …")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self._file.close()


def _install(lock: Path) -> None:
    _say("Preparing .venv from %s (once, about a minute) …" % lock.name)
    stamp = VENV / STAMP
    stamp.unlink(missing_ok=True)  # an interrupted install must not look finished
    if not _runs(PYTHON):
        _lay_environment()
    command = [
        str(PYTHON), str(_pip_wheel() / "pip"), "install", "--quiet", "--no-input", "--disable-pip-version-check",
        "--require-hashes", "--only-binary", ":all:", "-r", str(lock),
    ]  # fmt: skip
    environment = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    if subprocess.run(command, env=environment).returncode:
        sys.exit("The packages of %s could not be installed; pip says why above. Is the network reachable?" % lock.name)
    locks = {lock, RUN_LOCK}
    stamp.write_text("\n".join(_digest(each) for each in sorted(locks)))


def _runs(python: Path) -> bool:
    """Tell whether this interpreter starts: after a system upgrade the old link dangles."""
    try:
        return subprocess.run([str(python), "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def _lay_environment() -> None:
    for old in VENV.iterdir():
        if old.name != BUSY:
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    try:
        import venv

        venv.create(VENV, with_pip=False, symlinks=os.name != "nt")
    except ImportError:
        _lay_environment_by_hand()


def _lay_environment_by_hand() -> None:
    """Do what the venv module does on POSIX: a link to the interpreter and a note of its home."""
    base = Path(getattr(sys, "_base_executable", None) or sys.executable)
    BIN.mkdir(exist_ok=True)
    for name in ("python", "python3"):
        (BIN / name).symlink_to(base)
    (VENV / "lib" / ("python%d.%d" % sys.version_info[:2]) / "site-packages").mkdir(parents=True)
    (VENV / "pyvenv.cfg").write_text(
        "home = %s\ninclude-system-site-packages = false\nversion = %s\n" % (base.parent, sys.version.split()[0])
    )


def _pip_wheel() -> Path:
    """Return the pinned pip wheel: kept from before, in a local wheel folder, or from the index."""
    kept = VENV / PIP_WHEEL
    if not _is_pinned_pip(kept):
        local = [Path(folder) / PIP_WHEEL for folder in os.environ.get("PIP_FIND_LINKS", "").split()]
        source = next((path for path in local if _is_pinned_pip(path)), None)
        data = source.read_bytes() if source else _download_pip()
        if hashlib.sha256(data).hexdigest() != PIP_SHA256:
            sys.exit("The downloaded %s has the wrong checksum and was not used." % PIP_WHEEL)
        kept.write_bytes(data)
    return kept


def _is_pinned_pip(path: Path) -> bool:
    return path.is_file() and _digest(path) == PIP_SHA256


def _download_pip() -> bytes:
    page = _index().rstrip("/") + "/pip/"
    try:
        body, page = _fetch(page, {"Accept": "text/html"})
        links = (html.unescape(link) for link in re.findall(r'href="([^"]+)"', body.decode()))
        wheel = next((link for link in links if urlsplit(link).path.endswith("/" + PIP_WHEEL)), None)
        if wheel is None:
            sys.exit("The package index does not offer %s." % PIP_WHEEL)
        return _fetch(urljoin(page, wheel))[0]
    except (OSError, urllib.error.URLError) as problem:
        sys.exit(
            "The package index cannot be reached (%s). The first start needs the network; "
            "PIP_INDEX_URL names another index." % getattr(problem, "reason", problem)
        )


def _index() -> str:
    """Return the index pip itself would use: environment first, then its configuration files."""
    found = os.environ.get("PIP_INDEX_URL")
    if found:
        return found
    settings = configparser.ConfigParser(interpolation=None)
    try:
        settings.read([
            "/etc/pip.conf", Path.home() / ".pip" / "pip.conf", Path.home() / ".config" / "pip" / "pip.conf",
            os.environ.get("PIP_CONFIG_FILE", os.devnull),
        ])  # fmt: skip
    except (configparser.Error, RuntimeError):  # unreadable file, or no home at all
        return DEFAULT_INDEX
    return settings.get("install", "index-url", fallback=settings.get("global", "index-url", fallback=DEFAULT_INDEX))


def _fetch(url: str, headers: dict[str, str] | None = None) -> tuple[bytes, str]:
    parts = urlsplit(url)
    headers = {"User-Agent": "rumah-produksi-bootstrap", **(headers or {})}
    if parts.username:
        import base64

        pair = "%s:%s" % (parts.username, parts.password or "")
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:
        return answer.read(), answer.url


def _start_again() -> None:
    sys.stdout.flush()
    command = [str(PYTHON), *sys.argv]
    if os.name == "nt":  # exec there returns the prompt at once
        sys.exit(subprocess.run(command).returncode)
    os.execv(PYTHON, command)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
