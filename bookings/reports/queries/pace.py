"""How many packs a machine of the region does in a month: what a need may add to a sum of packs at most."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, Max, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least

from facilities.models import Capability

HOURS_A_MONTH = 173
"""Eight hours on five days a week, through a year, divided by twelve."""
ORDINARY_RATE = 600
"""Packs an hour that count where no machine of the region fits: an ordinary machine's."""


def packs_that_count() -> Combinable:
    """Return a need's packs as they may be added up: no more than one machine that fits does in a month.

    Anybody can type any number; a sum shall not be theirs. The machine is the fastest in service that packs
    the need's form into its format. One statement.
    """
    rates = (
        Capability.objects.filter(machine__retired_on__isnull=True, machine__type__is_support=False)
        .order_by()
        .values_list("form", "format")
        .annotate(rate=Max(Coalesce("learned_rate", "rate")))
    )
    most = Case(
        *(When(form=form, pack_format=pack, then=Value(rate * HOURS_A_MONTH)) for form, pack, rate in rates),
        default=Value(ORDINARY_RATE * HOURS_A_MONTH),
        output_field=IntegerField(),
    )
    return Least(F("quantity"), most)
