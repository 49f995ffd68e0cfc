"""The only writers of occupied time, and what is read under the lock to decide about it.

Doors: `writing` (lock, place, release), `reading.calendars`, `timetables`, `matrices`, `on_duty`.
"""
