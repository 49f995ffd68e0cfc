"""The inbox."""

from __future__ import annotations

from django.urls import path

from bookings.messages import views

urlpatterns = [
    path("pesan-masuk/", views.inbox, name="inbox"),
    path("pesan-masuk/dibaca/", views.mark_read, name="inbox_read"),
]
