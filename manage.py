#!/usr/bin/env python3
"""The one door: `python3 manage.py <command>` works on a bare Python 3.11 or newer."""
import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before any newer syntax is read
    sys.exit("Python 3.11 or newer is needed; this is Python %d.%d." % sys.version_info[:2])

from config import bootstrap


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    bootstrap.ensure(testing=command == "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command == "test":
        sys.exit(bootstrap.run_tests(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
