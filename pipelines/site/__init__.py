"""The published page: one file that needs nothing else, and the data people take away."""
