"""Reads of houses, machines and their types. The catalogue is public; nothing here names a person."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.writing.names import holding
from facilities.models import District, Facility, Machine, MachinePhoto, MachineType, Tariff
from facilities.occupancy.writing import with_breakdown

MACHINE_KEYS = ("name_key", "type__name_key", "type__name_en_key")
"""What a machine is found by: its own name, and that of its type in both languages."""


def listed_machines(
    *,
    on: date,
    facility: str = "",
    district: str = "",
    type: str = "",
    form: str = "",
    format: str = "",
    line: str = "",
    level: str = "",
    q: str = "",
) -> QuerySet[Machine]:
    """Return the machines in service on a day that match every given filter; empty filters match all."""
    machines = in_service(on)
    exact = {
        "facility__slug": facility,
        "facility__district__code": district,
        "type__slug": type.lower(),
        "line": line,
        "operator_level": level,
    }
    machines = machines.filter(**{name: value for name, value in exact.items() if value})
    if form or format:
        wanted = Q(capabilities__form__in=[form, "semua"]) if form else Q()
        wanted &= Q(capabilities__format__in=[format, "semua"]) if format else Q()
        machines = machines.filter(wanted).distinct()
    return machines.filter(holding(q, *MACHINE_KEYS, "facility__name_key"))


def in_service(on: date) -> QuerySet[Machine]:
    """Return machines in service on a day, with what a card needs: house, type, breakdown, today's tariff, photo."""
    tariff = _in_force(Tariff.objects.filter(machine=OuterRef("pk")), on)
    photo = MachinePhoto.objects.filter(machine=OuterRef("pk")).exclude(small="")
    return (
        with_breakdown(Machine.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on)))
        .select_related("facility__district", "type")
        .prefetch_related("capabilities")
        .annotate(
            tariff_unit=Subquery(tariff.values("unit")[:1]),
            tariff_amount=Subquery(tariff.values("amount")[:1]),
            tariff_is_example=Subquery(tariff.values("is_example")[:1]),
            photo_small=Subquery(photo.values("small")[:1]),
        )
        .order_by("name_key", "pk")
    )


def tariff_on(machine: Machine, on: date) -> Tariff | None:
    """Return the tariff in force for a machine on a day, or None where none is decreed."""
    return _in_force(machine.tariffs.all(), on).first()


def _in_force(tariffs: QuerySet[Tariff], on: date) -> QuerySet[Tariff]:
    """Return those that hold on a day, the last begun first; what was corrected holds on none."""
    valid = tariffs.filter(corrected_at__isnull=True, valid_from__lte=on)
    return valid.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on)).order_by("-valid_from")


def districts() -> QuerySet[District]:
    """Return all districts with `facility_count`."""
    return District.objects.annotate(facility_count=Count("facilities"))


def facilities() -> QuerySet[Facility]:
    """Return all houses with their district and `machine_count` of machines in service."""
    return Facility.objects.select_related("district").annotate(
        machine_count=Count("machines", filter=Q(machines__retired_on__isnull=True))
    )


def machine_types() -> QuerySet[MachineType]:
    """Return all types by name."""
    return MachineType.objects.all()
