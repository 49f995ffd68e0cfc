"""Who may use which address: the one table behind test_matrix.

A letter per role, in the order of `ROLES`: n sign in first, f forbidden, x not there,
o let through. The first word is about what is Siti's and in pontianak, the second
about what is Budi's and in sintang. Eko is of Sintang's dinas, Tono accompanies Siti,
Dewi and Cahya work in pontianak, Gunawan only reads.
"""

from __future__ import annotations

API = "api/v1/"
ROLES = ("anonymous", "siti", "tono", "rosa", "dewi", "cahya", "eko", "fitri", "gunawan", "admin")

ANYBODY, ANY_OF_ALL = ("oooooooooo",), ("oooooooooo", "oooooooooo")
NOBODY = ("xxxxxxxxxx",)
SIGNED_IN, SIGNED_IN_ANY = ("nooooooooo",), ("nooooooooo", "nooooooooo")
READ_BOOKING = ("nooxooxooo", "nxxxxxoooo")
CHANGE_BOOKING = ("nooxfoxffo", "nxxxxxfffo")
DECIDE = ("nffxfoxffo", "nxxxxxfffo")
RUN_BOOKING = ("nffxooxffo", "nxxxxxfffo")
DAY, COUNTER = ("nfffoofffo",), ("nffffofffo",)
DAY_BOOKING, COUNTER_BOOKING = ("nfffoofffo", "nfffxxfffo"), ("nffffofffo", "nfffxxfffo")
# The desk shows one house at a time: the machines of another are not there, for the admin either.
DAY_MACHINE, COUNTER_MACHINE = ("nfffoofffo", "nfffxxfffx"), ("nffffofffo", "nffffxfffx")
REPORTS = ("nxxxxooooo",)

TABLE: dict[str, tuple[str, ...]] = {}


def allow(who: tuple[str, ...], *routes: str) -> None:
    """Add routes to the table: `GET here/`, or `GET POST here/` for both."""
    for route in routes:
        *methods, address = route.split(" ")
        TABLE.update({f"{method} {address}": who for method in methods})


allow(
    ANYBODY,
    *(f"GET {API}{name}" for name in ("docs", "openapi.json", "districts", "facilities", "holidays", "machine-types", "machines", "search")),
    "GET healthz", "GET readyz", "GET status/", "GET sw.js", "GET robots.txt", "GET ", "GET rumah/", "GET mesin/",
    "GET cara-memesan/", "GET POST daftar/", "GET POST masuk/", "GET POST keluar/", "POST bahasa/",
    "GET POST kemas/",
)  # fmt: skip
allow(
    ANY_OF_ALL,
    f"GET {API}facilities/<slug>", f"GET {API}facilities/<slug>/changeovers",
    f"GET {API}machines/<slug>", f"GET {API}machines/<slug>/availability",
    f"GET {API}calendar/<token>.ics", "GET rumah/<slug:slug>/", "GET mesin/<slug:slug>/", "GET pesan/<slug:slug>/",
)  # fmt: skip
allow(NOBODY, f"GET {API}", "GET media/<path:name>")

allow(
    SIGNED_IN,
    f"GET {API}me", f"GET {API}bookings", f"GET {API}producers", f"GET {API}products", f"GET {API}calendar-feeds",
    "GET POST akun/", "POST akun/kata-sandi/", "POST akun/perangkat-lain/", "GET jadwal-saya/", "GET pesan-masuk/",
    "POST pesan-masuk/dibaca/", "GET POST akun/kalender/",
)  # fmt: skip
allow(SIGNED_IN_ANY, "GET pesan/<slug:slug>/isi/", "GET POST pesan/<slug:slug>/periksa/")

# For whom one books, and what one keeps, must be one's own; a manager books for anybody at the own counter.
allow(("nooxxoxxxo", "nxxxxxxxxo"), f"POST {API}bookings")
allow(("nooxxxxxxx", "nxxxxxxxxx"), f"POST {API}products", f"POST {API}needs", f"POST {API}calendar-feeds")
allow(("noxxxxxxxx", "nxxxxxxxxx"), f"DELETE {API}calendar-feeds/<feed_id>", "POST akun/kalender/<int:feed_id>/cabut/")

booking = f"{API}bookings/<reference>"
page = "pesanan/<str:reference>"
allow(
    READ_BOOKING,
    f"GET {booking}", f"GET {booking}/runs", f"GET {page}/", f"GET {page}/bukti.png", f"GET {page}/kalender.ics",
    "GET POST hadir/<str:reference>/",
)  # fmt: skip
allow(CHANGE_BOOKING, f"POST {booking}/cancel", f"POST {booking}/move", f"GET POST {page}/batal/", f"GET POST {page}/pindah/")
allow(DECIDE, f"POST {booking}/approve", f"POST {booking}/decline")
allow(
    RUN_BOOKING,
    f"POST {booking}/check-in", f"POST {booking}/complete", f"POST {booking}/runs", f"POST {booking}/start",
    f"POST {API}runs/<run_id>/stop", f"POST {API}runs/<run_id>/corrections",
)  # fmt: skip

# Machines are public, so that they are not yours is 403; what was reported of them is not, so 404.
allow(("nffffofffo", "nffffffffo"), f"POST {API}machines/<slug>/maintenance")
allow(("nfffoofffo", "nffffffffo"), f"POST {API}machines/<slug>/breakdowns")
allow(("nxxxfoxxxo", "nxxxxxxxxo"), f"POST {API}maintenance/<maintenance_id>/cancel")
allow(("nxxxooxxxo", "nxxxxxxxxo"), f"POST {API}breakdowns/<breakdown_id>/close")

