"""Indicators, rollups, needs, exports: only adds up what the rooms below wrote down.

Doors: `services` (sum again), `report`, `indicators` (definitions).
"""
