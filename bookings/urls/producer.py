"""Addresses of producers, and the front door."""

from __future__ import annotations

from django.urls import path

from bookings.views import changing, home, inbox, kemas, receipt, reserving, schedule

urlpatterns = [
    path("", home.home, name="home"),
    path("kemas/", kemas.kemas, name="kemas"),
    path("pesan/<slug:slug>/", reserving.pick_time, name="pick_time"),
    path("pesan/<slug:slug>/isi/", reserving.details, name="order_details"),
    path("pesan/<slug:slug>/periksa/", reserving.check, name="order_check"),
    path("jadwal-saya/", schedule.schedule, name="schedule"),
    path("pesan-masuk/", inbox.inbox, name="inbox"),
    path("pesan-masuk/dibaca/", inbox.mark_read, name="inbox_read"),
    path("pesanan/<str:reference>/", receipt.booking, name="booking"),
    path("pesanan/<str:reference>/bukti.png", receipt.picture, name="receipt_picture"),
    path("pesanan/<str:reference>/kalender.ics", receipt.calendar, name="receipt_calendar"),
    path("pesanan/<str:reference>/batal/", changing.cancel, name="cancel"),
    path("pesanan/<str:reference>/pindah/", changing.move, name="move"),
]
