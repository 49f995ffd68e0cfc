"""Who may do what with houses and machines: one function per verb.

Duties are read once per person object and kept on it, so that a page asks the
database once. Superusers may do everything; inspectors only read.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.models import User
from facilities.models import Duty, Facility

Person = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Duties:
    """What somebody is responsible for: ids of facilities, codes of districts, and province-wide kinds."""

    manages: frozenset[int] = frozenset()
    operates: frozenset[int] = frozenset()
    districts: frozenset[str] = frozenset()
    province: bool = False
    inspector: bool = False
    admin: bool = False

    @property
    def staffs(self) -> frozenset[int]:
        """Facilities where this person works, as manager or operator."""
        return self.manages | self.operates

    @property
    def sees_all(self) -> bool:
        return self.province or self.inspector or self.admin

    @property
    def is_staff(self) -> bool:
        return bool(self.staffs) or self.admin


def duties_of(user: Person) -> Duties:
    """Return a person's duties, read once per person object."""
    if not user.is_authenticated:
        return Duties()
    known = getattr(user, "_duties", None)
    if known is None:
        rows = list(
            Duty.objects.filter(user=user, ended_at__isnull=True).values_list("kind", "facility_id", "district_id")
        )
        known = Duties(
            manages=frozenset(f for kind, f, _ in rows if kind == Duty.Kind.MANAGER),
            operates=frozenset(f for kind, f, _ in rows if kind == Duty.Kind.OPERATOR),
            districts=frozenset(d for kind, _, d in rows if kind == Duty.Kind.DISTRICT),
            province=any(kind == Duty.Kind.PROVINCE for kind, _, _ in rows),
            inspector=any(kind == Duty.Kind.INSPECTOR for kind, _, _ in rows),
            admin=user.is_superuser,
        )
        user._duties = known  # type: ignore[union-attr]
    return known


def may_manage(user: Person, facility: Facility | int) -> bool:
    """Change a house: rules, hours, closures, machines, maintenance; answer requests."""
    pk = facility if isinstance(facility, int) else facility.pk
    duties = duties_of(user)
    return duties.admin or pk in duties.manages


def may_see_line_changes(user: Person, facility: Facility | int) -> bool:
    """Read, confirm or withdraw a change of a machine's line: managers of the house, and the provincial office."""
    return may_manage(user, facility) or duties_of(user).province


def may_run_the_day(user: Person, facility: Facility | int) -> bool:
    """Check in, start, stop and record runs, report breakdowns."""
    pk = facility if isinstance(facility, int) else facility.pk
    duties = duties_of(user)
    return duties.admin or pk in duties.staffs


def reportable_facilities(user: Person) -> Q | None:
    """Return which facilities a person may read reports of, as a filter on Facility; None for none at all."""
    duties = duties_of(user)
    if duties.sees_all:
        return Q()
    if duties.manages or duties.districts:
        return Q(pk__in=duties.manages) | Q(district__in=duties.districts)
    return None


def staffed_facilities(user: Person) -> Q | None:
    """Return the houses whose day a person runs, as a filter on Facility; None for none at all."""
    duties = duties_of(user)
    if duties.admin:
        return Q()
    return Q(pk__in=duties.staffs) if duties.staffs else None


def may_set_defaults(user: Person) -> bool:
    """Change what holds for every house that does not say otherwise: the province's dinas."""
    duties = duties_of(user)
    return duties.admin or duties.province
