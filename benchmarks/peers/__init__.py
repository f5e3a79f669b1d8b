"""Other engines, given the same requirements: what the table engine is held against.

`requirements` says which requirements each of them can be given, and how one is answered from
columns; `columns` makes these columns out of a caseload's facts, and the table of answers out of
what an engine says. `zen`, `clips`, `openfisca` and `reference` are the engines.
"""
