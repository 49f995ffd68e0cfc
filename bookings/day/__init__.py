"""The day at a house: today, the board, requests, arrivals, the counter, the day on paper.

Doors: `request_services` (approve, decline, expire), `counter_services` (walk in, book for somebody).
"""
