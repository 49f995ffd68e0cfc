"""The verbs that change houses and machines, one module by noun."""
