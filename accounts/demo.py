"""The demo sign-ins. They exist only in demo data, marked `User.is_demo`."""

DEMO_PASSWORD = "demo-rumah-2026"

DEMO_PEOPLE = {
    "+6281200000001": "Siti, producer (UMKM, Pontianak)",
    "+6281200000002": "Budi, producer (UMKM, Pontianak)",
    "+6281200000003": "Rosa, officer of Koperasi Mandau (Sintang)",
    "+6281200000004": "Tono, companion (Sintang)",
    "+6281200000005": "Dewi, operator (Pontianak)",
    "+6281200000006": "Cahya, facility manager (Pontianak)",
    "+6281200000007": "Eko, district office (Sintang)",
    "+6281200000008": "Fitri, provincial office",
    "+6281200000009": "Gunawan, inspector (reads only)",
    "+6281200000010": "Admin",
}
"""Who is who, as `up` prints it."""
