"""The settings of production with a folder of their own, cheap passwords, and files without hashes."""

import os
import tempfile

os.environ.setdefault("RUMAH_DATA", tempfile.mkdtemp(prefix="rumah-tests-"))

from config.settings import *  # noqa: E402, F403
from config.settings import DATA, DATABASES, STATIC_ROOT  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MAIL_IS_ON = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes of one test must meet in the same database.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}
    # Nobody waits for the disk: what a power cut leaves of a test is of no use.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # served as they lie, not collected
STATIC_ROOT.mkdir(exist_ok=True)
