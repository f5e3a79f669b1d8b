"""How fast it is: ratios, each measured side by side in one run. `python -m benchmarks`.

No part of the product, and no test: what a figure means and has to be, `docs/performance.md` says.
"""
