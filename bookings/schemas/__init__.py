"""Shapes of bookings and what belongs to them in the API."""
