"""`cspr plugin check`: what a careful reader would say of a partnership's arrangements.

One module a rule, each with `CODE`, `TITLE`, `SEVERITY` and `check`; `framework` finds and runs
them. Nothing here decides whether a file can be read: that is validation, and comes before.
"""
