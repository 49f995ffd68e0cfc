"""The counter's addresses."""

from __future__ import annotations

from django.urls import path

from bookings.views import arrivals, board, requests, running, today

urlpatterns = [
    path("hari-ini/", today.today, name="today"),
    path("hari-ini/cetak/", today.day_sheet, name="day_sheet"),
    path("hari-ini/kode/", today.by_code, name="by_code"),
    path("hadir/<str:reference>/", arrivals.arrival, name="arrival"),
    path("pesanan/<str:reference>/hadir/", arrivals.check_in, name="check_in"),
    path("pesanan/<str:reference>/batal-hadir/", arrivals.undo_check_in, name="undo_check_in"),
    path("pesanan/<str:reference>/tidak-datang/", arrivals.release, name="release"),
    path("pesanan/<str:reference>/mulai/", arrivals.start, name="start_run"),
    path("pesanan/<str:reference>/berhenti/", arrivals.stop, name="stop_run"),
    path("pesanan/<str:reference>/pemakaian/", running.run_sheet, name="run_sheet"),
    path("pesanan/<str:reference>/pemakaian/koreksi/", running.correct, name="correct_run"),
    path("pesanan/<str:reference>/setujui/", requests.approve, name="approve"),
    path("pesanan/<str:reference>/tolak/", requests.decline, name="decline"),
    path("permintaan/", requests.requests, name="requests"),
    path("papan/", board.board, name="board"),
    path("papan/pindah/<str:reference>/", board.move_here, name="move_here"),
]
