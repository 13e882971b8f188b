"""How fast this is beside what else could be used: ratios measured in one run. ``python -m benchmarks``."""
