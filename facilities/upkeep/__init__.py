"""Maintenance and breakdowns, as what they do to a machine's time. Door: `services`."""
