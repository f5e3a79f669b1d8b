"""Staffordshire's arrangements for child safeguarding practice reviews.

Everything that the leaflet says stands in `arrangements.yaml`; this file holds no rules.
"""
