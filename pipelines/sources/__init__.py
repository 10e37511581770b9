"""Official datasets, one pair each: `<dataset>.yml` says what it is, `<dataset>.py` normalizes one release of it."""
