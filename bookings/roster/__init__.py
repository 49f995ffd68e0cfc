"""Operators of the week: who is where, who takes which job, who stands in.

Doors: `services` (`man` a job, name or replace an operator), `week` (reads).
"""
