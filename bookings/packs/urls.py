"""Asking for packs."""

from __future__ import annotations

from django.urls import path

from bookings.packs import views

urlpatterns = [
    path("kemas/", views.kemas, name="kemas"),
]
