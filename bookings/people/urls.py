"""Joining, producers as staff see them, and documents."""

from __future__ import annotations

from django.urls import path

from bookings.people import document_views, registration_views, views

urlpatterns = [
    path("daftar/", registration_views.register, name="register"),
    path("produsen/", views.producers, name="producers"),
    path("produsen/<slug:slug>/", views.producer, name="producer"),
    path("produsen/<slug:slug>/telepon/", views.reveal_phone, name="reveal_phone"),
    path("cari/", views.search, name="search"),
    path("dokumen/", document_views.documents, name="documents"),
    path("dokumen/<int:number>/", document_views.document, name="document"),
    path("dokumen/<int:number>/tarik/", document_views.withdraw, name="withdraw_document"),
    path("produsen/<slug:slug>/berkas/", document_views.file, name="producer_file"),
    path("produsen/<slug:slug>/berkas/dokumen/", document_views.add_for, name="producer_add_document"),
    path("produsen/<slug:slug>/berkas/dokumen/<int:number>/", document_views.check, name="check_document"),
    path("produsen/<slug:slug>/berkas/pelatihan/", document_views.teach, name="give_qualification"),
    path("produsen/<slug:slug>/berkas/pelatihan/<int:number>/", document_views.unteach, name="withdraw_qualification"),
    path("produsen/<slug:slug>/dikenal/", document_views.verify, name="verify_producer"),
]
