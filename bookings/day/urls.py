"""The day at a house: who comes, what is asked, what is where, and the counter."""

from __future__ import annotations

from django.urls import path

from bookings.day import (
    arrival_views,
    board_views,
    booking_views,
    counter_views,
    past_views,
    request_views,
    today_views,
)

urlpatterns = [
    path("hari-ini/", today_views.today, name="today"),
    path("hari-ini/cetak/", today_views.day_sheet, name="day_sheet"),
    path("hari-ini/kode/", today_views.by_code, name="by_code"),
    path("hadir/<str:reference>/", arrival_views.arrival, name="arrival"),
    path("pesanan/<str:reference>/", booking_views.booking, name="booking"),
    path("pesanan/<str:reference>/hadir/", arrival_views.check_in, name="check_in"),
    path("pesanan/<str:reference>/batal-hadir/", arrival_views.undo_check_in, name="undo_check_in"),
    path("pesanan/<str:reference>/tidak-datang/", arrival_views.release, name="release"),
    path("pesanan/<str:reference>/mulai/", arrival_views.start, name="start_run"),
    path("pesanan/<str:reference>/berhenti/", arrival_views.stop, name="stop_run"),
    path("pesanan/<str:reference>/setujui/", request_views.approve, name="approve"),
    path("pesanan/<str:reference>/tolak/", request_views.decline, name="decline"),
    path("permintaan/", request_views.requests, name="requests"),
    path("papan/", board_views.board, name="board"),
    path("papan/pindah/<str:reference>/", board_views.move_here, name="move_here"),
    path("tamu/", counter_views.walk_in, name="walk_in"),
    path("susulan/", past_views.past_work, name="past_work"),
]
