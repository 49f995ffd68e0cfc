"""Named places where a process can be made to die of `kill -9`, once for each time the trap is armed.

A trap is armed by a file, so that a running process can be told, and a process
started afterwards finds it sprung. Nothing in the product knows of any of this.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.core.signals import request_finished

from bookings import tasks
from bookings.messages import mail_services as mail
from bookings.messages import services as messages
from bookings.ordering import idempotency
from bookings.ordering import services as ordering

WEB = ("web-before-commit", "web-after-commit", "web-after-reply")
WORKER = ("tell-before-commit", "tell-after-commit", "send-after-claim", "send-before-mark", "send-after-mark")
LINGERING = 0.05
"""Seconds between looking and writing when guards are off: what a busy server adds by itself."""


def folder() -> Path:
    return Path(os.environ["RUMAH_DATA"], "traps")


def arm(name: str) -> None:
    folder().mkdir(exist_ok=True)
    (folder() / name).touch()


def is_armed(name: str) -> bool:
    return (folder() / name).exists()


def disarm(name: str) -> bool:
    """Return whether the trap was still armed; whoever takes the file away is the one who dies."""
    try:
        (folder() / name).unlink()
    except FileNotFoundError:
        return False
    return True


def spring(name: str) -> None:
    if disarm(name):
        os.kill(os.getpid(), signal.SIGKILL)


def after(name: str, act: Callable) -> Callable:
    """Return `act` with a trap behind it."""

    @wraps(act)
    def then_die(*args: Any, **kwargs: Any) -> Any:
        result = act(*args, **kwargs)
        spring(name)
        return result

    return then_die


def set_all() -> None:
    """Lay every trap; none goes off until it is armed."""
    idempotency.remember = after("web-before-commit", idempotency.remember)
    idempotency.once = after("web-after-commit", idempotency.once)
    request_finished.connect(_after_reply, weak=False)
    messages._write = after("tell-before-commit", messages._write)
    tasks.messages.follow_up = after("tell-after-commit", messages.follow_up)
    mail._claim = after("send-after-claim", mail._claim)
    mail.EmailMultiAlternatives.send = after("send-before-mark", mail.EmailMultiAlternatives.send)
    mail.send = after("send-after-mark", mail.send)
    tasks.SENDING_SECONDS = 2  # the cluster of these settings gives a task four


def _after_reply(**_: Any) -> None:
    spring("web-after-reply")


_decide = ordering.decide


def look_and_linger(*args: Any, **kwargs: Any) -> Any:
    """Check as the product does, then be slow."""
    found = _decide(*args, **kwargs)
    time.sleep(LINGERING)
    return found
