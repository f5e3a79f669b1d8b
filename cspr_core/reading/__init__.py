"""Strict reading: from a file on disk to a typed value, or to problems a person can act on.

Nothing here decides anything about a case; it only makes sure that what is read means what its
writer meant.
"""
