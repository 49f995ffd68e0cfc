"""Districts, houses, machines, operators and the time they have: facilities own time.

Nothing here knows who books. Anything that takes a machine's time is an
`Occupancy`, and the database itself refuses two that overlap.
"""

from .changeovers import Changeover
from .edition import Edition
from .holidays import RemovedHoliday, WorkedHoliday
from .machines import Capability, LineChange, Machine, MachinePhoto, MachineType, Tariff
from .operators import Absence, Assignment, Operator, Shift
from .places import Closure, District, Duty, Facility, OpeningHours
from .time import Breakdown, Maintenance, Occupancy, StaleMonth, StopCorrection

__all__ = [
    "Absence",
    "Assignment",
    "Breakdown",
    "Capability",
    "Changeover",
    "Closure",
    "District",
    "Duty",
    "Edition",
    "Facility",
    "LineChange",
    "Machine",
    "MachinePhoto",
    "MachineType",
    "Maintenance",
    "Occupancy",
    "OpeningHours",
    "Operator",
    "RemovedHoliday",
    "Shift",
    "StaleMonth",
    "StopCorrection",
    "Tariff",
    "WorkedHoliday",
]
