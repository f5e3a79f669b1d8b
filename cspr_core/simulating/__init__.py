"""A caseload as it might be: simulated cases of partnerships, from stated shares and a seed."""
