"""What the worker does for this floor."""

from __future__ import annotations

from django.utils import timezone

from . import services


def beat() -> None:
    """Show that the worker takes tasks; scheduled every minute."""
    services.beat(name="worker", now=timezone.now())


def clear_expired_sessions() -> None:
    """Drop sessions nobody can use any more; scheduled daily."""
    from django.core.management import call_command

    call_command("clearsessions")
