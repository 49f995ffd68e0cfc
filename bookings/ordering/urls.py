"""Ordering a time, changing it, giving it back."""

from __future__ import annotations

from django.urls import path

from bookings.ordering import changing_views, views

urlpatterns = [
    path("pesan/<slug:slug>/", views.pick_time, name="pick_time"),
    path("pesan/<slug:slug>/isi/", views.details, name="order_details"),
    path("pesan/<slug:slug>/periksa/", views.check, name="order_check"),
    path("pesanan/<str:reference>/batal/", changing_views.cancel, name="cancel"),
    path("pesanan/<str:reference>/pindah/", changing_views.move, name="move"),
]
