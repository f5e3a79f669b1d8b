"""How arrangements differ: areas side by side (`compare`), two versions of one plugin (`diff`).

Arrangements are read as YAML alone; nothing of a plugin's Python is run. Whether a difference is
for the better is nobody's to say here: stricter and looser are `cspr_core.strictness`'s words.
"""
