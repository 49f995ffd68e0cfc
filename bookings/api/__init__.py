"""The API of bookings: routers by noun."""

from ninja import Router

from bookings.api import availability, bookings, feeds, people, runs, search, upkeep

router = Router()
for part in (availability, search, bookings, runs, upkeep, people, feeds):
    router.add_router("", part.router)
