"""The arithmetic of time. Pure: spans, hours, calendars, availability, changeovers, limits; no database, no clock."""
