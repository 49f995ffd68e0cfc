"""Addresses of the reports."""

from django.urls import path

from bookings.reports.views import downloads, needs, origin, pages, rows

urlpatterns = [
    path("laporan/", pages.area, name="report"),
    path("laporan/rumah/<slug:slug>/", pages.house, name="report_house"),
    path("laporan/mesin/<slug:slug>/", pages.machine, name="report_machine"),
    path("laporan/rincian/", rows.rows, name="report_rows"),
    path("laporan/unduh.csv", downloads.as_csv, name="report_csv"),
    path("laporan/unduh.xlsx", downloads.as_xlsx, name="report_xlsx"),
    path("laporan/asal/", origin.page, name="report_origin"),
    path("laporan/asal/unduh.csv", origin.as_csv, name="report_origin_csv"),
    path("laporan/asal/unduh.xlsx", origin.as_xlsx, name="report_origin_xlsx"),
    path("laporan/kebutuhan/", needs.area, name="report_needs"),
    path("laporan/kebutuhan/rincian/", needs.rows, name="report_needs_rows"),
    path("laporan/kebutuhan/unduh.csv", needs.as_csv, name="report_needs_csv"),
    path("laporan/kebutuhan/unduh.xlsx", needs.as_xlsx, name="report_needs_xlsx"),
]
