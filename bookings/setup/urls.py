"""What a house sets: its page, hours, closed days, rules, machines and their lines."""

from __future__ import annotations

from django.urls import path

from bookings.setup import changeover_views, holiday_views, line_views, machine_views, rule_views, views

urlpatterns = [
    path("pengaturan/", views.index, name="settings"),
    path("pengaturan/aturan/", rule_views.rules, name="settings_rules"),
    path("pengaturan/ganti-produk/", changeover_views.house_changeovers, name="settings_changeovers"),
    path("pengaturan/provinsi/ganti-produk/", changeover_views.province_changeovers, name="province_changeovers"),
    path("pengaturan/rumah/", views.page, name="settings_page"),
    path("pengaturan/jam/", views.hours, name="settings_hours"),
    path("pengaturan/jam/hapus/", views.drop_week, name="drop_week"),
    path("pengaturan/tutup/", views.closures, name="settings_closures"),
    path("pengaturan/tutup/<int:number>/buka/", views.reopen, name="reopen"),
    path("pengaturan/tutup/libur/", holiday_views.worked, name="worked_holidays"),
    path("libur/", holiday_views.calendar, name="holidays"),
    path("libur/baru/", holiday_views.holiday, name="add_holiday"),
    path("libur/<int:number>/", holiday_views.holiday, name="holiday"),
    path("pengaturan/mesin/", machine_views.machine_list, name="settings_machines"),
    path("pengaturan/mesin/baru/", machine_views.add, name="add_machine"),
    path("pengaturan/mesin/<slug:slug>/", machine_views.machine, name="settings_machine"),
    path("pengaturan/mesin/<slug:slug>/aturan/", rule_views.machine_rules, name="machine_rules"),
    path("pengaturan/mesin/<slug:slug>/ubah/", machine_views.change, name="change_machine"),
    path("pengaturan/mesin/<slug:slug>/kemampuan/", machine_views.abilities, name="set_abilities"),
    path("pengaturan/mesin/<slug:slug>/tarif/", machine_views.tariff, name="set_tariff"),
    path("pengaturan/mesin/<slug:slug>/pensiun/", machine_views.retire, name="retire_machine"),
    path("pengaturan/mesin/<slug:slug>/foto/", machine_views.photo, name="add_photo"),
    path("pengaturan/mesin/<slug:slug>/foto/<int:number>/hapus/", machine_views.remove_photo, name="remove_photo"),
    path("media/<path:name>", machine_views.picture, name="picture"),
    path("pengaturan/mesin/<slug:slug>/lini/", line_views.line, name="machine_line"),
    path("pengaturan/mesin/<slug:slug>/lini/sahkan/", line_views.confirm, name="confirm_line"),
    path("pengaturan/mesin/<slug:slug>/lini/tarik/", line_views.withdraw, name="withdraw_line"),
]
