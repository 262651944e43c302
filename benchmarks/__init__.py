"""How fast the engine is, as ratios against what everybody has at hand. `python -m benchmarks --help`."""
