"""Stretches of the desk's life, played faster than they pass. `scripts/simulate NAME` runs the module of that name."""
