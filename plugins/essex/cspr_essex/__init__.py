"""Essex's arrangements for child safeguarding practice reviews.

Everything that the document says stands in `arrangements.yaml`; this file holds no rules.
"""
