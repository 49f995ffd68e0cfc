"""What people are told: in which words, by which way, once; the inbox; calendar feeds.

Doors: `services` (follow up on events, remind), `queries`, `words` (every sentence), `ical`.
"""
