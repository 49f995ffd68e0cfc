"""Who books: producers, the people who act for them, what they pack, and what they may."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.writing.names import Named, NameField, NameKey
from facilities.models import District, Facility, Machine, MachineType


class Producer(Named):
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
    name = NameField(max_length=120)
    name_key = NameKey(of="name")
    contact_name = NameField(max_length=120)
    contact_key = NameKey(of="contact_name")
    phone = models.CharField(max_length=16, db_index=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="producers")
    village = models.CharField(max_length=80, blank=True)
    scale = models.CharField(max_length=8, choices=Scale.choices, blank=True, default="")
    cooperative = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="members")
    is_verified = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["name_key"]
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


class Product(Named):
    """What a producer packs. Its line decides which machines may touch it, its class what is cleaned after it."""

    producer = models.ForeignKey(Producer, models.CASCADE, related_name="products")
    name = NameField(max_length=80)
    name_key = NameKey(of="name")
    form = models.CharField(max_length=20)
    line = models.CharField(max_length=10, choices=Machine.Line.choices, default=Machine.Line.HALAL)
    cleaning_class = models.CharField(max_length=12, blank=True, default="")
    net_weight = models.CharField(max_length=20, blank=True)
    catalogue_code = models.CharField(max_length=8, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-used_at", "name_key"]
        constraints = [models.UniqueConstraint(fields=["producer", "name"], name="one_product_per_name")]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A document a producer has: NIB, P-IRT, halal certificate, MD. The number only; nobody uploads a scan.

    Producers write it down, staff of a house check it (`verified_at`). A withdrawn one stays as history.
    """

    class Kind(models.TextChoices):
        NIB = "nib", _("NIB")
        PIRT = "pirt", _("P-IRT")
        HALAL = "halal", _("Sertifikat halal")
        MD = "md", _("BPOM MD")
        HEALTH = "health", _("Surat keterangan sehat")

    producer = models.ForeignKey(Producer, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.CharField(max_length=40)
    expires_on = models.DateField(null=True, blank=True, help_text="last day it is valid")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-made_at"]
        indexes = [models.Index(fields=["producer", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} of producer {self.producer_id}"


class Qualification(models.Model):
    """What a producer's people have been taught: the induction of a house, or a type of machine."""

    producer = models.ForeignKey(Producer, models.CASCADE, related_name="qualifications")
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+", help_text="where it was taught")
    type = models.ForeignKey(
        MachineType, models.CASCADE, null=True, blank=True, related_name="+", help_text="empty: the house's induction"
    )
    person = models.CharField(max_length=80, blank=True, help_text="who was taught")
    given_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text="last day it counts")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_on"]
        indexes = [models.Index(fields=["producer", "facility"])]

    def __str__(self) -> str:
        return f"{self.type_id or 'induction'} of producer {self.producer_id}"
