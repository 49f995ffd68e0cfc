"""Producers and cooperatives: joining, finding, what staff see of them, documents and what they were taught.

Doors: `services` (join, enrol), `document_services`, `queries`.
"""
