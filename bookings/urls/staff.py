"""The counter's addresses."""

from __future__ import annotations

from django.urls import path

from bookings.views import arrivals, board, counter, machines, people, requests, running, settings, today, upkeep

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
    path("tamu/", counter.walk_in, name="walk_in"),
    path("perawatan/", upkeep.machines, name="upkeep"),
    path("perawatan/batal/<int:number>/", upkeep.call_off, name="call_off_maintenance"),
    path("perawatan/<slug:slug>/", upkeep.machine, name="upkeep_machine"),
    path("perawatan/<slug:slug>/jadwal/", upkeep.schedule, name="schedule_maintenance"),
    path("perawatan/<slug:slug>/rusak/", upkeep.report, name="report_breakdown"),
    path("perawatan/<slug:slug>/siap/", upkeep.repaired, name="close_breakdown"),
    path("pengaturan/", settings.index, name="settings"),
    path("pengaturan/aturan/", settings.rules, name="settings_rules"),
    path("pengaturan/rumah/", settings.page, name="settings_page"),
    path("pengaturan/jam/", settings.hours, name="settings_hours"),
    path("pengaturan/jam/hapus/", settings.drop_week, name="drop_week"),
    path("pengaturan/tutup/", settings.closures, name="settings_closures"),
    path("pengaturan/tutup/<int:number>/buka/", settings.reopen, name="reopen"),
    path("pengaturan/mesin/", machines.machine_list, name="settings_machines"),
    path("pengaturan/mesin/baru/", machines.add, name="add_machine"),
    path("pengaturan/mesin/<slug:slug>/", machines.machine, name="settings_machine"),
    path("pengaturan/mesin/<slug:slug>/ubah/", machines.change, name="change_machine"),
    path("pengaturan/mesin/<slug:slug>/kemampuan/", machines.abilities, name="set_abilities"),
    path("pengaturan/mesin/<slug:slug>/tarif/", machines.tariff, name="set_tariff"),
    path("pengaturan/mesin/<slug:slug>/pensiun/", machines.retire, name="retire_machine"),
    path("pengaturan/mesin/<slug:slug>/foto/", machines.photo, name="add_photo"),
    path("pengaturan/mesin/<slug:slug>/foto/<int:number>/hapus/", machines.remove_photo, name="remove_photo"),
    path("produsen/", people.producers, name="producers"),
    path("produsen/<slug:slug>/", people.producer, name="producer"),
    path("produsen/<slug:slug>/telepon/", people.reveal_phone, name="reveal_phone"),
    path("cari/", people.search, name="search"),
    path("media/<path:name>", machines.picture, name="picture"),
]
