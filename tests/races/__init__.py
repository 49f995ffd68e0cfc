"""Many ask at once. A race whose guards are off must end in a clash, or its green proves nothing."""
