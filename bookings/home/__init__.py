"""The front door, and what a producer has: the next booking, the schedule, receipts with their picture and calendar entry.

Doors: `queries` (own bookings), `receipt_words` (a booking in words for its producer).
"""
