"""What a change of settings would do, shown before it is saved: coming bookings stay, and are listed. Reads only."""
