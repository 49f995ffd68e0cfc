"""Ordering a time: choosing it, checking, sending; moving it, giving it back.

Doors: `services` (`reserve`, `move`, `cancel`), `orders` (what the check page sends), `idempotency`.
"""
