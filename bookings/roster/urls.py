"""Operators: their week, their shifts, and who takes a job."""

from __future__ import annotations

from django.urls import path

from bookings.roster import views

urlpatterns = [
    path("pengaturan/giliran/", views.week, name="roster"),
    path("pengaturan/giliran/baru/", views.add, name="roster_add"),
    path("pengaturan/giliran/<int:number>/", views.operator, name="roster_operator"),
    path("pengaturan/giliran/<int:number>/ubah/", views.change, name="roster_change"),
    path("pengaturan/giliran/<int:number>/jam/", views.set_shifts, name="roster_shifts"),
    path("pengaturan/giliran/<int:number>/jam/hapus/", views.drop_shifts, name="roster_drop_shifts"),
    path("pengaturan/giliran/<int:number>/berhalangan/", views.add_absence, name="roster_absence"),
    path("pengaturan/giliran/<int:number>/berhenti/", views.end, name="roster_end"),
    path("pengaturan/giliran/berhalangan/<int:number>/hapus/", views.remove_absence, name="roster_remove_absence"),
    path("pesanan/<str:reference>/operator/", views.name_operator, name="name_operator"),
]
