"""The API of bookings: each room's own routes, in the order of the document."""

from __future__ import annotations

from ninja import Router

from bookings.day import api as day
from bookings.messages import api as messages
from bookings.ordering import api as ordering
from bookings.ordering import availability_api as availability
from bookings.packs import api as packs
from bookings.people import api as people
from bookings.runs import api as runs
from bookings.setup import holiday_api as holidays
from bookings.upkeep import api as upkeep

router = Router()
for room in (availability, packs, ordering, day, runs, upkeep, people, messages, holidays):
    router.add_router("", room.router)
