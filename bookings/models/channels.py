"""What leaves the house, and what answers a retry: messages, calendar feeds, kept answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility, Machine

from .bookings import Booking
from .parties import Producer


class Message(models.Model):
    """One message to one person by one channel: the outbox, and the inbox of the app.

    `key` names the effect (`event:812:user:2:email`), so that a task that runs
    twice writes and sends it once. An e-mail is due at `next_try_at`; whoever takes it
    to the post empties that first, so nobody else takes it too.
    """

    class Channel(models.TextChoices):
        APP = "app", _("Kotak pesan")
        EMAIL = "email", _("E-mail")

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    booking = models.ForeignKey(Booking, models.CASCADE, null=True, blank=True, related_name="messages")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=160)
    body = models.TextField()
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "channel", "-made_at"]),
            models.Index(fields=["next_try_at"], name="message_due"),
            models.Index(fields=["channel", "sent_at", "claimed_at"], name="message_unsent"),
        ]

    def __str__(self) -> str:
        return self.key


class CalendarFeed(models.Model):
    """A secret address for a phone calendar: one producer's, machine's, or house's bookings.

    Only the SHA-256 of the secret is kept: whoever made it saw it once, and a stolen database opens no calendar.
    """

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    producer = models.ForeignKey(Producer, models.CASCADE, null=True, blank=True)
    machine = models.ForeignKey(Machine, models.CASCADE, null=True, blank=True)
    facility = models.ForeignKey(Facility, models.CASCADE, null=True, blank=True)
    made_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(producer__isnull=False, machine__isnull=True, facility__isnull=True)
                | Q(producer__isnull=True, machine__isnull=False, facility__isnull=True)
                | Q(producer__isnull=True, machine__isnull=True, facility__isnull=False),
                name="a_feed_shows_exactly_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"feed {self.pk}"


class IdempotencyKey(models.Model):
    """The stored answer to a write, so that a retry gets the same one. Kept at least 24 hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"key of user {self.user_id}"
