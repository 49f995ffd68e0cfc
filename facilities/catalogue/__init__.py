"""What the public reads of houses and machines: pages, API, photos, words; and the facts an installation starts from.

Doors: `queries`, `standing` (free, taken, broken), `wording`, `services` (load the facts).
"""
