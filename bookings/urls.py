"""Every page about bookings: each room's own addresses."""

from __future__ import annotations

from django.urls import include, path

ROOMS = ("home", "packs", "ordering", "messages", "people", "day", "runs", "upkeep", "roster", "setup")

urlpatterns = [path("", include(f"bookings.{room}.urls")) for room in ROOMS]
