"""Rules about what a machine packs: its line, its abilities, the pack a permit names."""
