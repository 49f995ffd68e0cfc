"""Asking for packs: from a need as typed, to what is wanted, to options; near misses, reasons, the ledger of needs.

Doors: `search.search`, `near_misses`, `estimate`, `order_address` (an order as its address carries it).
"""
