"""The arrangements of one partnership for child safeguarding practice reviews, for `cspr`.

Everything that its document says stands in `arrangements.yaml`; this file holds no rules. Python
is only needed for what YAML can't say (docs/hooks.md of cspr).
"""
