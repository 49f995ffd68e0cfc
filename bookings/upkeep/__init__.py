"""Maintenance and breakdowns as a house meets them, with the bookings they push aside.

Doors: `services` (plan, report, close), `queries` (whom a change would touch).
"""
