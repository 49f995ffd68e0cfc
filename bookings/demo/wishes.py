"""What the demo's people asked for before they chose a machine: needs that were met, served, and not met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bookings.models import Booking, Need, Producer
from facilities.models import Facility
from facilities.time.hours import local_date


@dataclass(frozen=True, slots=True)
class Wish:
    """Packs that a producer, or nobody known (empty), asked for some days ago; `found` machines, else `reasons`."""

    producer: str
    form: str
    format: str
    leaves: str
    weight: int
    quantity: int
    days_ago: int
    district: str
    found: int = 0
    times: int = 1
    reasons: tuple[str, ...] = ()
    line: str = "halal"


WISHES = (
    Wish("Keripik Siti", "keripik", "standing_pouch", "berminyak", 100, 300, 9, "61.71", found=4),
    Wish("Keripik Siti", "keripik", "bantal", "berminyak", 100, 500, 3, "61.71", times=3, reasons=("does_not_fit_machine",)),
    Wish("Koperasi Mandau", "cair", "sachet", "basah", 15, 2000, 20, "61.05", times=2, reasons=("does_not_fit_machine",)),
    Wish("Madu Kelulut Ensaid", "cair", "botol", "basah", 100, 200, 12, "61.05", found=2),
    Wish("Kerupuk Basah Putussibau", "padat", "kantong_vakum", "ikan", 500, 400, 6, "61.06",
         times=2, reasons=("document_expired", "no_operator")),
    Wish("Gula Aren Tempunak", "padat", "kantong_vakum", "kering", 500, 150, 2, "61.05", reasons=("document_missing",)),
    Wish("Sambal Bu Yanti", "pasta", "retort_pouch", "ikan", 200, 600, 16, "61.71",
         times=2, reasons=("maintenance", "too_far")),
    Wish("Lempok Pak Jupri", "padat", "flow_pack", "kering", 50, 800, 14, "61.72", reasons=("no_operator", "taken")),
    Wish("Dendeng Bong", "padat", "standing_pouch", "daging", 250, 120, 5, "61.72", reasons=("wrong_line",), line="non_halal"),
    Wish("", "keripik", "standing_pouch", "berminyak", 100, 300, 1, "61.12", found=4),
    Wish("", "pasta", "kaleng", "ikan", 150, 1000, 4, "61.01", reasons=("does_not_fit_machine",)),
    Wish("", "bubuk", "sachet", "kering", 20, 3000, 8, "61.04", times=2, reasons=("taken", "no_operator")),
    Wish("", "cair", "kaleng", "basah", 250, 500, 27, "61.02", reasons=("does_not_fit_machine",)),
)  # fmt: skip


def remember_wishes(house: Facility, *, now: datetime) -> None:
    """Write what was asked for in the past weeks; what a later booking served is closed by it."""
    producers = {producer.name: producer for producer in Producer.objects.filter(is_example=True)}
    Need.objects.bulk_create(
        _need(number, wish, producers.get(wish.producer), house, now) for number, wish in enumerate(WISHES)
    )
    for need in Need.objects.filter(producer__isnull=False):
        _close(need)


def _need(number: int, wish: Wish, producer: Producer | None, house: Facility, now: datetime) -> Need:
    last = now - timedelta(days=wish.days_ago, minutes=37 * (number + 1))
    first = last - timedelta(hours=3 * (wish.times - 1))
    day = local_date(first, house.zone)
    return Need(
        producer=producer,
        asker="" if producer else sha256(f"contoh {number}".encode()).hexdigest(),
        form=wish.form,
        pack_format=wish.format,
        cleaning_class=wish.leaves,
        line=wish.line,
        net_weight=wish.weight,
        quantity=wish.quantity,
        district_id=wish.district,
        asked_on=day,
        month=day.replace(day=1),
        first_asked_at=first,
        last_asked_at=last,
        times=wish.times,
        found=wish.found,
        reasons=sorted(wish.reasons),
        ended_in_nothing=not wish.found,
    )


def _close(need: Need) -> None:
    """Close a need with the first booking of the same producer and format that was made after it."""
    later = Booking.objects.filter(
        producer=need.producer_id, pack_format=need.pack_format, made_at__gte=need.first_asked_at
    ).exclude(status__in=["cancelled", "declined", "expired", "no_show"])
    first = later.order_by("made_at", "pk").first()
    if first is not None:
        Need.objects.filter(pk=need.pk).update(served_by=first, served_at=first.made_at)
