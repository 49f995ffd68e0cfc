"""What happened and who may see it: lifecycle, events, references, access, scoped reads.

Doors: `lifecycle`, `events` (`record`, `transition`), `access`, `acting` (whom somebody acts for), `queries`.
"""
