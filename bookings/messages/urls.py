"""The inbox, and calendars."""

from __future__ import annotations

from django.urls import path

from bookings.messages import feed_views, views

urlpatterns = [
    path("pesan-masuk/", views.inbox, name="inbox"),
    path("pesan-masuk/dibaca/", views.mark_read, name="inbox_read"),
    path("akun/kalender/", feed_views.feeds, name="feeds"),
    path("akun/kalender/<int:feed_id>/cabut/", feed_views.take_back, name="feed_take_back"),
]
