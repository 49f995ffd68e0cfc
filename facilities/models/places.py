"""Districts and houses: where they are, when they open, who works there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.writing.names import Named, NameField, NameKey
from facilities.database.watched import Watched


class District(models.Model):
    """A kabupaten or kota. The key is the Kemendagri code; BPS numbers differ (facts §0.4)."""

    code = models.CharField(max_length=8, primary_key=True)
    bps_code = models.CharField(max_length=8)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[("kabupaten", "Kabupaten"), ("kota", "Kota")])
    capital = models.CharField(max_length=60)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField()
    source = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [Watched(name="districts_are_watched")]

    def __str__(self) -> str:
        return f"Kota {self.name}" if self.kind == "kota" else f"Kabupaten {self.name}"


class Facility(Named):
    """A house with machines, its zone, and the rules it sets.

    Rules of time are columns; what the house asks of those who book is `policy`, a
    mapping that `bookings.rules` declares, fills and reads.
    """

    class Approval(models.TextChoices):
        AUTOMATIC = "automatic", _("Otomatis")
        MANUAL = "manual", _("Selalu oleh petugas")
        BELOW_LIMIT = "below_limit", _("Otomatis sampai batas menit")
        VERIFIED = "verified", _("Otomatis sampai batas menit, bagi yang terverifikasi")

    slug = models.SlugField(max_length=40, unique=True)
    name = NameField(max_length=80)
    name_key = NameKey(of="name")
    district = models.ForeignKey(District, models.PROTECT, related_name="facilities")
    address = models.CharField(max_length=200)
    latitude = models.FloatField()
    longitude = models.FloatField()
    zone_name = models.CharField(max_length=40, default="Asia/Pontianak")
    phone = models.CharField(max_length=16)
    contact_name = NameField(max_length=80)
    about = models.TextField(blank=True)
    what_to_bring = models.TextField(blank=True)
    is_example = models.BooleanField(default=False)

    grid = models.PositiveSmallIntegerField(default=15, help_text="minutes between offered starts")
    notice = models.PositiveIntegerField(default=60, help_text="minutes between asking and starting")
    horizon = models.PositiveIntegerField(default=60, help_text="days ahead that can be booked")
    shortest = models.PositiveSmallIntegerField(default=30, help_text="minutes")
    longest = models.PositiveSmallIntegerField(default=480, help_text="minutes")
    approval = models.CharField(max_length=12, choices=Approval.choices, default=Approval.BELOW_LIMIT)
    approval_limit = models.PositiveSmallIntegerField(default=240, help_text="minutes approved without a person")
    answer_within = models.PositiveIntegerField(default=1440, help_text="minutes until an unanswered request expires")
    grace = models.PositiveSmallIntegerField(default=15, help_text="minutes after the start before a no-show")
    cancel_deadline = models.PositiveIntegerField(default=240, help_text="minutes before the start; later is late")
    closed_on_holidays = models.BooleanField(default=True)
    closed_on_joint_leave = models.BooleanField(default=True)
    policy = models.JSONField(default=dict, blank=True, help_text="who may book: see bookings.rules")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name_key"]
        verbose_name_plural = "facilities"
        constraints = [
            models.CheckConstraint(condition=Q(grid__in=[5, 10, 15, 20, 30, 60]), name="grid_divides_an_hour"),
            models.CheckConstraint(
                condition=Q(longest__gte=F("shortest"), shortest__gte=1), name="longest_is_not_below_shortest"
            ),
            models.CheckConstraint(condition=Q(horizon__gte=1, horizon__lte=366), name="horizon_is_within_a_year"),
            Watched(name="facilities_are_watched"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


class OpeningHours(models.Model):
    """Open from `opens` to `closes` (minutes of the day) on one weekday, within a validity.

    On any date only the rules with the latest `valid_from` count, so a Ramadan
    week replaces the ordinary one; two rules on a day leave a break between them.
    """

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "weekday", "opens"]
        verbose_name_plural = "opening hours"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_is_monday_to_sunday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens"), closes__lte=1440), name="closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="hours_end_after_they_begin",
            ),
            models.UniqueConstraint(
                fields=["facility", "valid_from", "weekday", "opens"], name="one_opening_per_time_of_day"
            ),
            Watched(name="opening_hours_are_watched"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class Closure(models.Model):
    """A dated exception, in wall-clock time of whichever house it shuts.

    Without a facility it is a holiday: every house that observes its kind is shut
    in its own zone. Decrees change, so holidays are rows, and estimates are marked.
    What people have set is never changed by newer facts (`facilities.catalogue.holidays`).
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Tutup")
        PUBLIC = "public", _("Hari libur nasional")
        JOINT_LEAVE = "joint_leave", _("Cuti bersama")
        LOCAL = "local", _("Libur daerah")

    facility = models.ForeignKey(Facility, models.CASCADE, null=True, blank=True, related_name="closures")
    first_on = models.DateField()
    last_on = models.DateField()
    from_minute = models.PositiveSmallIntegerField(default=0, help_text="minute of each day")
    until_minute = models.PositiveSmallIntegerField(default=1440, help_text="minute of each day")
    reason = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CLOSED)
    is_estimate = models.BooleanField(default=False)
    source = models.CharField(max_length=120, blank=True)
    fact = models.CharField(max_length=160, blank=True, help_text="holidays: kind|reason|first day in the facts")
    is_set_by_people = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["first_on"]
        indexes = [models.Index(fields=["facility", "last_on", "first_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="closure_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(until_minute__gt=F("from_minute"), until_minute__lte=1440),
                name="closure_has_minutes_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="closed", facility__isnull=False) | ~Q(kind="closed"),
                name="only_a_holiday_shuts_every_house",
            ),
            Watched(name="closures_are_watched"),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def known_by(self) -> str:
        """What a holiday is known by in the facts: its kind, its name and the day it begins."""
        return f"{self.kind}|{self.reason}|{self.first_on}"


class Duty(models.Model):
    """What a person does here and where: the scope of their rights.

    operator and manager: one facility. district: one district. province and
    inspector: everything, the inspector reading only.
    """

    class Kind(models.TextChoices):
        OPERATOR = "operator", _("Operator")
        MANAGER = "manager", _("Pengelola")
        DISTRICT = "district", _("Dinas kabupaten/kota")
        PROVINCE = "province", _("Dinas provinsi")
        INSPECTOR = "inspector", _("Inspektorat")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    facility = models.ForeignKey(Facility, models.CASCADE, null=True, blank=True, related_name="duties")
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True, related_name="duties")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["operator", "manager"], facility__isnull=False, district__isnull=True)
                | Q(kind="district", facility__isnull=True, district__isnull=False)
                | Q(kind__in=["province", "inspector"], facility__isnull=True, district__isnull=True),
                name="duty_has_the_scope_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id}"
