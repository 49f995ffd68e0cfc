"""The web process, for waitress in `up` and gunicorn in production."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("RUMAH_ROLE", "web")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - the role must be known before settings are read

application = get_wsgi_application()

# What is loaded now stays: the collector need not look through it again while somebody waits for a page.
gc.collect()
gc.freeze()
