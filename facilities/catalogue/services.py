"""The facts every installation starts from: districts, machine types, national holidays.

They come from `facilities/data/*.csv`, where each row names its source. Loading again
brings rows up to date and keeps what people added.
"""

from __future__ import annotations

from datetime import date

from facilities.catalogue.holidays import load_holidays
from facilities.facts import facts
from facilities.models import Changeover, Closure, District, MachineType
from facilities.transactions import in_one_transaction

SUPPORT = frozenset("LBR LBF CODH CODJ METAL N2 SPIN PRNT LAM STRAP CAP IND SHRINK".split())
"""Types that prepare, mark, check or finish packs, by their purpose in the facts, and pack nothing by themselves."""


@in_one_transaction
def load_catalogue(*, today: date | None = None) -> list[Closure]:
    """Bring districts, machine types, national holidays and changeovers up to date with the facts.

    What people set stays, and so do holidays that are over `today`. Returns the holidays that were changed or added.
    """
    load_districts()
    load_machine_types()
    changed = load_holidays(today=today)
    load_changeovers()
    return changed


@in_one_transaction
def load_districts() -> None:
    """Load the fourteen kabupaten and kota; the key is the Kemendagri code."""
    rows = [
        District(
            code=row["code"],
            bps_code=row["bps_code"],
            name=row["name"],
            kind=row["kind"],
            capital=row["capital"],
            latitude=float(row["lat"]),
            longitude=float(row["lon"]),
            population=int(row["population_2025"]),
            source=f"Kepmendagri, BPS 2025; jarak: {row['distance_evidence']}"[:160],
        )
        for row in facts("districts")
    ]
    _upsert(District, rows, "code")


@in_one_transaction
def load_machine_types() -> None:
    """Load every machine type with its drawing; `evidence` says which figures are unverified."""
    drawings = {row["code"]: row["symbol"] for row in facts("drawings")}
    rows = [
        MachineType(
            code=row["code"],
            slug=row["code"].lower(),
            name=row["name_id"],
            name_en=row["name_en"],
            purpose=row["purpose_id"],
            forms=row["product_forms"].split("|"),
            formats=_formats(row["pack_formats"]),
            rate_min=int(row["packs_per_hour_min"]),
            rate_max=int(row["packs_per_hour_max"]),
            setup=int(row["setup_min"]),
            cleaning=int(row["changeover_clean_min"]),
            operator_level=row["operator_level"],
            needs="" if row["needs"] == "-" else row["needs"],
            power_watt=int(row["power_w_max"]),
            drawing=drawings[row["code"]],
            is_support=row["code"] in SUPPORT,
            evidence=row["evidence"][:240],
        )
        for row in facts("machine_types")
    ]
    _upsert(MachineType, rows, "code")


def _formats(cell: str) -> list[str]:
    """A spinner drains before packing: it takes no pack format, so none is refused."""
    return ["semua"] if cell == "-" else cell.split("|")


def _upsert(model: type[District] | type[MachineType], rows: list, key: str) -> None:  # type: ignore[type-arg]
    fields = [field.name for field in model._meta.concrete_fields if field.name != key]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=fields)


@in_one_transaction
def load_changeovers() -> None:
    """Fill the province's matrix with the default of each pair that it has no cell for; what people set stays."""
    known = set(Changeover.objects.filter(facility__isnull=True).values_list("before", "after"))
    Changeover.objects.bulk_create(
        Changeover(
            before=row["before"],
            after=row["after"],
            minutes=int(row["minutes"]) if row["minutes"].isdigit() else None,
            is_refused=row["minutes"] == "never",
            is_example=True,
        )
        for row in facts("changeovers")
        if (row["before"], row["after"]) not in known
    )
