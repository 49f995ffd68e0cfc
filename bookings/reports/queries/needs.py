"""What was asked for and what became of it: the ledger of needs, counted and listed.

A district's office reads the needs of its district: those asked there, and those of its producers.
A house's manager reads figures of the house's district, and rows only of producers they know.

Figures are of known producers. What passers-by and fresh accounts ask for is counted apart: anybody can send
any number of needs, so they move no figure of others, and no small one can be worked out by sending some.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Aggregate, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from bookings.models import Booking, Need, Producer
from bookings.reports.indicators import NeedSums, need_told, told
from bookings.reports.queries.rows import Rows
from bookings.trail.access import producers_visible_to
from bookings.trail.lifecycle import CHECKED_IN, COMPLETED
from facilities.access import Person, duties_of
from facilities.models import District, Facility

QUIET_AFTER = timedelta(days=30)
NOWHERE = "-"
"""The district of a need that names none, asked by nobody known."""
NEED_DIMENSIONS: Mapping[str, str] = {
    "month": "month", "pack_format": "pack_format", "form": "form", "producer_district": "place", "district": "place"
}  # fmt: skip
DISTRICTS = frozenset({"producer_district", "district"})
"""Where whoever asks is from; plain `district` is what scripts of earlier versions say."""
NEED_KINDS: Mapping[str, str] = {
    "diminta": "needs",
    "belum-terlayani": "unmet_needs",
    "tanpa-mesin": "needs_nothing_fits",
    "tanpa-pesanan": "needs_without_booking",
    "terlayani": "needs_served",
    "ditunggu": "needs_open",
    "belum-dikenal": "unmet_unknown",
}
"""Lists of needs, by the word in an address, and the figure that each one is counted in."""


@dataclass(frozen=True, slots=True)
class NeedScope:
    """Whose needs somebody reads. None is every district.

    `counted`: districts whose needs are in the figures. `listed`: those of which every row may be
    read. `names`: whether producers the reader knows are named.
    """

    user: Person
    counted: frozenset[str] | None = None
    listed: frozenset[str] | None = None
    names: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether figures are told as they are: all their rows may be read as well."""
        return self.listed is None or self.counted == self.listed


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """Months, both included, and what was asked for. Empty is everything; `reason` is one code."""

    first: date
    last: date
    pack_format: str = ""
    form: str = ""
    district: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """Needs of one group: its keys by dimension, and its counts."""

    keys: Mapping[str, str]
    sums: NeedSums


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need of a list. `producer` is empty where the reader does not know them."""

    need: Need
    district: District | None
    state: str
    producer: str


def need_scope(user: Person) -> NeedScope | None:
    """Return whose needs a person may read; None for none at all. At most one statement."""
    duties = duties_of(user)
    if duties.sees_all:
        return NeedScope(user)
    if not duties.manages and not duties.districts:
        return None
    of_houses = Facility.objects.filter(pk__in=duties.manages).values_list("district_id", flat=True)
    counted = duties.districts | frozenset(of_houses if duties.manages else ())
    return NeedScope(user, counted, duties.districts, names=bool(duties.manages))


def known_producers() -> QuerySet[Producer]:
    """Return the producers somebody of a house has met: they came for a booking once, or staff verified them.

    An account alone makes nobody known: everybody can register, and as often as they like.
    """
    came = Booking.objects.filter(producer=OuterRef("pk"), status__in=[CHECKED_IN, COMPLETED])
    return Producer.objects.filter(Q(is_verified=True) | Exists(came))


def figures(now: datetime) -> dict[str, Q]:
    """Return the filter of each figure, on needs with `is_met`. Always served, unmet or open; what is unknown, apart.

    Unmet: not served, and it ended in nothing or has an account and is 30 days old. Whoever looked, found
    machines and has no account cannot be followed: nobody knows that they did not book.
    """
    served, nothing, met = Q(served_at__isnull=False), Q(ended_in_nothing=True), Q(is_met=True)
    old = Q(first_asked_at__lte=now - QUIET_AFTER, producer__isnull=False)
    unmet = ~served & (nothing | old)
    return {
        "needs": met,
        "unmet_needs": met & unmet,
        "needs_nothing_fits": met & ~served & nothing,
        "needs_without_booking": met & ~served & old,
        "needs_served": met & served,
        "needs_open": met & ~served & ~nothing & Q(first_asked_at__gt=now - QUIET_AFTER),
        "needs_unknown": Q(is_met=False),
        "unmet_unknown": Q(is_met=False) & unmet,
    }


def _needs(scope: NeedScope, wanted: NeedFilter | None) -> QuerySet[Need]:
    """Return needs with `place`, the district asked from, and `is_met`, whether a known producer asked."""
    place = Coalesce(F("district_id"), F("producer__district_id"), output_field=CharField())
    is_met = Exists(known_producers().filter(pk=OuterRef("producer")))
    rows = Need.objects.annotate(place=place, is_met=is_met).order_by()
    if scope.counted is not None:
        rows = rows.filter(Q(district__in=scope.counted) | Q(producer__district__in=scope.counted))
    if wanted is None:
        return rows
    rows = rows.filter(month__gte=wanted.first, month__lte=wanted.last)
    for name in ("pack_format", "form"):
        rows = rows.filter(**{name: value}) if (value := getattr(wanted, name)) else rows
    if wanted.district == NOWHERE:
        return rows.filter(place__isnull=True)
    return rows.filter(place=wanted.district) if wanted.district else rows


def months_of_needs(scope: NeedScope) -> tuple[date | None, date | None]:
    """Return the first and the last month in which anything was asked: two looks at the ends of an index."""
    months = _needs(scope, None).values_list("month", flat=True)
    return months.order_by("month").first(), months.order_by("-month").first()


def need_sums(
    scope: NeedScope, wanted: NeedFilter, *, group_by: Sequence[str], now: datetime, packs: Combinable
) -> list[NeedGroup]:
    """Return needs counted by group (`NEED_DIMENSIONS`), most unmet first, in one statement.

    Without a grouping: one group, also when there are no needs at all. Who is not told exact figures gets
    those of known producers alone. `packs` is what a need adds to a sum: `pace.packs_that_count`.
    """
    columns = [NEED_DIMENSIONS[name] for name in group_by]
    rows, counts = _needs(scope, wanted), _counts(now, packs)
    rows = rows if scope.is_exact else rows.filter(is_met=True)
    found = list(rows.values(*columns).annotate(**counts)) if columns else [rows.aggregate(**counts)]
    groups = [NeedGroup(_keys(row, group_by), _sums(row)) for row in found]
    return sorted(groups, key=lambda one: (*_most_first(one.sums, scope), *one.keys.values()))


def _most_first(sums: NeedSums, scope: NeedScope) -> tuple[int, ...]:
    """Order by what is told: among counts that read the same, an order would tell them apart."""
    return tuple(-(need_told(name, sums, exactly=scope.is_exact) or 0) for name in ("unmet_needs", "needs"))


NAMES = tuple(name for name in NeedSums.__dataclass_fields__ if name != "askers")


def _counts(now: datetime, packs: Combinable) -> dict[str, Aggregate]:
    """Return the aggregates of `NeedSums`; those that begin with `by_` count who asked, each once."""
    wanted = figures(now)
    counts: dict[str, Aggregate] = {f"n_{name}": Count("pk", filter=q) for name, q in wanted.items()}
    counts |= {f"by_{name}": Count("producer", filter=q, distinct=True) for name, q in wanted.items()}
    counts["n_unmet_packs"] = Sum(packs, filter=wanted["unmet_needs"])
    counts["n_unknown_packs"] = Sum(packs, filter=wanted["unmet_unknown"])
    counts["n_producers"] = Count("producer", filter=wanted["needs"], distinct=True)
    return counts


def _sums(row: Mapping[str, int | None]) -> NeedSums:
    askers = {name.removeprefix("by_"): count or 0 for name, count in row.items() if name.startswith("by_")}
    return NeedSums(**{name: row[f"n_{name}"] or 0 for name in NAMES}, askers=askers)


def _keys(row: Mapping[str, object], group_by: Sequence[str]) -> dict[str, str]:
    return {name: _key(row[NEED_DIMENSIONS[name]]) for name in group_by}


def _key(value: object) -> str:
    return f"{value:%Y-%m}" if isinstance(value, date) else NOWHERE if value is None else str(value)


def reasons_of_needs(scope: NeedScope, wanted: NeedFilter, *, now: datetime) -> list[tuple[str, int | None]]:
    """Return (code, needs it stood against) of known producers' needs that nothing fitted, in one statement.

    Most first. Counts are as the reader may know them: None where fewer than five producers asked.
    """
    rows = _needs(scope, wanted).filter(figures(now)["needs_nothing_fits"])
    counted: Counter[str] = Counter()
    askers: dict[str, set[int]] = defaultdict(set)
    for codes, producer, count in rows.values_list("reasons", "producer").annotate(count=Count("pk")):
        for code in {code for code in codes or () if isinstance(code, str)}:
            counted[code] += count
            askers[code].add(producer)
    exactly = scope.is_exact
    shown = [(code, told(count, by=len(askers[code]), exactly=exactly)) for code, count in counted.items()]
    return sorted(shown, key=lambda item: (-(item[1] or 0), item[0]))


def need_rows(scope: NeedScope, wanted: NeedFilter, kind: str, *, now: datetime) -> Rows:
    """Return the needs of a kind (`NEED_KINDS`) whose rows the reader may see, last asked first."""
    rows = _needs(scope, wanted).filter(figures(now)[NEED_KINDS[kind]]).select_related("district", "producer__district")
    known = producers_visible_to(scope.user)
    if scope.listed is not None:
        own = Q(district__in=scope.listed) | Q(producer__district__in=scope.listed)
        rows = rows.filter(own | Q(producer__in=known.values("pk")))
    if scope.names:
        rows = rows.annotate(is_known=Exists(known.filter(pk=OuterRef("producer"))))
    if wanted.reason:
        rows = rows.annotate(codes=Cast("reasons", TextField())).filter(codes__contains=f'"{wanted.reason}"')
    return Rows(rows.order_by("-last_asked_at", "-pk"), lambda some: [_row(need, now) for need in some])


def _row(need: Need, now: datetime) -> NeedRow:
    place = need.district or (need.producer.district if need.producer else None)
    name = need.producer.name if need.producer and getattr(need, "is_known", False) else ""
    return NeedRow(need, place, _state(need, now), name)


def _state(need: Need, now: datetime) -> str:
    if need.served_at is not None:
        return "terlayani"
    is_old = need.producer_id is not None and need.first_asked_at <= now - QUIET_AFTER
    is_unmet = need.ended_in_nothing or is_old
    return "belum-terlayani" if is_unmet else "ditunggu"
