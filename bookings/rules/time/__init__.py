"""Rules about when: past, notice, horizon, grid, length, opening, taken, cleaning, operators, breakdowns."""
