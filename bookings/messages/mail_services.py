"""E-mails from the outbox to the post, each at most once.

A message is *claimed* in a transaction of its own, then handed to the mail server,
then marked sent. Whoever dies between the first and the last leaves a claimed row
behind, and nobody can know whether the server had it already; such a message is
settled as interrupted and never sent again. Its twin in the app's inbox stands.
Only a definite no (a refusal by the server, which is not a delivery) is tried again.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string

from bookings.messages.letters import sections_of
from bookings.messages.words import REMINDERS
from bookings.models import Message
from bookings.trail.lifecycle import APPROVED

logger = logging.getLogger("rumah.post")

PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480)]
"""How long to wait after the first, second … refusal; after the last there is no further try."""

SERVER_AWAY = timedelta(minutes=2)
TOO_OLD = timedelta(days=2)
INTERRUPTED_AFTER = timedelta(minutes=10)
"""Far above what any task may take: a claim this old has nobody working on it."""

INTERRUPTED = "interrupted: it may have been delivered, so it is not sent again"


def due_mail(*, now: datetime, limit: int) -> list[int]:
    """Return the e-mails to send now, the longest waiting first."""
    due = Message.objects.filter(next_try_at__lte=now).order_by("next_try_at", "pk")
    return list(due.values_list("pk", flat=True)[:limit])


class ServerAway(Exception):
    """The mail server cannot be reached; nothing was claimed."""


class Post:
    """The line to the mail server: opened when first needed, and anew when it went dead."""

    def __init__(self) -> None:
        self._line: BaseEmailBackend | None = None

    def line(self) -> BaseEmailBackend:
        """Return a line on which the server has just answered. Raises `ServerAway`."""
        if self._line is not None and not self._answers():
            self.hang_up()
        if self._line is None:
            line = get_connection()
            try:
                line.open()
            except (SMTPException, OSError) as error:
                raise ServerAway(str(error)) from error
            self._line = line
        return self._line

    def hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(SMTPException, OSError):
                line.close()

    def _answers(self) -> bool:
        """Ask before a message is claimed: a server that hung up between two must not cost the second."""
        server = getattr(self._line, "connection", None)
        if server is None:
            return True
        try:
            return bool(server.noop()[0] == 250)
        except (SMTPException, OSError):
            return False


def send(*, message_id: int, post: Post, now: datetime) -> bool:
    """Send one e-mail; return whether it went out.

    False when somebody else took it, when it is no longer true or wanted, or when the
    server did not take it. Raises `ServerAway` before anything is claimed.
    """
    line = post.line()
    message = _claim(message_id, now=now)
    if message is None:
        return False
    mail = _mail(message)
    mail.connection = line
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        post.hang_up()
        _note_failure(message, error, now=now)
        return False
    Message.objects.filter(pk=message.pk).update(sent_at=now)
    return True


def put_off(*, now: datetime) -> int:
    """Let everything due wait a little: the mail server cannot be reached, which is no fault of a message."""
    waiting: int = Message.objects.filter(next_try_at__lte=now).update(next_try_at=now + SERVER_AWAY)
    return waiting


def settle_interrupted(*, now: datetime) -> int:
    """Close the books on e-mails that were claimed long ago and never marked; return how many."""
    settled: int = Message.objects.filter(
        channel=Message.Channel.EMAIL,
        sent_at__isnull=True,
        next_try_at__isnull=True,
        claimed_at__lte=now - INTERRUPTED_AFTER,
        failure="",
    ).update(failure=INTERRUPTED)
    if settled:
        logger.warning("%d e-mails were interrupted and are not sent again", settled)
    return settled


def message_id_of(key: str) -> str:
    """Return the Message-ID that a key always has, so that a mail program can tell a copy from a new one."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def _claim(message_id: int, *, now: datetime) -> Message | None:
    """Take an e-mail for ourselves, committed before a word goes to the server; None if it is not to be sent."""
    with transaction.atomic(durable=True):
        message = Message.objects.select_related("user", "booking").filter(pk=message_id).first()
        if message is None or message.next_try_at is None:
            return None
        seen = Message.objects.filter(pk=message_id, next_try_at=message.next_try_at)
        why_not = _why_not(message, now)
        if why_not:
            seen.update(next_try_at=None, failure=why_not)
            return None
        taken = seen.update(next_try_at=None, claimed_at=now, failure="", attempts=F("attempts") + 1)
        message.attempts += 1
        return message if taken else None


def _why_not(message: Message, now: datetime) -> str:
    """Say why an e-mail must not go out any more, or nothing."""
    if not message.user.email or not message.user.is_active:
        return "not wanted: no address"
    if now - message.made_at > TOO_OLD:
        return "too old"
    if message.kind in REMINDERS and not _still_true(message, now):
        return "no longer true"
    return ""


def _still_true(reminder: Message, now: datetime) -> bool:
    """A reminder holds for an approved booking that has not begun and was not moved since it was written."""
    booking = reminder.booking
    if booking is None or booking.status != APPROVED or booking.starts_at <= now:
        return False
    return not booking.events.filter(action="move", at__gte=reminder.made_at).exists()


def _mail(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.user.email],
        headers={"Message-ID": message_id_of(message.key), "Auto-Submitted": "auto-generated"},
    )
    dressed = {"subject": message.subject, "sections": sections_of(message.body), "language": message.user.language}
    mail.attach_alternative(render_to_string("emails/message.html", dressed), "text/html")
    return mail


def _note_failure(message: Message, error: SMTPException | OSError, *, now: datetime) -> None:
    """Write down what the server said, and when to try again if it definitely did not take the message."""
    code, words = _answer(error)
    logger.warning("An e-mail was not taken: %s", code or type(error).__name__)
    if code == 0:
        Message.objects.filter(pk=message.pk).update(failure=INTERRUPTED)
        return
    again = code < 500 or isinstance(error, SMTPSenderRefused)  # a refused sender is our fault: it will be put right
    pause = PAUSES[message.attempts - 1] if again and message.attempts <= len(PAUSES) else None
    Message.objects.filter(pk=message.pk).update(
        failure=f"{code} {words}"[:200], next_try_at=now + pause if pause else None
    )


def _answer(error: SMTPException | OSError) -> tuple[int, str]:
    """Return the server's code and words; 0 when it hung up, so that what it took is unknown."""
    if isinstance(error, SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return code, _words(words)
    if isinstance(error, SMTPResponseException):
        return error.smtp_code, _words(error.smtp_error)
    return 0, ""


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