allow(
    DAY,
    "GET hari-ini/", "GET hari-ini/cetak/", "GET hari-ini/kode/", "GET permintaan/", "GET papan/", "GET perawatan/",
    "GET produsen/",
)  # fmt: skip
allow(
    DAY_BOOKING,
    *(f"POST {page}/{verb}/" for verb in ("hadir", "batal-hadir", "tidak-datang", "mulai", "berhenti")),
    f"GET POST {page}/pemakaian/", f"POST {page}/pemakaian/koreksi/", f"GET POST {page}/pemakaian/koreksi-lembar/", "GET produsen/<slug:slug>/",
)  # fmt: skip
allow(COUNTER_BOOKING, f"POST {page}/setujui/", f"GET POST {page}/tolak/")
allow(("nffffofffo", "nfffxxfffo"), "POST produsen/<slug:slug>/telepon/")
allow(
    COUNTER,
    "GET POST tamu/", "GET POST susulan/", "GET pengaturan/", "GET POST pengaturan/aturan/", "GET POST pengaturan/rumah/",
    "GET POST pengaturan/ganti-produk/",
    "GET POST pengaturan/jam/", "GET POST pengaturan/tutup/", "GET POST pengaturan/tutup/libur/", "GET pengaturan/mesin/", "GET POST pengaturan/mesin/baru/",
)  # fmt: skip
allow(DAY_MACHINE, "GET perawatan/<slug:slug>/", "POST perawatan/<slug:slug>/rusak/", "POST perawatan/<slug:slug>/siap/")
allow(
    COUNTER_MACHINE,
    "POST perawatan/<slug:slug>/jadwal/", "POST perawatan/<slug:slug>/kembali/<str:reference>/", "POST perawatan/batal/<int:number>/",
    "GET POST perawatan/kerusakan/<int:number>/koreksi/", "GET pengaturan/mesin/<slug:slug>/",
    "GET POST pengaturan/mesin/<slug:slug>/aturan/",
    *(f"POST pengaturan/mesin/<slug:slug>/{part}/" for part in ("ubah", "kemampuan", "tarif", "pensiun", "foto")),
)  # fmt: skip
allow(("nffffofffo", "nfffxxfffx"), "GET POST papan/pindah/<str:reference>/")
allow(
    ("nffffxfffx",),
    "POST pengaturan/jam/hapus/",
    "POST pengaturan/tutup/<int:number>/buka/",
    "POST pengaturan/mesin/<slug:slug>/foto/<int:number>/hapus/",
)
allow(("nfffoooooo",), "GET cari/")
allow(
    ("nffffffofo",),
    f"PUT {API}holidays/<day>", f"DELETE {API}holidays/<day>",
    "GET POST pengaturan/provinsi/ganti-produk/", "GET libur/", "GET POST libur/baru/", "GET POST libur/<int:number>/",
)  # fmt: skip

allow(REPORTS, f"GET {API}reports/usage", "GET laporan/", "GET laporan/rincian/", "GET laporan/unduh.csv", "GET laporan/unduh.xlsx")
allow(REPORTS, "GET laporan/asal/", "GET laporan/asal/unduh.csv", "GET laporan/asal/unduh.xlsx")
allow(
    REPORTS,
    f"GET {API}reports/needs", "GET laporan/kebutuhan/", "GET laporan/kebutuhan/rincian/",
    "GET laporan/kebutuhan/unduh.csv", "GET laporan/kebutuhan/unduh.xlsx",
)  # fmt: skip
allow(("nxxxxoxooo", "nxxxxxoooo"), "GET laporan/rumah/<slug:slug>/", "GET laporan/mesin/<slug:slug>/")

allow(COUNTER, "GET pengaturan/giliran/", "GET POST pengaturan/giliran/baru/")
allow(("nffffofffo", "nffffxfffx"),
    "GET pengaturan/giliran/<int:number>/", "POST pengaturan/giliran/berhalangan/<int:number>/hapus/",
    *(f"POST pengaturan/giliran/<int:number>/{part}/" for part in ("ubah", "jam", "jam/hapus", "berhalangan", "berhenti")),
)  # fmt: skip
allow(COUNTER_BOOKING, f"GET POST {page}/operator/")
# The second person of a change of line may be of the provincial office.
allow(("nffffofofo", "nffffxfofo"), *(f"{ask} pengaturan/mesin/<slug:slug>/lini/{step}" for ask, step in (
    ("GET", ""), ("POST", "sahkan/"), ("POST", "tarik/"))))  # fmt: skip
allow(("nffffofffo", "nffffxfffo"), "POST pengaturan/mesin/<slug:slug>/lini/")
allow(SIGNED_IN, "GET POST dokumen/")
allow(("nooxxxxxxx", "nxxxxxxxxx"), "GET POST dokumen/<int:number>/", "POST dokumen/<int:number>/tarik/")
allow(("nfffoofffo", "nfffxxfffo"), "GET produsen/<slug:slug>/berkas/")
allow(("nffffofffo", "nffffxfffo"), *(f"POST produsen/<slug:slug>/{part}/" for part in (
    "berkas/dokumen", "berkas/dokumen/<int:number>", "berkas/pelatihan", "dikenal")))  # fmt: skip
allow(("nffffofffo", "nffffxfffx"), "POST produsen/<slug:slug>/berkas/pelatihan/<int:number>/")
