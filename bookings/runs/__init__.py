"""The usage log: check in, start, stop, record, correct; and what a machine's own runs teach about its pace.

Doors: `services`, `queries`.
"""
