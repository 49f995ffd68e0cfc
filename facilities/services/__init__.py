"""What can be done with houses and machines: one verb per use case."""
