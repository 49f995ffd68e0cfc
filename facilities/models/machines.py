"""Machines: their kinds, what they can pack, what they look like, what they cost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .places import Facility


class MachineType(models.Model):
    """A kind of machine, from the facts file; `evidence` says how sure its figures are."""

    code = models.CharField(max_length=10, primary_key=True)
    slug = models.SlugField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200)
    forms = models.JSONField(default=list)
    formats = models.JSONField(default=list)
    rate_min = models.PositiveIntegerField(help_text="packs per hour")
    rate_max = models.PositiveIntegerField(help_text="packs per hour")
    setup = models.PositiveSmallIntegerField(help_text="minutes")
    cleaning = models.PositiveSmallIntegerField(help_text="minutes")
    operator_level = models.CharField(max_length=10)
    needs = models.CharField(max_length=120, blank=True)
    power_watt = models.PositiveIntegerField(default=0)
    drawing = models.SlugField(max_length=40)
    evidence = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Machine(models.Model):
    """One physical asset. Its line decides for ever what it may touch."""

    class Line(models.TextChoices):
        HALAL = "halal", _("Lini halal")
        NON_HALAL = "non_halal", _("Lini nonhalal")

    class Level(models.TextChoices):
        SELF = "mandiri", _("Anda sendiri")
        TRAINED = "terlatih", _("Anda, setelah dilatih")
        OPERATOR = "operator", _("Operator rumah")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="machines")
    type = models.ForeignKey(MachineType, models.PROTECT, related_name="machines")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    line = models.CharField(max_length=10, choices=Line.choices, default=Line.HALAL)
    setup = models.PositiveSmallIntegerField(help_text="minutes before a run")
    cleaning = models.PositiveSmallIntegerField(help_text="minutes after a run, until the matrix decides")
    operator_level = models.CharField(max_length=10, choices=Level.choices)
    asset_code = models.CharField(max_length=40, blank=True, help_text="kode barang")
    register_number = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    is_example = models.BooleanField(default=False)
    in_service_from = models.DateField()
    retired_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["facility", "retired_on", "name"])]

    def __str__(self) -> str:
        return self.name


class Capability(models.Model):
    """What a machine can do: this form of product into this pack format, at this nominal rate."""

    machine = models.ForeignKey(Machine, models.CASCADE, related_name="capabilities")
    form = models.CharField(max_length=20)
    format = models.CharField(max_length=20)
    rate = models.PositiveIntegerField(help_text="packs per hour")

    class Meta:
        ordering = ["form", "format"]
        verbose_name_plural = "capabilities"
        constraints = [
            models.UniqueConstraint(fields=["machine", "form", "format"], name="one_rate_per_form_and_format"),
            models.CheckConstraint(condition=Q(rate__gte=1), name="rate_is_positive"),
        ]
        indexes = [models.Index(fields=["form", "format", "machine"])]

    def __str__(self) -> str:
        return f"{self.form} → {self.format}"


class MachinePhoto(models.Model):
    """A photo of a machine. The upload waits in `original`; the worker makes the two sizes people see."""

    machine = models.ForeignKey(Machine, models.CASCADE, related_name="photos")
    original = models.CharField(max_length=120, blank=True, help_text="storage name, emptied once processed")
    small = models.CharField(max_length=120, blank=True)
    large = models.CharField(max_length=120, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    description = models.CharField(max_length=160)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.description


class Tariff(models.Model):
    """A dated price with its legal basis: tariffs are law, not settings (facts §0.6)."""

    class Unit(models.TextChoices):
        HOUR = "hour", _("per jam")
        PACK = "pack", _("per kemasan")
        BATCH = "batch", _("per batch")
        KILOGRAM = "kg", _("per kg")
        DAY = "day", _("per hari")
        FREE = "free", _("gratis")

    machine = models.ForeignKey(Machine, models.CASCADE, related_name="tariffs")
    unit = models.CharField(max_length=6, choices=Unit.choices)
    amount = models.PositiveIntegerField(help_text="rupiah per unit")
    legal_basis = models.CharField(max_length=160)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [models.UniqueConstraint(fields=["machine", "valid_from"], name="one_tariff_per_machine_and_day")]

    def __str__(self) -> str:
        return f"{self.amount}/{self.unit}"
