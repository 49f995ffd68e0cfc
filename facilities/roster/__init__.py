"""Operators, their shifts and absences; and work that lost its operator. Doors: `services`, `coverage`."""
