"""The whole region kept for searching, in whole minutes, while its edition stands. Nothing is decided from it.

Doors: `region.region()`, `free_times.FreeTimes`, `places`, `distances`.
"""
