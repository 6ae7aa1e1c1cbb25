"""Measures, as ratios within one run: `make bench`. Absolute times depend on the machine, ratios hold."""
