"""Why a booking ends or moves, as people are told: the codes of events, in Indonesian and English. Pure."""

from __future__ import annotations

from collections.abc import Mapping

AT_REQUEST = "at_request"
"""The house cancels because the producer asked it to, on the phone or at the counter."""
REASONS: Mapping[str, tuple[str, str]] = {
    # the producer's
    "changed_plans": ("Rencana berubah", "Plans changed"),
    "material_missing": ("Bahan belum ada", "Material is missing"),
    "ill": ("Sakit", "Ill"),
    "machine_unsuitable": ("Mesin kurang cocok", "The machine does not suit"),
    "weather": ("Cuaca atau jalan", "Weather or roads"),
    # the house's
    AT_REQUEST: ("Atas permintaan pelaku usaha", "At the producer's request"),
    "does_not_fit": ("Mesin tidak cocok untuk produk ini", "The machine does not suit this product"),
    "documents": ("Dokumen belum lengkap", "Documents are incomplete"),
    "quota": ("Jatah sudah terpakai", "The quota is used up"),
    "no_operator": ("Tidak ada operator pada jam itu", "No operator at that time"),
    "closed": ("Rumah produksi tutup pada jam itu", "The house is closed at that time"),
    "holiday": ("Hari itu libur", "That day is a holiday"),
    "maintenance": ("Mesin dirawat pada jam itu", "The machine is under maintenance at that time"),
    "broken": ("Mesin rusak", "The machine is broken"),
    "hours": ("Jam buka berubah", "The opening hours have changed"),
    "unable": ("Mesin tidak lagi mengemas ini", "The machine no longer packs this"),
    "changed": ("Cara menjalankan mesin berubah", "The machine is run in another way now"),
    "retired": ("Mesin tidak dipakai lagi", "The machine is out of service"),
}
