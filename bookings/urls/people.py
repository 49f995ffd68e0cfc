"""Addresses about people: who runs machines, which papers producers have; and the line, which needs two."""

from __future__ import annotations

from django.urls import path

from bookings.views import lines, papers, roster

urlpatterns = [
    path("pengaturan/giliran/", roster.week, name="roster"),
    path("pengaturan/giliran/baru/", roster.add, name="roster_add"),
    path("pengaturan/giliran/<int:number>/", roster.operator, name="roster_operator"),
    path("pengaturan/giliran/<int:number>/ubah/", roster.change, name="roster_change"),
    path("pengaturan/giliran/<int:number>/jam/", roster.set_shifts, name="roster_shifts"),
    path("pengaturan/giliran/<int:number>/jam/hapus/", roster.drop_shifts, name="roster_drop_shifts"),
    path("pengaturan/giliran/<int:number>/berhalangan/", roster.add_absence, name="roster_absence"),
    path("pengaturan/giliran/<int:number>/berhenti/", roster.end, name="roster_end"),
    path("pengaturan/giliran/berhalangan/<int:number>/hapus/", roster.remove_absence, name="roster_remove_absence"),
    path("pesanan/<str:reference>/operator/", roster.name_operator, name="name_operator"),
    path("pengaturan/mesin/<slug:slug>/lini/", lines.line, name="machine_line"),
    path("pengaturan/mesin/<slug:slug>/lini/sahkan/", lines.confirm, name="confirm_line"),
    path("pengaturan/mesin/<slug:slug>/lini/tarik/", lines.withdraw, name="withdraw_line"),
    path("dokumen/", papers.documents, name="documents"),
    path("dokumen/<int:number>/", papers.document, name="document"),
    path("dokumen/<int:number>/tarik/", papers.withdraw, name="withdraw_document"),
    path("produsen/<slug:slug>/berkas/", papers.file, name="producer_file"),
    path("produsen/<slug:slug>/berkas/dokumen/", papers.add_for, name="producer_add_document"),
    path("produsen/<slug:slug>/berkas/dokumen/<int:number>/", papers.check, name="check_document"),
    path("produsen/<slug:slug>/berkas/pelatihan/", papers.teach, name="give_qualification"),
    path("produsen/<slug:slug>/berkas/pelatihan/<int:number>/", papers.unteach, name="withdraw_qualification"),
    path("produsen/<slug:slug>/dikenal/", papers.verify, name="verify_producer"),
]
