"""What can be done with bookings: one verb per use case, one transaction each."""
