"""Who may do what with bookings: one function per verb.

What a person may not even see is 404 for them; what they see but may not do is 403.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.models import Booking, Membership, Producer
from facilities.access import Person, duties_of


def own_producer_ids(user: Person) -> frozenset[int]:
    """Return the producers a person acts for: own, as officer (members included), as companion."""
    if not user.is_authenticated:
        return frozenset()
    known = getattr(user, "_producer_ids", None)
    if known is None:
        rows = list(Membership.objects.filter(user=user, ended_at__isnull=True).values_list("producer_id", "kind"))
        ids = {pk for pk, _ in rows}
        officer_of = [pk for pk, kind in rows if kind == Membership.Kind.OFFICER]
        if officer_of:
            ids |= set(Producer.objects.filter(cooperative__in=officer_of).values_list("pk", flat=True))
        known = frozenset(ids)
        user._producer_ids = known  # type: ignore[union-attr]
    return known


def producers_visible_to(user: Person) -> QuerySet[Producer]:
    """Producers a person may look at: own ones, those who booked at the own house, those of the own district."""
    duties = duties_of(user)
    if duties.sees_all:
        return Producer.objects.all()
    seen = Q(pk__in=own_producer_ids(user)) | Q(district__in=duties.districts)
    if duties.staffs:
        seen |= Q(pk__in=Booking.objects.filter(facility__in=duties.staffs).values("producer"))
    return Producer.objects.filter(seen)


def may_see_phone(user: Person, producer: Producer) -> bool:
    """Its own people, and managers of a house where it has booked. Everybody else sees the number masked.

    Who may see it whole still asks for it (`people.phones.reveal_phone`), and that is written down.
    """
    duties = duties_of(user)
    if duties.admin or producer.pk in own_producer_ids(user):
        return True
    return bool(duties.manages) and Producer.objects.filter(phone_seen_by(user), pk=producer.pk).exists()


def phone_seen_by(user: Person) -> Q:
    """Return the condition on producers that `may_see_phone` puts: whose number a search may confirm."""
    duties = duties_of(user)
    if duties.admin:
        return Q()
    came = Booking.objects.filter(facility__in=duties.manages, producer=OuterRef("pk"))
    return Q(pk__in=own_producer_ids(user)) | (Q(Exists(came)) if duties.manages else Q())


def bookable_producers(user: Person) -> QuerySet[Producer]:
    """Producers a person may book for. A manager books for anybody who stands at the counter."""
    duties = duties_of(user)
    if duties.admin or duties.manages:
        return Producer.objects.all()
    return Producer.objects.filter(pk__in=own_producer_ids(user))


def bookings_visible_to(user: Person) -> QuerySet[Booking]:
    """Bookings a person may read: own producers', own houses', own districts', or all."""
    duties = duties_of(user)
    if duties.sees_all:
        return Booking.objects.all()
    return Booking.objects.filter(
        Q(producer__in=own_producer_ids(user))
        | Q(facility__in=duties.staffs)
        | Q(facility__district__in=duties.districts)
    )


def is_own(user: Person, booking: Booking) -> bool:
    return booking.producer_id in own_producer_ids(user)


def may_cancel(user: Person, booking: Booking) -> bool:
    """The producer's own people and the house's manager."""
    return is_own(user, booking) or may_decide(user, booking)


def may_move(user: Person, booking: Booking) -> bool:
    return may_cancel(user, booking)


def may_decide(user: Person, booking: Booking) -> bool:
    """Approve and decline: managers of the house."""
    duties = duties_of(user)
    return duties.admin or booking.facility_id in duties.manages


def may_run(user: Person, booking: Booking) -> bool:
    """Check in, start, stop, record: everybody who works in the house."""
    duties = duties_of(user)
    return duties.admin or booking.facility_id in duties.staffs
