"""South Gloucestershire's arrangements for child safeguarding practice reviews.

Everything that the factsheet says stands in `arrangements.yaml`; this file holds no rules.
"""
