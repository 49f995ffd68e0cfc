"""Who books, what for, what was decided, and what really happened."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.models import District, Facility, Machine, Occupancy, Tariff


class Producer(models.Model):
    """The party that books: an UMKM or a cooperative. A member points at its cooperative."""

    class Kind(models.TextChoices):
        UMKM = "umkm", _("UMKM")
        COOPERATIVE = "cooperative", _("Koperasi")

    class Scale(models.TextChoices):
        MICRO = "micro", _("Mikro")
        SMALL = "small", _("Kecil")
        MEDIUM = "medium", _("Menengah")
        UNKNOWN = "", _("Belum diketahui")

    slug = models.SlugField(max_length=60, unique=True, help_text="random; never a name or a phone number")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.UMKM)
    name = models.CharField(max_length=120)
    contact_name = models.CharField(max_length=120)
    phone = models.CharField(max_length=16, db_index=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="producers")
    village = models.CharField(max_length=80, blank=True)
    scale = models.CharField(max_length=8, choices=Scale.choices, blank=True, default="")
    cooperative = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="members")
    is_verified = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cooperative__isnull=True) | Q(kind="umkm"), name="only_an_umkm_is_a_member"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person who acts for a producer: its owner, a cooperative's officer, or a companion."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Pemilik")
        OFFICER = "officer", _("Pengurus koperasi")
        COMPANION = "companion", _("Pendamping")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    producer = models.ForeignKey(Producer, models.CASCADE, related_name="memberships")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "producer"], condition=Q(ended_at__isnull=True), name="one_membership_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of producer {self.producer_id}"


class Product(models.Model):
    """What a producer packs. Its line decides which machines may touch it."""

    producer = models.ForeignKey(Producer, models.CASCADE, related_name="products")
    name = models.CharField(max_length=80)
    form = models.CharField(max_length=20)
    line = models.CharField(max_length=10, choices=Machine.Line.choices, default=Machine.Line.HALAL)
    net_weight = models.CharField(max_length=20, blank=True)
    catalogue_code = models.CharField(max_length=8, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-used_at", "name"]
        constraints = [models.UniqueConstraint(fields=["producer", "name"], name="one_product_per_name")]

    def __str__(self) -> str:
        return self.name


class Booking(models.Model):
    """The right to a machine for a span, from request to completion.

    Only `bookings.lifecycle` knows which status may follow which. The booking keeps
    its own times for history; the time it holds is its occupancy.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Menunggu")
        APPROVED = "approved", _("Disetujui")
        CHECKED_IN = "checked_in", _("Hadir")
        COMPLETED = "completed", _("Selesai")
        DECLINED = "declined", _("Ditolak")
        EXPIRED = "expired", _("Kedaluwarsa")
        CANCELLED = "cancelled", _("Dibatalkan")
        NO_SHOW = "no_show", _("Tidak datang")
        DISPLACED = "displaced", _("Perlu tempat baru")

    reference = models.CharField(max_length=12, unique=True)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="bookings", db_index=False)
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="bookings", db_index=False)
    product = models.ForeignKey(Product, models.SET_NULL, null=True, blank=True, related_name="bookings")
    product_name = models.CharField(max_length=80, blank=True)
    pack_format = models.CharField(max_length=20, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True, help_text="packs")
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    starts_at = models.DateTimeField(help_text="earliest run start over its machines")
    ends_at = models.DateTimeField(help_text="latest run end over its machines")
    is_walk_in = models.BooleanField(default=False)
    is_late_cancel = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    tariff = models.ForeignKey(Tariff, models.SET_NULL, null=True, blank=True, related_name="+")
    price = models.PositiveIntegerField(null=True, blank=True, help_text="rupiah, estimate at booking")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["facility", "starts_at"]),
            models.Index(fields=["producer", "starts_at"]),
            models.Index(fields=["facility", "status", "starts_at"], name="booking_by_state"),
            models.Index(fields=["status", "starts_at"], name="booking_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(status="requested") | Q(expires_at__isnull=False), name="a_request_expires"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BookedMachine(models.Model):
    """One machine's part of a booking: its run span, and the occupancy that holds it."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="machines")
    machine = models.ForeignKey(Machine, models.PROTECT, related_name="booked", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    setup = models.PositiveSmallIntegerField(default=0, help_text="minutes")
    cleaning = models.PositiveSmallIntegerField(default=0, help_text="minutes")
    occupancy = models.OneToOneField(Occupancy, models.SET_NULL, null=True, blank=True, related_name="booked_machine")

    class Meta:
        indexes = [models.Index(fields=["machine", "starts_at", "ends_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booked_machine_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} of booking {self.booking_id}"


class BookingEvent(models.Model):
    """One step in a booking's life, appended and never edited: who, when, from, to, why."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="events")
    action = models.CharField(max_length=20)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    on_behalf = models.BooleanField(default=False, help_text="the actor was not the producer")
    reason_code = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    awaits_follow_up = models.BooleanField(default=False, db_index=True, help_text="people and sums do not know yet")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action} → {self.to_status}"


class Run(models.Model):
    """What really happened on one machine for one booking. Signed once; then only corrected."""

    class Result(models.TextChoices):
        CLEAN = "clean", _("Bersih")
        AGAIN = "again", _("Perlu diulang")

    booked_machine = models.ForeignKey(BookedMachine, models.PROTECT, related_name="runs")
    machine = models.ForeignKey(Machine, models.PROTECT, related_name="runs", db_index=False)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    good = models.PositiveIntegerField(null=True, blank=True, help_text="packs")
    rejected = models.PositiveIntegerField(null=True, blank=True, help_text="packs")
    lot_code = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    cleaned_before = models.BooleanField(null=True)
    cleaned_after = models.BooleanField(null=True)
    cleaning_agent = models.CharField(max_length=60, blank=True)
    cleaning_result = models.CharField(max_length=6, choices=Result.choices, blank=True)
    cleaned_by = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["started_at"]
        indexes = [models.Index(fields=["machine", "started_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gt=F("started_at")),
                name="run_stops_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(stopped_at__isnull=False, good__isnull=False),
                name="a_signed_run_has_stopped_and_counted",
            ),
            models.UniqueConstraint(
                fields=["machine"], condition=Q(stopped_at__isnull=True), name="one_run_at_a_time_per_machine"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Downtime(models.Model):
    """Minutes within a run when the machine stood still, and why."""

    class Reason(models.TextChoices):
        MACHINE = "machine", _("Mesin bermasalah")
        MATERIAL = "material", _("Bahan habis atau rusak")
        POWER = "power", _("Listrik padam")
        OPERATOR = "operator", _("Menunggu operator")
        OTHER = "other", _("Lainnya")

    run = models.ForeignKey(Run, models.CASCADE, related_name="downtimes")
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1), name="downtime_is_at_least_a_minute")]

    def __str__(self) -> str:
        return f"{self.reason} {self.minutes}"


class RunCorrection(models.Model):
    """A later change of a signed run: old and new value, who, and why."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=500)
    new = models.CharField(max_length=500)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


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
    """A secret address for a phone calendar: one producer's, machine's, or house's bookings."""

    token = models.CharField(max_length=43, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    producer = models.ForeignKey(Producer, models.CASCADE, null=True, blank=True)
    machine = models.ForeignKey(Machine, models.CASCADE, null=True, blank=True)
    facility = models.ForeignKey(Facility, models.CASCADE, null=True, blank=True)
    made_at = models.DateTimeField()
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
