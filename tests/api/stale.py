"""Every form that staff may send: which carry what their writer saw, and why the others need not.

Read by test_stale. An address of the URLconf that stands in neither table fails there, until somebody decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.api.calling import coming


def day(ahead: int) -> str:
    """Return a day so far ahead, as it is typed."""
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


@dataclass(frozen=True, slots=True)
class Written:
    """A form that two people send: what the first one types, what the second; the page where it stands, if elsewhere.

    `anew` is what the second one gets on sending it all the same; `gone`: after the first there is nothing to send;
    `beside`: what stands where both are shown; `way`: the form the first one sends, and its page, where it is another;
    `taps`: the second one chooses from what is offered, and types nothing that could be a slip.
    """

    first: Mapping[str, Any] = field(default_factory=dict)
    second: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""
    role: str = "cahya"
    anew: int = 302
    gone: bool = False
    beside: str = "Yang sekarang tersimpan"
    way: tuple[str, str] = ("", "")
    taps: bool = False


MACHINE, OPERATOR = "pengaturan/mesin/<slug:slug>/", "pengaturan/giliran/<int:number>/"
LINE = f"{MACHINE}lini/"
BOOKING, CARE = "pesanan/<str:reference>/", "perawatan/<slug:slug>/"
BOARD, MOVE = "papan/pindah/<str:reference>/", f"{BOOKING}pindah/"
RATE = "bisa-rate-keripik-standing_pouch"


def hour(clock: int) -> str:
    """Return an hour of the day on which the world's bookings stand, as a page carries it."""
    return f"{coming(clock):%Y-%m-%dT%H:%M}"


def written() -> dict[str, Written]:
    """Return the forms, by their address."""
    return {**settings(), **moves()}


def moves() -> dict[str, Written]:
    """Return the forms of bookings, runs and stops."""
    board = f"{BOARD}?mesin=pontianak-band-7&mulai={hour(13)}"
    away = f"{MOVE}?jam={hour(13)}&periksa=1"
    return {
        BOARD: Written({"mulai": hour(11)}, {"alasan": "Listrik", "mulai": hour(13)}, page=board, beside="Sekarang"),
        MOVE: Written({"jam": hour(11)}, {"jam": hour(13)}, page=away, beside="baru saja diubah", anew=303, taps=True),
        f"{BOOKING}batal/": Written({"jam": hour(11)}, {"reason": "Suku cadang datang Rabu", "reason_code": "broken"},
                                    way=(MOVE, away), beside="baru saja diubah", anew=303),
        **stops(),
        **sheets(),
    }  # fmt: skip


def sheets() -> dict[str, Written]:
    """Return the forms of runs."""
    sheet, cleaned = f"{BOOKING}pemakaian/", "Yang tersimpan sekarang"
    field = {"value": "290", "field": "good", "reason": "Salah hitung"}
    return {
        sheet: Written({"good": "10"}, {"good": "12", "note": "Shift pagi", "henti-0-minutes": "5", "henti-0-reason": "power"}),
        f"{sheet}koreksi/": Written({**field, "value": "280"}, field, page=sheet, beside="baru saja dikoreksi orang lain"),
        f"{sheet}koreksi-lembar/": Written(
            {"cleaning_agent": "Sabun", "reason": "Lupa"}, {"cleaning_agent": "Air panas", "reason": "Dicek"}, beside=cleaned
        ),
    }  # fmt: skip


def stops() -> dict[str, Written]:
    """Return the forms of planned work and breakdowns."""
    out, again = {"rusak-reason": "Motor"}, {"rusak-reason": "Motor terbakar"}
    work = {"rawat-title": "Oli", "rawat-starts_at": f"{day(10)}T09:00", "rawat-ends_at": f"{day(10)}T10:00"}
    more = {"rawat-title": "Kalibrasi", "rawat-starts_at": f"{day(11)}T09:00", "rawat-ends_at": f"{day(11)}T10:00"}
    return {
        f"{CARE}jadwal/": Written(work, more, page=CARE),
        f"{CARE}rusak/": Written(
            {**out, "rusak-expected_until": f"{day(3)}T09:00"}, {**again, "rusak-expected_until": f"{day(4)}T09:00"},
            page=CARE, anew=409,
        ),
        f"{CARE}siap/": Written({"siap-repair": "Ganti motor"}, {"siap-repair": "Ganti sekring"}, page=CARE),
        f"{CARE}kembali/<str:reference>/": Written(page=CARE, gone=True),
        "perawatan/batal/<int:number>/": Written(page=CARE, gone=True),
        "perawatan/kerusakan/<int:number>/koreksi/": Written(
            {"reason": "Motor mati", "why": "Dicek"}, {"reason": "Sekring putus", "why": "Salah tulis"},
            beside="Yang tersimpan sekarang",
        ),
    }  # fmt: skip


