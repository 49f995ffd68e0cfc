"""Histories made up in bulk: demo data and benchmarks.

The one place that writes without services, because a service per step would take hours. What it writes must look
exactly as the services would have left it: `diary.py` mirrors them, and tests hold the two together.
"""
