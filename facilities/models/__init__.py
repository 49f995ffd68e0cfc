"""Districts, houses, machines and the time they have: facilities own time.

Nothing here knows who books. Anything that takes a machine's time is an
`Occupancy`, and the database itself refuses two that overlap.
"""

from .machines import Capability, Machine, MachinePhoto, MachineType, Tariff
from .places import Closure, District, Duty, Facility, OpeningHours
from .time import Breakdown, Maintenance, Occupancy, StaleMonth

__all__ = [
    "Breakdown",
    "Capability",
    "Closure",
    "District",
    "Duty",
    "Facility",
    "Machine",
    "MachinePhoto",
    "MachineType",
    "Maintenance",
    "Occupancy",
    "OpeningHours",
    "StaleMonth",
    "Tariff",
]
