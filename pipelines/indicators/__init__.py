"""Indicators only Python can make, one pair each: what the table is (YAML) and how it is made (Python)."""
