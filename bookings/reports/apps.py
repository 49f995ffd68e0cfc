from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "bookings.reports"
    label = "reports"
    verbose_name = "Laporan"
