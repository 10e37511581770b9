"""Numeric claims in sentences, checked against the official series as known on the day and as known now."""