def settings() -> dict[str, Written]:
    """Return the forms of settings."""
    price = {"tarif-unit": "hour", "tarif-legal_basis": "Perda 1"}
    away = {"pergi-starts_at": f"{day(20)}T08:00", "pergi-ends_at": f"{day(21)}T16:00"}
    return {
        "pengaturan/rumah/": Written({"name": "Rumah B", "about": "Dari B"}, {"name": "Rumah A"}),
        "pengaturan/jam/": Written({"opens_1_0": "09.00"}, {"opens_1_0": "", "closes_1_0": ""}),
        "pengaturan/jam/hapus/": Written(page=f"pengaturan/jam/?minggu={day(100)}"),
        "pengaturan/tutup/": Written(
            {"first_on": day(40), "reason": "Rapat"}, {"first_on": day(41), "last_on": day(42), "reason": "Fumigasi"}
        ),
        "pengaturan/tutup/<int:number>/buka/": Written(page="pengaturan/tutup/", gone=True),
        "pengaturan/tutup/libur/": Written({"kerja": "ya"}, {"kerja": "ya"}),
        "pengaturan/aturan/": Written({"notice": "90"}, {"notice": "45", "grace": "20"}),
        "pengaturan/ganti-produk/": Written({"sel-kering-ikan": "25"}, {"sel-kering-ikan": "35"}),
        "pengaturan/provinsi/ganti-produk/": Written(
            {"sel-kering-ikan": "25"}, {"sel-kering-ikan": "35"}, role="fitri"
        ),
        "libur/<int:number>/": Written({"source": "SKB 1"}, {"reason": "Libur lain", "source": "SKB 2"}, role="fitri"),
        f"{MACHINE}ubah/": Written({"name": "Segel B"}, {"name": "Segel A", "note": "Baru"}, page=MACHINE),
        f"{MACHINE}aturan/": Written(
            {"own_notice": "on", "notice": "90"}, {"own_notice": "on", "notice": "45"}
        ),
        f"{MACHINE}kemampuan/": Written({RATE: "700"}, {RATE: "800"}, page=MACHINE),
        f"{MACHINE}tarif/": Written(
            {**price, "tarif-amount": "15000", "tarif-valid_from": day(50)},
            {**price, "tarif-amount": "25000", "tarif-valid_from": day(60)}, page=MACHINE,
        ),
        f"{MACHINE}pensiun/": Written(
            {"pensiun-retired_on": day(900)}, {"pensiun-retired_on": day(950)}, page=MACHINE
        ),
        LINE: Written({"evidence": "Sertu, surat 1/2026"}, {"evidence": "Sertu, surat 2/2026"}, anew=409),
        f"{LINE}sahkan/": Written({"sudah": "ya"}, {"sudah": "ya"}, page=LINE, role="fitri", gone=True),
        f"{LINE}tarik/": Written(page=LINE, gone=True),
        f"{OPERATOR}ubah/": Written({"name": "Hasan B"}, {"name": "Hasan A"}, page=OPERATOR),
        f"{OPERATOR}jam/": Written({"starts_1_0": "09.00"}, {"starts_1_0": "", "ends_1_0": ""}, page=OPERATOR),
        f"{OPERATOR}jam/hapus/": Written(page=OPERATOR),
        f"{OPERATOR}berhalangan/": Written(
            {**away, "pergi-reason": "izin"}, {**away, "pergi-reason": "sakit"}, page=OPERATOR
        ),
        f"{OPERATOR}berhenti/": Written(
            {"akhir-ended_on": day(30)}, {"akhir-ended_on": day(31)}, page=OPERATOR
        ),
        "pengaturan/giliran/berhalangan/<int:number>/hapus/": Written(page=OPERATOR, gone=True),
        "pesanan/<str:reference>/operator/": Written({"operator": "Eka"}, {"operator": "Dewi", "reason": "Lebih dekat"}),
    }  # fmt: skip


NEW = "makes a new row: nothing stands there that could be written over"
GONE = "takes away one row that nobody can change meanwhile; what is gone is not there any more"
STATE = "says which state it wants, and is refused where the present one does not allow it"
OWN = "one's own account, papers and orders, not what a house has set"
LOOKS = "writes nothing but that somebody looked"

REASONS: dict[str, str] = {
    **dict.fromkeys((
        "tamu/", "susulan/", "pengaturan/mesin/baru/", f"{MACHINE}foto/", "pengaturan/giliran/baru/", "libur/baru/",
        "produsen/<slug:slug>/berkas/dokumen/", "produsen/<slug:slug>/berkas/pelatihan/",
    ), NEW),
    **dict.fromkeys((
        f"{MACHINE}foto/<int:number>/hapus/", "produsen/<slug:slug>/berkas/pelatihan/<int:number>/",
    ), GONE),
    **dict.fromkeys((
        *(f"pesanan/<str:reference>/{verb}/" for verb in (
            "hadir", "batal-hadir", "tidak-datang", "mulai", "berhenti", "setujui", "tolak")),
        "hadir/<str:reference>/", "produsen/<slug:slug>/dikenal/", "produsen/<slug:slug>/berkas/dokumen/<int:number>/",
    ), STATE),
    **dict.fromkeys((
        "daftar/", "masuk/", "keluar/", "bahasa/", "kemas/", "akun/", "akun/kata-sandi/", "akun/perangkat-lain/",
        "pesan-masuk/dibaca/", "pesan/<slug:slug>/periksa/", "dokumen/", "dokumen/<int:number>/",
        "dokumen/<int:number>/tarik/",
        "akun/kalender/", "akun/kalender/<int:feed_id>/cabut/",
    ), OWN),
    "produsen/<slug:slug>/telepon/": LOOKS,
}  # fmt: skip
"""By address."""

