"""What every page knows about the site and the person in front of it, asked only when shown."""

from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import User
from bookings.messages.queries import unread_messages
from bookings.models import Booking
from facilities.access import Duties, duties_of
from facilities.models import Facility

DEMO_KEY, DEMO_SECONDS = "site.is_demo", 60


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `site` for templates."""
    return {"site": Site(request)}


class Site:
    """One person's view of the site; each value costs at most one query, and none if unused."""

    def __init__(self, request: HttpRequest) -> None:
        self._user = getattr(request, "user", None)
        self._chosen = getattr(request, "house", None)

    @cached_property
    def _duties(self) -> Duties:
        return duties_of(self._user) if self._user is not None else Duties()

    @cached_property
    def is_demo(self) -> bool:
        """Whether demo sign-ins exist: then every page says so. Remembered for a minute."""
        return cache.get_or_set(DEMO_KEY, lambda: User.objects.filter(is_demo=True).exists(), DEMO_SECONDS)

    @cached_property
    def role(self) -> str:
        """public, producer, operator, manager, district, province, inspector, or admin: the widest one held."""
        if self._user is None or not self._user.is_authenticated:
            return "public"
        duties = self._duties
        held = {
            "admin": duties.admin,
            "manager": duties.manages,
            "operator": duties.operates,
            "province": duties.province,
            "inspector": duties.inspector,
            "district": duties.districts,
        }
        return next((role for role, holds in held.items() if holds), "producer")

    @cached_property
    def home_url(self) -> str:
        """Where the day starts for this role."""
        if self.role in {"operator", "manager"}:
            return "/hari-ini/"
        return "/laporan/" if self.role in {"district", "province", "inspector"} else "/"

    @cached_property
    def facility(self) -> Facility | None:
        """The house whose page this is, else the first where this person works."""
        if self._chosen is not None:
            return self._chosen
        return (
            Facility.objects.filter(pk__in=self._duties.staffs).order_by("pk").first() if self._duties.staffs else None
        )

    @cached_property
    def waiting_count(self) -> int:
        """Requests that wait for an answer in the houses this person manages."""
        if not self._duties.manages:
            return 0
        waiting = Booking.Status.REQUESTED
        return Booking.objects.filter(facility__in=self._duties.manages, status=waiting).count()

    @cached_property
    def unread(self) -> int:
        """Messages in the app's inbox that were not opened yet."""
        if self._user is None or not self._user.is_authenticated:
            return 0
        return unread_messages(self._user).count()
