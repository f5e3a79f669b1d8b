"""Timeliness and compliance over a caseload: counted, protected, and told in words and charts."""
