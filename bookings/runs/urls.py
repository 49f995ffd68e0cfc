"""The usage log: what came out of a run, and corrections."""

from __future__ import annotations

from django.urls import path

from bookings.runs import views

urlpatterns = [
    path("pesanan/<str:reference>/pemakaian/", views.run_sheet, name="run_sheet"),
    path("pesanan/<str:reference>/pemakaian/koreksi/", views.correct, name="correct_run"),
    path("pesanan/<str:reference>/pemakaian/koreksi-lembar/", views.correct_sheet, name="correct_sheet"),
]
