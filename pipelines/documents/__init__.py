"""Document feeds, one pair each: what the feed is (YAML) and how its files become documents (Python)."""
