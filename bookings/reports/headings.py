"""What the columns and sheets of files are called: what sums are grouped by, and the codes of places and machines."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext


def title_of(group_by: Sequence[str]) -> str:
    """Return what a sheet is called: by what it is grouped."""
    words = " ".join(dimension_names()[name].lower() for name in group_by)
    return gettext("Per %(name)s") % {"name": words.replace("/", " ")}


def dimension_names() -> dict[str, str]:
    """Return what sums are grouped by, in words. A district says whose it is."""
    return {
        "month": gettext("Bulan"),
        "machine": gettext("Mesin dan rumah"),
        "type": gettext("Jenis mesin"),
        "facility": gettext("Rumah produksi"),
        "district": gettext("Kabupaten/kota rumah"),
        "house_district": gettext("Kabupaten/kota rumah"),
        "producer_district": gettext("Kabupaten/kota pelaku usaha"),
        "producer": gettext("Pelaku usaha"),
    }


def code_names() -> dict[str, tuple[str, ...]]:
    """Return the titles of the codes that `codes_of` gives of each dimension."""
    of_house = (gettext("Kode Kemendagri rumah"), gettext("Kode BPS rumah"))
    of_producer = (gettext("Kode Kemendagri pelaku usaha"), gettext("Kode BPS pelaku usaha"))
    house = (gettext("Kode rumah"), gettext("Kabupaten/kota rumah"), *of_house)
    return {
        "facility": house,
        "machine": (*machine_code_names(), *house),
        "district": of_house,
        "house_district": of_house,
        "producer_district": of_producer,
        "producer": (gettext("Kabupaten/kota pelaku usaha"), *of_producer),
    }


def machine_code_names() -> tuple[str, ...]:
    """Return the titles of what a machine is known by."""
    return gettext("Kode mesin"), gettext("Kode barang"), gettext("Nomor register")
