"""The front door, and what a producer has: schedule, receipts."""

from __future__ import annotations

from django.urls import path

from bookings.home import receipt_views, schedule_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("jadwal-saya/", schedule_views.schedule, name="schedule"),
    path("pesanan/<str:reference>/bukti.png", receipt_views.picture, name="receipt_picture"),
    path("pesanan/<str:reference>/kalender.ics", receipt_views.calendar, name="receipt_calendar"),
]
