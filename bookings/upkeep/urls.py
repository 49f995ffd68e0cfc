"""Maintenance and breakdowns."""

from __future__ import annotations

from django.urls import path

from bookings.upkeep import stop_views, views

urlpatterns = [
    path("perawatan/", views.machines, name="upkeep"),
    path("perawatan/batal/<int:number>/", views.call_off, name="call_off_maintenance"),
    path("perawatan/kerusakan/<int:number>/koreksi/", stop_views.correct, name="correct_breakdown"),
    path("perawatan/<slug:slug>/", views.machine, name="upkeep_machine"),
    path("perawatan/<slug:slug>/jadwal/", views.schedule, name="schedule_maintenance"),
    path("perawatan/<slug:slug>/rusak/", views.report, name="report_breakdown"),
    path("perawatan/<slug:slug>/siap/", views.repaired, name="close_breakdown"),
    path("perawatan/<slug:slug>/kembali/<str:reference>/", views.give_back, name="give_old_time_back"),
]
