"""Every form that staff may send: which carry what their writer saw, and why the others need not.

Read by test_stale. An address of the URLconf that stands in neither table fails there, until somebody decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone


def day(ahead: int) -> str:
    """Return a day so far ahead, as it is typed."""
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


@dataclass(frozen=True, slots=True)
class Written:
    """A form that two people send: what the first one types, what the second; the page where it stands, if elsewhere.

    `anew` is what the second one gets on sending it all the same; `gone`: after the first there is nothing to send.
    """

    first: Mapping[str, Any] = field(default_factory=dict)
    second: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""
    role: str = "cahya"
    anew: int = 302
    gone: bool = False


MACHINE, OPERATOR = "pengaturan/mesin/<slug:slug>/", "pengaturan/giliran/<int:number>/"
LINE = f"{MACHINE}lini/"
RATE = "bisa-rate-keripik-standing_pouch"


def written() -> dict[str, Written]:
    """Return the forms of settings, by their address."""
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
MOVES = "moves"
OWN = "one's own account, papers and orders, not what a house has set"
LOOKS = "writes nothing but that somebody looked"

REASONS: dict[str, str] = {
    **dict.fromkeys((
        "tamu/", "pengaturan/mesin/baru/", f"{MACHINE}foto/", "pengaturan/giliran/baru/", "libur/baru/",
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
        "papan/pindah/<str:reference>/", "pesanan/<str:reference>/pemakaian/", "pesanan/<str:reference>/pemakaian/koreksi/",
        "pesanan/<str:reference>/batal/", "pesanan/<str:reference>/pindah/",
        "perawatan/<slug:slug>/jadwal/", "perawatan/<slug:slug>/rusak/", "perawatan/<slug:slug>/siap/",
        "perawatan/batal/<int:number>/",
    ), MOVES),
    **dict.fromkeys((
        "daftar/", "masuk/", "keluar/", "bahasa/", "kemas/", "akun/", "akun/kata-sandi/", "akun/perangkat-lain/",
        "pesan-masuk/dibaca/", "pesan/<slug:slug>/periksa/", "dokumen/", "dokumen/<int:number>/",
        "dokumen/<int:number>/tarik/",
    ), OWN),
    "produsen/<slug:slug>/telepon/": LOOKS,
}  # fmt: skip
"""By address. `MOVES`: bookings, runs and stops have their own ways, and tests of their own."""

