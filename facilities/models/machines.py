"""Machines: their kinds, what they can pack, what they look like, what they cost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.writing.names import Named, NameField, NameKey
from facilities.database.watched import Watched
from facilities.time.limits import Limits

from .places import Facility


class MachineType(Named):
    """A kind of machine, from the facts file; `evidence` says how sure its figures are."""

    code = models.CharField(max_length=10, primary_key=True)
    slug = models.SlugField(max_length=12, unique=True)
    name = NameField(max_length=80)
    name_key = NameKey(of="name")
    name_en = NameField(max_length=80)
    name_en_key = NameKey(of="name_en")
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
    is_support = models.BooleanField(default=False, help_text="prepares, marks or checks packs, and packs nothing")
    evidence = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ["name_key"]
        constraints = [Watched(name="machine_types_are_watched")]

    def __str__(self) -> str:
        return self.name


class Machine(Named):
    """One physical asset. Its line says what it may touch; only a `LineChange` by two people changes that.

    The nullable rules override the house's own; read them through `limits`. `policy`
    overrides `Facility.policy` name by name.
    """

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
    name = NameField(max_length=80)
    name_key = NameKey(of="name")
    line = models.CharField(max_length=10, choices=Line.choices, default=Line.HALAL)
    setup = models.PositiveSmallIntegerField(help_text="minutes before a run")
    cleaning = models.PositiveSmallIntegerField(help_text="minutes of a full clean; no changeover takes longer")
    operator_level = models.CharField(max_length=10, choices=Level.choices)
    asset_code = models.CharField(max_length=40, blank=True, help_text="kode barang")
    register_number = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    is_example = models.BooleanField(default=False)
    in_service_from = models.DateField()
    retired_on = models.DateField(null=True, blank=True)
    grid = models.PositiveSmallIntegerField(null=True, blank=True)
    notice = models.PositiveIntegerField(null=True, blank=True)
    horizon = models.PositiveIntegerField(null=True, blank=True)
    shortest = models.PositiveSmallIntegerField(null=True, blank=True)
    longest = models.PositiveSmallIntegerField(null=True, blank=True)
    approval = models.CharField(max_length=12, choices=Facility.Approval.choices, blank=True, default="")
    approval_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    policy = models.JSONField(default=dict, blank=True, help_text="who may book: see bookings.rules")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name_key"]
        indexes = [models.Index(fields=["facility", "retired_on", "name"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(grid__isnull=True) | Q(grid__in=[5, 10, 15, 20, 30, 60]), name="machine_grid_divides_an_hour"
            ),
            models.CheckConstraint(
                condition=Q(horizon__isnull=True) | Q(horizon__gte=1, horizon__lte=366),
                name="machine_horizon_is_within_a_year",
            ),
            Watched(name="machines_are_watched"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_operated(self) -> bool:
        """Whether only an operator of the house runs it."""
        return self.operator_level == Machine.Level.OPERATOR

    @property
    def limits(self) -> Limits:
        """The rules of time for this machine: its own where it has some, else its house's."""
        house = self.facility
        return Limits.of(
            {name: getattr(house, name) for name in Limits.NAMES}, {name: getattr(self, name) for name in Limits.NAMES}
        )


class Capability(models.Model):
    """What a machine can do: this form of product into this pack format, at this rate.

    `rate` is the nominal one. `learned_rate` is the median of the machine's own last signed runs of that
    format (`learned_from` of them), and counts once there are five. Grams or millilitres and
    millimetres limit the pack, where the type has such limits.
    """

    machine = models.ForeignKey(Machine, models.CASCADE, related_name="capabilities")
    form = models.CharField(max_length=20)
    format = models.CharField(max_length=20)
    rate = models.PositiveIntegerField(help_text="packs per hour")
    learned_rate = models.PositiveIntegerField(null=True, blank=True, help_text="packs per hour")
    learned_from = models.PositiveSmallIntegerField(default=0, help_text="signed runs")
    smallest = models.PositiveIntegerField(null=True, blank=True, help_text="grams or millilitres in a pack")
    largest = models.PositiveIntegerField(null=True, blank=True, help_text="grams or millilitres in a pack")
    widest = models.PositiveSmallIntegerField(null=True, blank=True, help_text="millimetres of the pack")

    class Meta:
        ordering = ["form", "format"]
        verbose_name_plural = "capabilities"
        constraints = [
            models.UniqueConstraint(fields=["machine", "form", "format"], name="one_rate_per_form_and_format"),
            models.CheckConstraint(condition=Q(rate__gte=1), name="rate_is_positive"),
            models.CheckConstraint(
                condition=Q(learned_rate__isnull=True) | Q(learned_rate__gte=1, learned_from__gte=5),
                name="a_rate_is_learned_from_five_runs",
            ),
            Watched(name="capabilities_are_watched"),
        ]
        indexes = [models.Index(fields=["form", "format", "machine"])]

    def __str__(self) -> str:
        return f"{self.form} → {self.format}"

    @property
    def best_rate(self) -> int:
        """Packs per hour to plan with: learned from own runs where there are enough, else nominal."""
        return self.learned_rate or self.rate


class LineChange(models.Model):
    """A machine's change of line: one person asks with evidence, another one confirms. Kept for ever."""

    machine = models.ForeignKey(Machine, models.PROTECT, related_name="line_changes")
    from_line = models.CharField(max_length=10, choices=Machine.Line.choices)
    to_line = models.CharField(max_length=10, choices=Machine.Line.choices)
    evidence = models.CharField(max_length=300, help_text="what was done to the machine, and by which letter")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_line=F("to_line")), name="a_line_change_changes_the_line"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="two_people_change_a_line",
            ),
            models.UniqueConstraint(
                fields=["machine"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_line_change_per_machine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_line} → {self.to_line}"


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
    """A dated price with its legal basis: tariffs are law, not settings (facts §0.6).

    One that was corrected stays on file, with who and why, and prices nothing any more: of a day the newest counts.
    """

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
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=160, blank=True, help_text="why it was corrected")

    class Meta:
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["machine", "valid_from"],
                condition=Q(corrected_at__isnull=True),
                name="one_tariff_per_machine_and_day",
            ),
            Watched(name="tariffs_are_watched"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}/{self.unit}"
